#include "core/money.h"

namespace troupe {
namespace {

constexpr uint64_t kMicros = 1000000;

// The fraction's digits without trailing zeros, but at least `digits_min`.
std::string fraction_digits(uint64_t micros, size_t digits_min) {
  std::string digits = std::to_string(kMicros + micros % kMicros).substr(1);
  while (digits.size() > digits_min && digits.back() == '0') digits.pop_back();
  return digits;
}

}  // namespace

std::string print(const Money& money) {
  const bool negative = money.micros < 0;
  // Unsigned negation holds for the lowest int64 as well.
  const uint64_t micros =
      negative ? 0 - static_cast<uint64_t>(money.micros) : static_cast<uint64_t>(money.micros);
  const bool dollars = money.currency == Currency::usd;
  const std::string fraction = fraction_digits(micros, dollars ? 2 : 0);
  std::string text = negative ? "-" : "";
  if (dollars) text += '$';
  text += std::to_string(micros / kMicros);
  if (!fraction.empty()) text += "." + fraction;
  if (!dollars) text += micros == kMicros ? " credit" : " credits";
  return text;
}

}  // namespace troupe
