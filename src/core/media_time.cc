#include "core/media_time.h"

#include <array>
#include <cmath>
#include <numeric>

#include "core/short_text.h"

namespace troupe {
namespace {

constexpr int kDecimals = 3;
constexpr double kMillisecondSlack = 1e-6;  // what 0.1 + 0.2 may be off, in milliseconds
constexpr int64_t kRateTermMax = 1'000'000;
constexpr int kRateMax = 120;

Error bad_duration(std::string_view text) {
  return make_error(
      ErrorCode::invalid_argument,
      troupe::quoted(text) +
          " is not a duration: write seconds above 0 with at most three decimals, like 5, \"5s\" or 3.5");
}

Result<MediaTime> checked_duration(int64_t milliseconds, std::string_view text) {
  if (milliseconds <= 0) return bad_duration(text);
  if (milliseconds > kDurationMax.milliseconds) {
    return make_error(ErrorCode::over_limit, troupe::quoted(text) +
                                                 " is too long: no video may be longer than " +
                                                 print_seconds(kDurationMax) + " seconds");
  }
  return MediaTime{milliseconds};
}

std::string_view without_unit(std::string_view text) {
  text = trim(text);
  if (!text.empty() && (text.back() == 's' || text.back() == 'S')) text.remove_suffix(1);
  return trim(text);
}

Error bad_rate(std::string_view text) {
  return make_error(
      ErrorCode::invalid_argument,
      troupe::quoted(text) +
          " is not a frame rate: write frames a second from 1 to 120, like 24, 23.976 or 30000/1001");
}

// Decimal names of the NTSC rates. 30000/1001 is 29.970029…, so the usual decimals are not exact.
struct NtscRate {
  std::string_view text;
  int32_t thousands;
};
constexpr std::array<NtscRate, 8> kNtscRates = {{{"23.976", 24},
                                                 {"23.98", 24},
                                                 {"29.97", 30},
                                                 {"47.952", 48},
                                                 {"47.95", 48},
                                                 {"59.94", 60},
                                                 {"119.88", 120},
                                                 {"11.988", 12}}};

Result<FrameRate> reduced_rate(int64_t numerator, int64_t denominator, std::string_view text) {
  if (numerator <= 0 || denominator <= 0) return bad_rate(text);
  if (numerator < denominator || numerator > denominator * kRateMax) return bad_rate(text);
  const int64_t divisor = std::gcd(numerator, denominator);
  return FrameRate{static_cast<int32_t>(numerator / divisor), static_cast<int32_t>(denominator / divisor)};
}

}  // namespace

Result<MediaTime> parse_duration(std::string_view text) {
  const auto milliseconds = parse_decimal(without_unit(text), kDecimals);
  if (!milliseconds) return bad_duration(text);
  return checked_duration(*milliseconds, text);
}

Result<MediaTime> duration_from_seconds(double seconds) {
  const std::string text = print_number(seconds);
  if (!std::isfinite(seconds)) return bad_duration(text);
  // Past the limit first: a huge double has no int64.
  if (seconds > kDurationMax.seconds() + 1) return checked_duration(kDurationMax.milliseconds + 1, text);
  if (seconds <= 0) return bad_duration(text);
  const double milliseconds = seconds * 1000.0;
  const double whole = std::round(milliseconds);
  if (std::abs(milliseconds - whole) > kMillisecondSlack) return bad_duration(text);
  return checked_duration(static_cast<int64_t>(whole), text);
}

std::string print_seconds(MediaTime time) {
  const bool negative = time.milliseconds < 0;
  const uint64_t magnitude =
      negative ? 0 - static_cast<uint64_t>(time.milliseconds) : static_cast<uint64_t>(time.milliseconds);
  std::string text = (negative ? "-" : "") + std::to_string(magnitude / 1000);
  std::string fraction = std::to_string(1000 + magnitude % 1000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? text : text + "." + fraction;
}

int64_t frame_count(MediaTime time, FrameRate rate) {
  if (time.milliseconds <= 0) return 0;
  const int64_t divisor = 1000 * static_cast<int64_t>(rate.denominator);
  return (2 * time.milliseconds * rate.numerator + divisor) / (2 * divisor);
}

Result<FrameRate> parse_frame_rate(std::string_view text) {
  const std::string_view plain = trim(text);
  for (const NtscRate& rate : kNtscRates) {
    if (plain == rate.text) return FrameRate{rate.thousands * 1000, 1001};
  }
  const size_t slash = plain.find('/');
  if (slash == std::string_view::npos) {
    const auto thousandths = parse_decimal(plain, kDecimals);
    if (!thousandths) return bad_rate(text);
    return reduced_rate(*thousandths, 1000, text);
  }
  const auto numerator = parse_decimal(trim(plain.substr(0, slash)), 0);
  const auto denominator = parse_decimal(trim(plain.substr(slash + 1)), 0);
  if (!numerator || !denominator || *numerator > kRateTermMax || *denominator > kRateTermMax)
    return bad_rate(text);
  return reduced_rate(*numerator, *denominator, text);
}

std::string print_frame_rate(FrameRate rate) {
  const std::string numerator = std::to_string(rate.numerator);
  return rate.denominator == 1 ? numerator : numerator + "/" + std::to_string(rate.denominator);
}

}  // namespace troupe
