// Sizes and shapes of the picture.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace troupe {

inline constexpr int kSideMin = 64, kSideMax = 4096;

/// Width and height in pixels. Video sizes are even in both, kSideMin … kSideMax each.
struct FrameSize {
  int width = 0;
  int height = 0;
  bool operator==(const FrameSize&) const = default;
};

/// width : height in lowest terms, both >= 1.
struct AspectRatio {
  int width = 16;
  int height = 9;
  bool operator==(const AspectRatio&) const = default;
};

/// Either a tier, named by the shorter side ("480p", "720p", "1080p"), or an exact size ("1280x720").
struct Resolution {
  int tier = 720;   ///< shorter side in pixels; 0 when exact is set
  FrameSize exact;  ///< {0, 0} when tier is set
  bool operator==(const Resolution&) const = default;
};

/// Largest term of a ratio in lowest terms.
inline constexpr int kRatioTermMax = 100'000;

/// Reads "16:9", "16/9", "1.5:1". Errors: invalid_argument (no ratio, a zero, or past 64:1 or 1:64).
Result<AspectRatio> parse_aspect_ratio(std::string_view text);
std::string print(AspectRatio ratio);

/// Reads "720p", "720P", "1280x720", "1280*720", "4k" (2160p), "2K" (1440p). Errors: invalid_argument for
/// other text, odd or non-positive sides; over_limit past 4096 or under 64.
Result<Resolution> parse_resolution(std::string_view text);
std::string print(const Resolution& resolution);

/// The exact even size of a resolution in a shape: a tier keeps its shorter side and rounds the longer one to
/// the nearest even number (854x480 for 480p 16:9); an exact size ignores `ratio`.
FrameSize frame_size(const Resolution& resolution, AspectRatio ratio);

/// True if both sides are even and within kSideMin … kSideMax. A tier in a long shape may be not: 2160p in
/// 21:9 would be 5040 wide.
bool is_video_size(FrameSize size);

}  // namespace troupe
