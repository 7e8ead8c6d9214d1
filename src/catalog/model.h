// A model as the catalog knows it: what it takes, what it makes, what it costs. Values only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/frame_size.h"
#include "core/generation_spec.h"
#include "core/media_time.h"
#include "core/money.h"

namespace troupe::catalog {

/// Which kind of engine makes the frames when the model's own route is taken.
enum class EngineKind { stage, wan, upstream };
std::string_view name(EngineKind kind);

/// Kinds of visual input that a model may refuse to take together.
enum class InputGroup {
  frames,      ///< first frame, last frame
  references,  ///< elements, scenes, flat images
  extend,      ///< a clip to go on from
};
std::string_view name(InputGroup group);

enum class LastFrame {
  none,
  with_first,  ///< only beside a first frame
  alone,       ///< also without one
};
std::string_view name(LastFrame rule);

/// How many visual inputs a request may carry. An element counts once, whatever the number of its angles.
struct InputLimits {
  int visuals_max = 0;            ///< first + last frame + all references
  int visuals_with_clip_max = 0;  ///< the same when an element is a clip
  int elements_max = 0;
  int elements_with_frame_max = 0;  ///< when a first or last frame is given
  int angles_max = 0;               ///< further pictures of one element
  int clips_max = 0;                ///< elements given as a clip
  int scenes_max = 0;
  int images_max = 0;             ///< flat images
  int scenes_and_images_max = 0;  ///< both together
  LastFrame last_frame = LastFrame::none;
  std::vector<std::vector<InputGroup>> exclusive;  ///< of each list, one group at most
  bool operator==(const InputLimits&) const = default;
};

/// Rules for one picture; a bound that is not set does not exist.
struct ImageRules {
  std::vector<std::string> formats;  ///< "jpeg", "png" …; empty = whatever can be decoded
  int side_min = 0;                  ///< pixels of the smaller side
  std::optional<int> side_max;       ///< pixels of the larger side
  std::optional<int64_t> bytes_max;
  std::optional<AspectRatio> aspect_min, aspect_max;  ///< width : height
  bool operator==(const ImageRules&) const = default;
};

/// Lengths in UTF-8 code points; of a shot list the sum over its prompts.
struct PromptRules {
  int characters_min = 1;
  int characters_max = 0;
  int negative_characters_max = 0;  ///< 0 = takes no negative prompt
  bool operator==(const PromptRules&) const = default;
};

/// Either `choices`, or the range min … max in whole steps from min.
struct DurationRules {
  std::vector<MediaTime> choices;  ///< ascending; empty = the range
  MediaTime min, max, step;
  MediaTime fallback;  ///< when the request names none
  bool operator==(const DurationRules&) const = default;
};

/// Shots of one take; max = 1 means that the model makes no multi-shot video.
struct ShotRules {
  int max = 1;
  MediaTime min, max_each, step;       ///< of one shot; unused when max = 1
  std::optional<MediaTime> max_alone;  ///< of the only shot of a take; none = the longest duration
  bool operator==(const ShotRules&) const = default;
};

/// Either `choices`, or anything between min and max.
struct AspectRules {
  std::vector<AspectRatio> choices;
  std::optional<AspectRatio> min, max;  ///< set exactly when choices is empty
  AspectRatio fallback;
  bool operator==(const AspectRules&) const = default;
};

/// The exact size that a tier means in one shape, where it is not frame_size(tier, ratio).
struct TierSize {
  int tier = 0;
  AspectRatio ratio;
  FrameSize size;
  bool operator==(const TierSize&) const = default;
};

struct ResolutionRules {
  std::vector<int> tiers;       ///< ascending
  int fallback = 0;             ///< one of tiers
  bool selectable = true;       ///< false: the model takes no resolution and always makes `fallback`
  std::vector<TierSize> sizes;  ///< exceptions to frame_size()
  std::optional<int> side_min, side_max;  ///< set = any even size between them, beside the tiers
  bool operator==(const ResolutionRules&) const = default;
};

/// A fixed rate (min == max == fallback) or a range.
struct FpsRules {
  FrameRate min, max, fallback;
  bool operator==(const FpsRules&) const = default;
};

enum class AudioSupport { none, optional, always };
std::string_view name(AudioSupport support);

struct AudioRules {
  AudioSupport support = AudioSupport::none;
  bool fallback = false;
  bool operator==(const AudioRules&) const = default;
};

/// Price of a second of video. The first rate that fits the take counts.
struct Rate {
  std::optional<int> tier;    ///< none = every resolution
  std::optional<bool> audio;  ///< none = with and without
  int64_t micros_per_second = 0;
  bool operator==(const Rate&) const = default;
};

/// A fixed amount for each take.
struct Fee {
  std::string name;
  int64_t micros = 0;
  bool kept_on_rejection = false;  ///< stays charged when the provider rejects the take
  std::string note;                ///< what the amount rests on
  bool operator==(const Fee&) const = default;
};

struct PriceRule {
  Currency currency = Currency::usd;
  bool published = true;    ///< false: the vendor's price is not known, `rates` is empty
  std::vector<Rate> rates;  ///< cover every tier with every allowed audio setting
  std::vector<Fee> fees;
  std::string note;
  bool operator==(const PriceRule&) const = default;
};

struct Model {
  std::string id;
  std::string name;  ///< for people
  std::string vendor;
  std::string family;
  std::string summary;  ///< one sentence
  EngineKind engine = EngineKind::upstream;
  std::map<std::string, std::vector<std::string>>
      aliases;  ///< dialect → names there, the first to be written
  std::vector<Mode> modes;
  InputLimits inputs;
  ImageRules images;
  PromptRules prompt;
  DurationRules duration;
  ShotRules shots;
  bool shot_type = false;  ///< whether single / multi may be asked for in so many words
  AspectRules aspect_ratio;
  ResolutionRules resolution;
  FpsRules fps;
  AudioRules audio;
  int count_max = 1;                 ///< takes of one request
  std::optional<uint64_t> seed_max;  ///< none = takes no seed
  PriceRule price;
  std::vector<std::string> notes;  ///< what the figures above do not say, or rest on
  bool operator==(const Model&) const = default;

  bool has(Mode mode) const;
};

/// The model as JSON, indented; Catalog::parse reads it back to an equal value.
std::string model_json(const Model& model);

/// The model in lines for a terminal: what it takes, makes and costs.
std::string describe(const Model& model);

}  // namespace troupe::catalog
