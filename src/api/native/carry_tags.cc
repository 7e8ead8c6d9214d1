#include "api/native/carry_tags.h"

#include "core/tag.h"

namespace troupe::api::native {
namespace {

/// What a prompt says in place of a tag whose reference is gone. Not its number: that might be read as a tag.
std::string plain_words(const Reference& reference) {
  if (!reference.name.empty()) return reference.name;
  switch (reference.kind) {
    case ReferenceKind::element:
      return "the subject";
    case ReferenceKind::scene:
      return "the place";
    case ReferenceKind::image:
      return "the picture";
  }
  return "it";
}

/// The references that a prompt mentions, in order.
std::vector<int> mentions(const std::vector<BoundShot>& shots) {
  std::vector<int> found;
  for (const BoundShot& shot : shots)
    for (const PromptPart& part : shot.parts)
      if (part.reference) found.push_back(*part.reference);
  return found;
}

/// The shots with every mention pointing into the new list, those of dropped references turned into words.
std::vector<BoundShot> moved(std::vector<BoundShot> shots, const std::vector<Reference>& was,
                             const std::vector<std::optional<int>>& place) {
  for (BoundShot& shot : shots)
    for (PromptPart& part : shot.parts) {
      if (!part.reference) continue;
      const auto index = static_cast<size_t>(*part.reference);
      if (!place[index]) part.text = plain_words(was[index]);
      part.reference = place[index];
    }
  return shots;
}

std::string joined(const BoundShot& shot) {
  std::string text;
  for (const PromptPart& part : shot.parts) text += part.text;
  return text;
}

/// Writes texts where the prompts stood. A prompt that its shot lines divide becomes a list of shots.
template <class Text>
void write(GenerationSpec& spec, const std::vector<BoundShot>& shots, const Text& text) {
  if (spec.shots.empty() && shots.size() == 1 && !shots.front().duration) {
    spec.prompt = text(shots.front());
    return;
  }
  std::vector<Shot> written;
  for (const BoundShot& shot : shots) written.push_back({text(shot), shot.duration});
  spec.shots = std::move(written);
  spec.prompt.clear();
}

bool binds_to(const GenerationSpec& spec, const std::vector<int>& wanted) {
  const BindResult bound = bind(spec);
  return bound.errors.empty() && mentions(bound.prompt.shots) == wanted;
}

}  // namespace

void replace_references(Carrying& carrying, const std::vector<std::optional<Reference>>& next) {
  GenerationSpec& spec = carrying.spec;
  const BindResult before = bind(spec);
  const std::vector<Reference> was = std::move(spec.references);
  std::vector<std::optional<int>> place(next.size());
  spec.references.clear();
  for (size_t i = 0; i < next.size(); ++i) {
    if (!next[i]) continue;
    place[i] = static_cast<int>(spec.references.size());
    spec.references.push_back(*next[i]);
  }
  // Tags that bind to nothing, or no tags at all: no meaning to keep.
  if (!before.errors.empty() || mentions(before.prompt.shots).empty()) return;
  const auto shots = moved(before.prompt.shots, was, place);
  const std::vector<int> wanted = mentions(shots);
  if (binds_to(spec, wanted)) return;
  write(spec, shots, joined);
  if (binds_to(spec, wanted)) return;
  write(spec, shots,
        [&](const BoundShot& shot) { return print(shot, spec.references, TagSpelling::canonical); });
}

}  // namespace troupe::api::native
