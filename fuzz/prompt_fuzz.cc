// Prompts of any bytes: the plan must be valid, and made in time. Bytes 1 … 8 mention a reference, 0 ends a
// shot.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/stage/prompt/planner.h"

namespace {

constexpr int kReferences = 8;
constexpr int64_t kFrames = 60;

troupe::engine::RenderRequest request_of(const uint8_t* data, size_t size) {
  troupe::engine::RenderRequest request;
  for (int i = 0; i < kReferences; ++i) {
    troupe::Reference reference;
    reference.kind = static_cast<troupe::ReferenceKind>(i % 3);
    request.spec.references.push_back(reference);
  }
  request.prompt.shots.emplace_back();
  for (size_t i = 0; i < size; ++i) {
    auto& parts = request.prompt.shots.back().parts;
    if (data[i] == 0 && request.prompt.shots.size() < 8) {
      request.prompt.shots.emplace_back();
    } else if (data[i] >= 1 && data[i] <= kReferences) {
      parts.push_back({"@x", data[i] - 1, 0});
    } else {
      if (parts.empty() || parts.back().reference) parts.emplace_back();
      parts.back().text += static_cast<char>(data[i]);
    }
  }
  request.shot_frames.assign(request.prompt.shots.size(), kFrames);
  if (size > 0 && data[0] % 2 == 1) request.spec.shot_type = troupe::ShotType::multi;
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto kVocabulary = troupe::stage::prompt::load_vocabulary().value();
  const auto request = request_of(data, size);
  const auto plan = troupe::stage::prompt::make_plan(kVocabulary, request, {});
  int64_t frames = 0;
  for (const auto& shot : plan.shots) {
    frames += shot.frames;
    for (const auto& subject : shot.subjects) {
      if (subject.beats.empty() || subject.beats.back().end != 1) std::abort();
    }
  }
  if (frames != kFrames * static_cast<int64_t>(request.prompt.shots.size())) std::abort();
  if (troupe::stage::plan_json(plan).empty()) std::abort();
  return 0;
}
