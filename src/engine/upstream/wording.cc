#include "engine/upstream/wording.h"

namespace troupe::upstream {
namespace {

const std::string& source_of(const Reference& reference) {
  return reference.clip ? reference.clip->uri : reference.source.uri;
}

}  // namespace

std::vector<std::string> shot_texts(const Order& order, TagSpelling spelling) {
  std::vector<std::string> texts;
  for (const BoundShot& shot : order.prompt.shots)
    texts.push_back(print(shot, order.spec.references, spelling));
  return texts;
}

std::string prompt_text(const Order& order, TagSpelling spelling) {
  const std::vector<std::string> texts = shot_texts(order, spelling);
  if (texts.size() == 1) return texts.front();
  std::string all;
  for (size_t i = 0; i < texts.size(); ++i) {
    all += (i > 0 ? "\n\nShot " : "Shot ") + std::to_string(i + 1);
    if (i < order.shot_durations.size()) all += " (" + print_seconds(order.shot_durations[i]) + "s)";
    all += ": " + texts[i];
  }
  return all;
}

std::string whole_seconds(MediaTime time) { return std::to_string((time.milliseconds + 500) / 1000); }

std::vector<std::string> sources_of(const Order& order, ReferenceKind kind) {
  std::vector<std::string> sources;
  for (const Reference& reference : order.spec.references)
    if (reference.kind == kind) sources.push_back(source_of(reference));
  return sources;
}

std::vector<std::string> all_sources(const Order& order) {
  std::vector<std::string> sources;
  for (const Reference& reference : order.spec.references) sources.push_back(source_of(reference));
  return sources;
}

std::vector<std::string> usual_unsaid(const Order& order) {
  std::vector<std::string> unsaid;
  for (const Reference& reference : order.spec.references)
    if (reference.box) unsaid.push_back("Where the subject is in its picture is not told to the provider.");
  if (order.spec.fps) unsaid.push_back("The frame rate is the provider's own.");
  return unsaid;
}

}  // namespace troupe::upstream
