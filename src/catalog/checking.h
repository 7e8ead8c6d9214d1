// The parts of check(): each looks at one side of a request, adds what it finds wrong, and leaves behind what
// the request comes to, which resolve() then uses. Internal to catalog/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/phrases.h"

namespace troupe::catalog {

struct Times {
  MediaTime total;
  std::vector<MediaTime> shots;  ///< their sum is `total`
};

struct PictureChoice {
  AspectRatio ratio;
  int tier = 0;
  FrameSize size;
};

/// A request under examination.
struct Checking {
  const GenerationSpec& spec;
  const Model& model;
  const Catalog& catalog;

  std::vector<Violation> violations;
  BoundPrompt prompt;          ///< as far as it binds
  std::vector<Shot> shots;     ///< of the spec, or of its prompt
  std::optional<Times> times;  ///< none after a violation of theirs
  PictureChoice picture;       ///< complete only without violations
  FrameRate fps;

  void add(std::string field, std::string code, std::string rule, std::string fix) {
    violations.push_back({std::move(field), std::move(code), std::move(rule), std::move(fix)});
  }
  /// "Turn audio off, or use a model that makes sound: stage or veo-3.1.": a fix that also names the models
  /// for which `can` holds, as far as there are any; `does` says what they do.
  template <class Can>
  std::string or_use(std::string fix, const std::string& does, Can can) const {
    auto ids = ids_of(catalog, model, can);
    constexpr size_t kIdsMax = 4;
    if (ids.size() > kIdsMax) ids.resize(kIdsMax);
    if (ids.empty()) return fix + ".";
    return fix + ", or use a model that " + does + ": " + any_of_words(ids) + ".";
  }
};

/// Prompt, shots' prompts, negative prompt: presence, length, encoding, tags. Fills `shots` and `prompt`.
void check_prompt(Checking& checking);
/// Which visual inputs are there, how many, and which together.
void check_inputs(Checking& checking);
/// Each reference by itself: its source, angles, clip and box.
void check_references(Checking& checking);
/// Duration and shots. Fills `times`. REQUIRES check_prompt() before.
void check_times(Checking& checking);
/// Aspect ratio and resolution. Fills `picture`.
void check_picture_size(Checking& checking);
/// Frame rate, audio, seed, number of takes. Fills `fps`. REQUIRES check_times() before.
void check_settings(Checking& checking);

/// The models that may stand in: each is one that the request suits too. REQUIRES every other check before.
void check_fallbacks(Checking& checking);

/// Frames of each shot: cut points are rounded from the start of the video, so errors do not add up.
std::vector<int64_t> shot_frames(const std::vector<MediaTime>& durations, FrameRate fps);

}  // namespace troupe::catalog
