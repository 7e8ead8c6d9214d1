// The last steps of a mix: how loud it is and how high it peaks.
#pragma once

#include <vector>

#include "base/cancel.h"
#include "base/result.h"

namespace troupe::stage {

inline constexpr double kTargetLufs = -16;
inline constexpr float kCeilingDbtp = -1.5f;  ///< half a decibel of room under -1 dBTP for other meters
/// The most that a quiet mix is raised: the air of an empty room stays in the background.
inline constexpr double kRaiseDbMax = 24;

/// Brings interleaved stereo to kTargetLufs (or as near as kRaiseDbMax allows; silence stays silence) and
/// holds its true peaks under kCeilingDbtp with a limiter that looks ahead. REQUIRES finite samples. Errors:
/// cancelled.
Result<void> master(std::vector<float>& interleaved, const CancelToken& cancel);

}  // namespace troupe::stage
