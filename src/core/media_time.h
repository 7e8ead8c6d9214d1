// Time on the media line, and frame rates: exact fractions, never doubles.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace troupe {

/// Frames a second, `numerator / denominator`; both >= 1.
struct FrameRate {
  int32_t numerator = 24;
  int32_t denominator = 1;
  bool operator==(const FrameRate&) const = default;
  double per_second() const { return static_cast<double>(numerator) / denominator; }
};

/// A duration or a point in time: whole milliseconds. Requests give seconds with at most three decimals, so
/// milliseconds hold every duration exactly; the time of a frame is its index over the FrameRate.
struct MediaTime {
  int64_t milliseconds = 0;
  auto operator<=>(const MediaTime&) const = default;
  double seconds() const { return static_cast<double>(milliseconds) / 1000.0; }
};

constexpr MediaTime seconds(int64_t whole) { return {whole * 1000}; }
constexpr MediaTime operator+(MediaTime a, MediaTime b) { return {a.milliseconds + b.milliseconds}; }

/// Longest duration that any request may name; more is over_limit whatever the model.
inline constexpr MediaTime kDurationMax = seconds(3600);

/// Reads "5", "5s", "3.5", "2.125 s". Errors: invalid_argument (not a number, NaN, negative, zero, more than
/// three decimals), over_limit (past kDurationMax).
Result<MediaTime> parse_duration(std::string_view text);
/// The same rules for a number from JSON.
Result<MediaTime> duration_from_seconds(double seconds);
/// "5", "3.5": shortest decimal seconds, without a unit.
std::string print_seconds(MediaTime time);

/// Frames that show in [0, time): time × rate rounded to the nearest, halves up. Cut points of a shot list
/// are frame_count(sum of the durations so far), so that rounding never accumulates.
int64_t frame_count(MediaTime time, FrameRate rate);

/// Reads "24", "23.976", "29.97", "59.94" (as the NTSC fractions), "30000/1001". Range 1 … 120.
Result<FrameRate> parse_frame_rate(std::string_view text);
/// "24" or "30000/1001".
std::string print_frame_rate(FrameRate rate);

}  // namespace troupe
