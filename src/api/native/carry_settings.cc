#include <algorithm>
#include <cmath>
#include <numeric>

#include "api/native/carrying.h"

namespace troupe::api::native {
namespace {

using catalog::Violation;

double width_over_height(AspectRatio ratio) { return static_cast<double>(ratio.width) / ratio.height; }

/// The allowed shape that is nearest by the logarithm of width : height.
AspectRatio nearest(const catalog::AspectRules& rules, AspectRatio asked) {
  const double wanted = width_over_height(asked);
  if (rules.choices.empty()) return wanted < width_over_height(*rules.min) ? *rules.min : *rules.max;
  const auto distance = [&](AspectRatio ratio) {
    return std::abs(std::log(width_over_height(ratio) / wanted));
  };
  return *std::min_element(rules.choices.begin(), rules.choices.end(),
                           [&](AspectRatio a, AspectRatio b) { return distance(a) < distance(b); });
}

bool mend_aspect_ratio(Carrying& carrying, const Violation& why) {
  auto& ratio = carrying.spec.aspect_ratio;
  if (!ratio) return false;
  const bool sane = ratio->width > 0 && ratio->height > 0;
  const AspectRatio next = sane ? nearest(carrying.model.aspect_ratio, *ratio) : AspectRatio{};
  if (!sane)
    ratio.reset();
  else if (next == *ratio)
    return false;
  else
    ratio = next;
  carrying.changed.push_back("The picture is " + print(next) + ": " + reason(why));
  return true;
}

/// The allowed tier nearest to a shorter side of `side` pixels; of two as near the larger.
int nearest_tier(const catalog::ResolutionRules& rules, int64_t side) {
  int best = rules.fallback;
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const int tier : rules.tiers) {
    const int64_t distance = std::abs(tier - side);
    if (distance <= least) {
      best = tier;
      least = distance;
    }
  }
  return best;
}

/// Keeps an exact size's shape, as near as the model comes to it, where the request names no other.
void keep_shape(Carrying& carrying, FrameSize size) {
  if (carrying.spec.aspect_ratio || size.width < 1 || size.height < 1) return;
  const int divisor = std::gcd(size.width, size.height);
  carrying.spec.aspect_ratio =
      nearest(carrying.model.aspect_ratio, {size.width / divisor, size.height / divisor});
}

bool mend_resolution(Carrying& carrying, const Violation& why) {
  const catalog::ResolutionRules& rules = carrying.model.resolution;
  auto& resolution = carrying.spec.resolution;
  if (!resolution) return false;
  const bool exact = resolution->tier == 0;
  const int64_t side = exact ? std::min(resolution->exact.width, resolution->exact.height) : resolution->tier;
  const int tier = rules.selectable ? nearest_tier(rules, side) : rules.fallback;
  if (!exact && resolution->tier == tier) return false;
  if (exact) keep_shape(carrying, resolution->exact);
  carrying.changed.push_back("The picture is " + std::to_string(tier) + "p: " + reason(why));
  resolution = Resolution{tier, {}};
  return true;
}

/// The next lower resolution, for a shape that is too long in this one.
bool lower_resolution(Carrying& carrying, const Violation& why) {
  const catalog::ResolutionRules& rules = carrying.model.resolution;
  const int tier = carrying.spec.resolution ? carrying.spec.resolution->tier : rules.fallback;
  const auto above = std::lower_bound(rules.tiers.begin(), rules.tiers.end(), tier);
  if (!rules.selectable || above == rules.tiers.begin()) return false;
  const int lower = *std::prev(above);
  carrying.spec.resolution = Resolution{lower, {}};
  carrying.changed.push_back("The picture is " + std::to_string(lower) + "p: " + reason(why));
  return true;
}

/// A size and a shape that do not go together: the shape stays.
bool drop_exact_size(Carrying& carrying, const Violation& why) {
  if (!carrying.spec.aspect_ratio || !carrying.spec.resolution) return false;
  const FrameSize size = carrying.spec.resolution->exact;
  const int tier = carrying.model.resolution.selectable
                       ? nearest_tier(carrying.model.resolution, std::min(size.width, size.height))
                       : carrying.model.resolution.fallback;
  carrying.spec.resolution = Resolution{tier, {}};
  carrying.changed.push_back("The picture is " + print(*carrying.spec.aspect_ratio) + " in " +
                             std::to_string(tier) + "p: " + reason(why));
  return true;
}

bool mend_fps(Carrying& carrying, const Violation& why) {
  const catalog::FpsRules& rules = carrying.model.fps;
  auto& fps = carrying.spec.fps;
  if (!fps) return false;
  const bool slow = fps->numerator > 0 && fps->denominator > 0 && fps->per_second() < rules.min.per_second();
  const FrameRate next = rules.min == rules.max ? rules.fallback : slow ? rules.min : rules.max;
  if (*fps == next || why.code == "too_short_shot") {
    fps.reset();
  } else {
    fps = next;
  }
  carrying.changed.push_back("It has " + print_frame_rate(fps.value_or(rules.fallback)) +
                             " frames a second: " + reason(why));
  return true;
}

bool mend_audio(Carrying& carrying, const Violation& why) {
  auto& audio = carrying.spec.audio;
  if (!audio) return false;
  const bool silent = why.code == "audio_not_supported";
  audio.reset();
  if (silent)
    carrying.dropped.push_back("The sound is left out: " + reason(why));
  else
    carrying.changed.push_back("The video has sound: " + reason(why));
  return true;
}

bool mend_seed(Carrying& carrying, const Violation& why) {
  auto& seed = carrying.spec.seed;
  if (!seed) return false;
  const auto& max = carrying.model.seed_max;
  if (!max) {
    carrying.dropped.push_back("The seed " + std::to_string(*seed) + " is left out: " + reason(why));
    seed.reset();
    return true;
  }
  // Only a seed above the largest gets here, so the sum cannot pass the largest number.
  const uint64_t next = *seed % (*max + 1);
  carrying.changed.push_back("The seed is " + std::to_string(next) + " instead of " + std::to_string(*seed) +
                             ": " + reason(why));
  seed = next;
  return true;
}

bool mend_count(Carrying& carrying, const Violation& why) {
  const int next = std::clamp(carrying.spec.count, 1, carrying.model.count_max);
  if (next == carrying.spec.count) return false;
  carrying.spec.count = next;
  carrying.changed.push_back("The number of takes is " + std::to_string(next) + ": " + reason(why));
  return true;
}

bool drop_shot_type(Carrying& carrying, const Violation& why) {
  if (!carrying.spec.shot_type) return false;
  carrying.spec.shot_type.reset();
  carrying.dropped.push_back("The shot type is left out: " + reason(why));
  return true;
}

bool drop_negative_prompt(Carrying& carrying, const Violation& why) {
  if (carrying.spec.negative_prompt.empty()) return false;
  carrying.spec.negative_prompt.clear();
  carrying.dropped.push_back("The negative prompt is left out: " + reason(why));
  return true;
}

}  // namespace

bool mend_settings(Carrying& carrying, const Violation& violation) {
  const std::string& code = violation.code;
  if (code == "aspect_ratio_not_allowed") return mend_aspect_ratio(carrying, violation);
  if (code == "resolution_not_allowed") return mend_resolution(carrying, violation);
  if (code == "resolution_contradicts_aspect_ratio") return drop_exact_size(carrying, violation);
  if (code == "too_large_picture") return lower_resolution(carrying, violation);
  if (code == "fps_not_allowed" || code == "too_short_shot") return mend_fps(carrying, violation);
  if (violation.field == "/audio") return mend_audio(carrying, violation);
  if (violation.field == "/seed") return mend_seed(carrying, violation);
  if (violation.field == "/count") return mend_count(carrying, violation);
  if (violation.field == "/shot_type") return drop_shot_type(carrying, violation);
  if (violation.field == "/negative_prompt") return drop_negative_prompt(carrying, violation);
  return false;
}

}  // namespace troupe::api::native
