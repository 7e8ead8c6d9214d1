#include "core/frame_size.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "core/short_text.h"

namespace troupe {
namespace {

constexpr int kRatioDecimals = 3;
constexpr int64_t kRatioScale = 1000;               // 10^kRatioDecimals
constexpr int64_t kRatioMax = kSideMax / kSideMin;  // no picture inside the bounds is more extreme

Error bad_ratio(std::string_view text) {
  return make_error(ErrorCode::invalid_argument,
                    troupe::quoted(text) +
                        " is not an aspect ratio: write width:height, like 16:9, 9:16 or 2.39:1, at most " +
                        std::to_string(kRatioMax) + ":1");
}

Error bad_resolution(std::string_view text) {
  return make_error(
      ErrorCode::invalid_argument,
      troupe::quoted(text) +
          " is not a resolution: write a tier like 480p, 720p or 1080p, or an even size like 1280x720");
}

Result<int> checked_side(int64_t side, std::string_view text) {
  if (side == 0 || side % 2 != 0) return bad_resolution(text);
  if (side < kSideMin || side > kSideMax) {
    return make_error(ErrorCode::over_limit, troupe::quoted(text) + " is out of range: each side may have " +
                                                 std::to_string(kSideMin) + " to " +
                                                 std::to_string(kSideMax) + " pixels");
  }
  return static_cast<int>(side);
}

// The shorter side that "720p" or "4k" names; none if the text is no tier.
std::optional<int64_t> tier_side(std::string_view text) {
  if (equal_ignoring_case(text, "4k")) return 2160;
  if (equal_ignoring_case(text, "2k")) return 1440;
  if (text.empty() || (text.back() != 'p' && text.back() != 'P')) return std::nullopt;
  return parse_decimal(text.substr(0, text.size() - 1), 0);
}

}  // namespace

Result<AspectRatio> parse_aspect_ratio(std::string_view text) {
  const size_t colon = text.find_first_of(":/");
  if (colon == std::string_view::npos) return bad_ratio(text);
  const auto width = parse_decimal(trim(text.substr(0, colon)), kRatioDecimals);
  const auto height = parse_decimal(trim(text.substr(colon + 1)), kRatioDecimals);
  if (!width || !height || *width == 0 || *height == 0) return bad_ratio(text);
  if (std::max(*width, *height) >= kDecimalMax * kRatioScale)
    return bad_ratio(text);  // not told apart any more
  if (*width > *height * kRatioMax || *height > *width * kRatioMax) return bad_ratio(text);
  const int64_t divisor = std::gcd(*width, *height);
  if (*width / divisor > kRatioTermMax || *height / divisor > kRatioTermMax) return bad_ratio(text);
  return AspectRatio{static_cast<int>(*width / divisor), static_cast<int>(*height / divisor)};
}

std::string print(AspectRatio ratio) {
  return std::to_string(ratio.width) + ":" + std::to_string(ratio.height);
}

Result<Resolution> parse_resolution(std::string_view text) {
  const std::string_view plain = trim(text);
  if (const auto tier = tier_side(plain)) {
    TROUPE_TRY(const int side, checked_side(*tier, text));
    return Resolution{side, {}};
  }
  const size_t cross = plain.find_first_of("xX*");
  if (cross == std::string_view::npos) return bad_resolution(text);
  const auto width = parse_decimal(trim(plain.substr(0, cross)), 0);
  const auto height = parse_decimal(trim(plain.substr(cross + 1)), 0);
  if (!width || !height) return bad_resolution(text);
  TROUPE_TRY(const int checked_width, checked_side(*width, text));
  TROUPE_TRY(const int checked_height, checked_side(*height, text));
  return Resolution{0, {checked_width, checked_height}};
}

std::string print(const Resolution& resolution) {
  if (resolution.tier != 0) return std::to_string(resolution.tier) + "p";
  return std::to_string(resolution.exact.width) + "x" + std::to_string(resolution.exact.height);
}

FrameSize frame_size(const Resolution& resolution, AspectRatio ratio) {
  if (resolution.tier == 0) return resolution.exact;
  const bool wide = ratio.width >= ratio.height;
  const int64_t longer = wide ? ratio.width : ratio.height;
  const int64_t shorter = wide ? ratio.height : ratio.width;
  // tier * longer / shorter / 2, rounded half up, times 2.
  const int64_t side = (resolution.tier * longer + shorter) / (2 * shorter) * 2;
  const auto long_side = static_cast<int>(side);
  return wide ? FrameSize{long_side, resolution.tier} : FrameSize{resolution.tier, long_side};
}

bool is_video_size(FrameSize size) {
  const auto fits = [](int side) { return side >= kSideMin && side <= kSideMax && side % 2 == 0; };
  return fits(size.width) && fits(size.height);
}

}  // namespace troupe
