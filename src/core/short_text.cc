#include "core/short_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"

namespace troupe {
namespace {

constexpr size_t kQuotedBytesMax = 60;

template <class Number>
std::string shortest(Number number) {
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return std::string(buffer.data(), result.ptr);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_ascii(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), lower);
  return folded;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<int64_t> parse_decimal(std::string_view text, int places) {
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && fraction.empty())) return std::nullopt;
  if (!std::all_of(whole.begin(), whole.end(), ascii_digit)) return std::nullopt;
  if (!std::all_of(fraction.begin(), fraction.end(), ascii_digit)) return std::nullopt;

  int64_t value = 0;
  for (const char c : whole) value = std::min(kDecimalMax, value * 10 + (c - '0'));
  for (int i = 0; i < places; ++i) {
    const auto at = static_cast<size_t>(i);
    value = value * 10 + (at < fraction.size() ? fraction[at] - '0' : 0);
  }
  const auto kept = std::min(fraction.size(), static_cast<size_t>(places));
  if (fraction.find_first_not_of('0', kept) != std::string_view::npos) return std::nullopt;
  return value;
}

std::string print_number(double number) { return shortest(number); }
std::string print_number(float number) { return shortest(number); }

std::string quoted(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && end < kQuotedBytesMax) end += code_point_at(text, end).length;
  return "\"" + std::string(text.substr(0, end)) + (end < text.size() ? "…\"" : "\"");
}

}  // namespace troupe
