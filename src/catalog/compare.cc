#include "catalog/compare.h"

#include <algorithm>

namespace troupe::catalog {
namespace {

int64_t product(int a, int b) { return static_cast<int64_t>(a) * b; }

}  // namespace

bool wider(AspectRatio a, AspectRatio b) { return product(a.width, b.height) > product(b.width, a.height); }

bool faster(FrameRate a, FrameRate b) {
  return product(a.numerator, b.denominator) > product(b.numerator, a.denominator);
}

bool allowed(const DurationRules& rules, MediaTime duration) {
  if (!rules.choices.empty())
    return std::find(rules.choices.begin(), rules.choices.end(), duration) != rules.choices.end();
  if (duration < rules.min || duration > rules.max) return false;
  const int64_t past_min = duration.milliseconds - rules.min.milliseconds;
  return rules.step.milliseconds > 0 && past_min % rules.step.milliseconds == 0;
}

bool allowed(const AspectRules& rules, AspectRatio ratio) {
  if (ratio.width < 1 || ratio.height < 1) return false;
  if (!rules.choices.empty())
    return std::any_of(rules.choices.begin(), rules.choices.end(),
                       [&](AspectRatio choice) { return !wider(choice, ratio) && !wider(ratio, choice); });
  return rules.min && rules.max && !wider(*rules.min, ratio) && !wider(ratio, *rules.max);
}

bool allowed(const FpsRules& rules, FrameRate rate) {
  return rate.numerator >= 1 && rate.denominator >= 1 && !faster(rules.min, rate) && !faster(rate, rules.max);
}

std::optional<MediaTime> at_least(const DurationRules& rules, MediaTime least) {
  for (const MediaTime choice : rules.choices)
    if (choice >= least) return choice;
  if (!rules.choices.empty() || least > rules.max) return std::nullopt;
  if (least <= rules.min) return rules.min;
  const int64_t step = rules.step.milliseconds;
  const int64_t steps = (least.milliseconds - rules.min.milliseconds + step - 1) / step;
  const MediaTime duration{rules.min.milliseconds + steps * step};
  return duration <= rules.max ? std::optional(duration) : std::nullopt;
}

MediaTime longest(const DurationRules& rules) {
  return rules.choices.empty() ? rules.max : rules.choices.back();
}

const Rate* rate_of(const PriceRule& price, int tier, bool audio) {
  for (const Rate& rate : price.rates)
    if (rate.tier.value_or(tier) == tier && rate.audio.value_or(audio) == audio) return &rate;
  return nullptr;
}

FrameSize size_of(const ResolutionRules& rules, int tier, AspectRatio ratio) {
  for (const TierSize& entry : rules.sizes)
    if (entry.tier == tier && !wider(entry.ratio, ratio) && !wider(ratio, entry.ratio)) return entry.size;
  return frame_size(Resolution{tier, {}}, ratio);
}

}  // namespace troupe::catalog
