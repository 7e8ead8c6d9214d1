// What a model's rules allow: the questions that reading, checking and resolving all ask. Exact integer
// arithmetic throughout. Internal to catalog/.
#pragma once

#include <optional>

#include "catalog/model.h"

namespace troupe::catalog {

bool wider(AspectRatio a, AspectRatio b);  ///< a > b
bool faster(FrameRate a, FrameRate b);     ///< a > b

bool allowed(const DurationRules& rules, MediaTime duration);
bool allowed(const AspectRules& rules, AspectRatio ratio);
bool allowed(const FpsRules& rules, FrameRate rate);

/// The shortest allowed duration that is not under `least`; none if the longest is.
std::optional<MediaTime> at_least(const DurationRules& rules, MediaTime least);
/// The longest allowed duration.
MediaTime longest(const DurationRules& rules);

/// The rate that a take of that tier and sound is billed by; null where the price is not published.
const Rate* rate_of(const PriceRule& price, int tier, bool audio);

/// The size that the model makes of a tier in a shape.
FrameSize size_of(const ResolutionRules& rules, int tier, AspectRatio ratio);

}  // namespace troupe::catalog
