#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "catalog/checking.h"
#include "catalog/compare.h"

namespace troupe::catalog {
namespace {

std::string print(FrameSize size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

bool has_tier(const ResolutionRules& rules, int tier) {
  if (!rules.selectable) return tier == rules.fallback;
  return std::find(rules.tiers.begin(), rules.tiers.end(), tier) != rules.tiers.end();
}

AspectRatio ratio_of(FrameSize size) {
  const int divisor = std::gcd(size.width, size.height);
  return {size.width / divisor, size.height / divisor};
}

/// Whether a size has a shape up to the rounding of its sides: within a fiftieth.
bool has_shape(FrameSize size, AspectRatio ratio) {
  const int64_t a = static_cast<int64_t>(size.width) * ratio.height;
  const int64_t b = static_cast<int64_t>(size.height) * ratio.width;
  return std::abs(a - b) * 50 <= std::max(a, b);
}

/// An exact size that is what the model makes of one of its tiers, in the shape asked for or in any.
std::optional<PictureChoice> as_tier(const Model& model, FrameSize size, std::optional<AspectRatio> asked) {
  const ResolutionRules& rules = model.resolution;
  const auto ratios = asked ? std::vector{*asked} : model.aspect_ratio.choices;
  for (const int tier : rules.tiers)
    for (const AspectRatio ratio : ratios)
      if (has_tier(rules, tier) && size_of(rules, tier, ratio) == size)
        return PictureChoice{ratio, tier, size};
  return std::nullopt;
}

/// An exact size that is no tier's, for a model that makes any: billed as the smallest tier that is not under
/// it.
std::optional<PictureChoice> as_free_size(const Model& model, FrameSize size) {
  const ResolutionRules& rules = model.resolution;
  if (!rules.side_min || size.width % 2 != 0 || size.height % 2 != 0) return std::nullopt;
  const auto [shorter, longer] = std::minmax(size.width, size.height);
  if (shorter < *rules.side_min || longer > *rules.side_max) return std::nullopt;
  const AspectRatio ratio = ratio_of(size);
  if (!allowed(model.aspect_ratio, ratio)) return std::nullopt;
  int tier = rules.tiers.back();
  for (auto it = rules.tiers.rbegin(); it != rules.tiers.rend(); ++it)
    if (*it >= shorter) tier = *it;
  return PictureChoice{ratio, tier, size};
}

void refuse_resolution(Checking& checking, const std::string& asked) {
  const ResolutionRules& rules = checking.model.resolution;
  const int fallback = rules.fallback;
  checking.add("/resolution", "resolution_not_allowed",
               checking.model.name + " makes " + in_words(rules) + "; the request asks for " + asked + ".",
               rules.selectable ? "Use one of these."
                                : "Leave the resolution out, or ask for " + std::to_string(fallback) + "p.");
}

void choose_exact(Checking& checking, FrameSize size, std::optional<AspectRatio> asked) {
  const bool sane = std::min(size.width, size.height) > 0 && std::max(size.width, size.height) <= kSideMax;
  if (!sane) return refuse_resolution(checking, print(size));
  auto found = as_tier(checking.model, size, asked);
  if (!found) found = as_free_size(checking.model, size);
  if (!found && as_tier(checking.model, size, std::nullopt)) found = PictureChoice{{}, 0, size};
  if (!found) return refuse_resolution(checking, print(size));
  if (!asked || has_shape(size, *asked)) {
    checking.picture = *found;
    return;
  }
  checking.add("/resolution", "resolution_contradicts_aspect_ratio",
               print(size) + " is not " + troupe::print(*asked) + ".",
               "Leave out the one that is not meant.");
}

void choose_tier(Checking& checking, int tier) {
  const ResolutionRules& rules = checking.model.resolution;
  if (!has_tier(rules, tier)) return refuse_resolution(checking, std::to_string(tier) + "p");
  PictureChoice& picture = checking.picture;
  picture.tier = tier;
  picture.size = size_of(rules, tier, picture.ratio);
  const int longer = std::max(picture.size.width, picture.size.height);
  const int max = rules.side_max.value_or(kSideMax);
  if (longer <= max) return;
  checking.add("/resolution", "too_large_picture",
               std::to_string(tier) + "p in " + troupe::print(picture.ratio) + " is " + print(picture.size) +
                   "; " + checking.model.name + " makes sides of at most " + std::to_string(max) + ".",
               "Use a lower resolution or a shape closer to a square.");
}

void check_fps(Checking& checking) {
  const FpsRules& rules = checking.model.fps;
  checking.fps = checking.spec.fps.value_or(rules.fallback);
  if (!allowed(rules, checking.fps)) {
    const bool sane = checking.fps.numerator > 0 && checking.fps.denominator > 0;
    checking.add("/fps", "fps_not_allowed",
                 checking.model.name + " makes " + in_words(rules) +
                     " frames a second; the request asks for " +
                     (sane ? print_frame_rate(checking.fps) : "none") + ".",
                 rules.min == rules.max ? "Leave the frame rate out." : "Use one in that range.");
    return;
  }
  if (!checking.times) return;
  const auto frames = shot_frames(checking.times->shots, checking.fps);
  const auto empty = std::find_if(frames.begin(), frames.end(), [](int64_t count) { return count < 1; });
  if (empty != frames.end())
    checking.add("/fps", "too_short_shot",
                 "Shot " + std::to_string(empty - frames.begin() + 1) +
                     " is over before its first frame at " + print_frame_rate(checking.fps) +
                     " frames a second.",
                 "Give it more time, or raise the frame rate.");
}

void check_audio(Checking& checking) {
  if (!checking.spec.audio) return;
  const AudioSupport support = checking.model.audio.support;
  if (support == AudioSupport::none && *checking.spec.audio)
    checking.add("/audio", "audio_not_supported", checking.model.name + " makes no sound.",
                 checking.or_use("Turn audio off", "makes sound", [](const Model& other) {
                   return other.audio.support != AudioSupport::none;
                 }));
  if (support == AudioSupport::always && !*checking.spec.audio)
    checking.add("/audio", "audio_always_on", checking.model.name + " always makes sound.",
                 checking.or_use("Leave audio out", "can be silent", [](const Model& other) {
                   return other.audio.support != AudioSupport::always;
                 }));
}

void check_seed(Checking& checking) {
  const auto& seed = checking.spec.seed;
  const auto& max = checking.model.seed_max;
  if (!seed) return;
  if (!max)
    checking.add("/seed", "seed_not_supported", checking.model.name + " takes no seed.",
                 checking.or_use("Leave the seed out", "takes one",
                                 [](const Model& other) { return other.seed_max; }));
  else if (*seed > *max)
    checking.add("/seed", "too_large_seed",
                 checking.model.name + " takes seeds of 0 to " + std::to_string(*max) + ".",
                 "Use a smaller one.");
}

void check_shot_type(Checking& checking) {
  const auto& type = checking.spec.shot_type;
  if (type == ShotType::single && checking.shots.size() > 1)
    checking.add(
        "/shot_type", "shot_type_contradicts_shots",
        "The request asks for a single shot and describes " + std::to_string(checking.shots.size()) + ".",
        "Leave the shot type out.");
  if (type == ShotType::multi && !checking.model.shot_type && checking.shots.size() < 2)
    checking.add("/shot_type", "shot_type_not_supported",
                 checking.model.name + " does not divide a prompt into shots by itself.",
                 checking.or_use(checking.model.shots.max > 1 ? "Write the shots" : "Leave the shot type out",
                                 "does", [](const Model& other) { return other.shot_type; }));
}

}  // namespace

void check_picture_size(Checking& checking) {
  const AspectRules& aspect = checking.model.aspect_ratio;
  std::optional<AspectRatio> asked = checking.spec.aspect_ratio;
  if (asked && !allowed(aspect, *asked)) {
    checking.add("/aspect_ratio", "aspect_ratio_not_allowed",
                 checking.model.name + " makes " + in_words(aspect) + "; the request asks for " +
                     troupe::print(*asked) + ".",
                 checking.or_use("Use one of these", "makes " + troupe::print(*asked),
                                 [&](const Model& other) { return allowed(other.aspect_ratio, *asked); }));
    asked.reset();
  }
  checking.picture.ratio = asked.value_or(aspect.fallback);
  const auto& resolution = checking.spec.resolution;
  if (resolution && resolution->tier == 0)
    choose_exact(checking, resolution->exact, asked);
  else
    choose_tier(checking, resolution ? resolution->tier : checking.model.resolution.fallback);
}

void check_settings(Checking& checking) {
  check_fps(checking);
  check_audio(checking);
  check_seed(checking);
  check_shot_type(checking);
  const int count = checking.spec.count;
  if (count < 1 || count > checking.model.count_max)
    checking.add("/count", count < 1 ? "too_few_takes" : "too_many_takes",
                 "A request of " + checking.model.name + " makes 1 to " +
                     counted(checking.model.count_max, "take") + "; this one asks for " +
                     std::to_string(count) + ".",
                 "Ask for " + std::to_string(count < 1 ? 1 : checking.model.count_max) + ".");
}

}  // namespace troupe::catalog
