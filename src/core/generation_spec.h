// The whole request as values. What users say, before any model's limits or defaults are applied.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/frame_size.h"
#include "core/media_time.h"

namespace troupe {

/// Where a picture or clip comes from: a file's path, "data:…", "https://…" or, on a server, "upload:ID".
/// Nothing is read when a spec is made or checked.
struct MediaSource {
  std::string uri;
  bool operator==(const MediaSource&) const = default;
};

/// A rectangle in fractions of the picture, origin top left: 0 <= left < left + width <= 1, likewise in y.
struct BoxHint {
  float left = 0, top = 0, width = 1, height = 1;
  bool operator==(const BoxHint&) const = default;
};

enum class ReferenceKind {
  element,  ///< a named subject
  scene,    ///< a place, light or style
  image,    ///< flat: no role said; the engine infers one from the prompt and the picture
};
std::string_view name(ReferenceKind kind);  ///< "element", "scene", "image"

/// Anything visual that guides the output.
struct Reference {
  ReferenceKind kind = ReferenceKind::image;
  std::string name;                 ///< without '@'; "" = unnamed, see default_name() in core/tag.h
  MediaSource source;               ///< frontal picture of an element; the picture otherwise
  std::vector<MediaSource> angles;  ///< further pictures of an element: at most kAnglesMax
  std::optional<MediaSource> clip;  ///< a video of an element, instead of angles; source may then be empty
  std::optional<BoxHint> box;       ///< where the subject is in `source`, if the user said so
  bool operator==(const Reference&) const = default;
};
inline constexpr int kAnglesMax = 3;

/// One prompt with a duration. In a request without shots the whole prompt is one.
struct Shot {
  std::string prompt;
  std::optional<MediaTime> duration;  ///< none = an equal share of what the request leaves
  bool operator==(const Shot&) const = default;
};

enum class ShotType { single, multi };
std::string_view name(ShotType type);  ///< "single", "multi"

/// Bounds that hold for every model, so that no request is unbounded.
inline constexpr size_t kPromptBytesMax = 64 * 1024;
inline constexpr int kReferencesMax = 64;
inline constexpr int kShotsMax = 64;
inline constexpr int kCountMax = 16;
inline constexpr size_t kModelBytesMax = 128;
inline constexpr int kFallbackModelsMax = 8;

struct GenerationSpec {
  std::string model = "stage";
  /// Other models that may make it instead, in this order, while no provider takes it for the one before.
  std::vector<std::string> fallback_models;
  std::string prompt;       ///< UTF-8; empty when shots are given
  std::vector<Shot> shots;  ///< empty when prompt is given
  std::string negative_prompt;
  std::vector<Reference> references;
  std::optional<MediaSource> first_frame, last_frame;
  std::optional<MediaSource> extend;  ///< clip to go on from its last frame
  std::optional<MediaTime> duration;  ///< of the new part when extending
  std::optional<AspectRatio> aspect_ratio;
  std::optional<Resolution> resolution;
  std::optional<FrameRate> fps;
  std::optional<bool> audio;
  std::optional<uint64_t> seed;
  int count = 1;  ///< takes wanted, 1 … kCountMax
  std::optional<ShotType> shot_type;
  bool operator==(const GenerationSpec&) const = default;
};

/// Which of a model's modes the attached inputs ask for: nobody has to name it.
enum class Mode {
  text,         ///< no visual input
  first_frame,  ///< first and maybe last frame, no reference
  references,   ///< at least one reference (frames may be there too)
  extend,       ///< a clip to extend
};
Mode mode_of(const GenerationSpec& spec);
std::string_view name(Mode mode);  ///< "text", "first_frame", "references", "extend"

}  // namespace troupe
