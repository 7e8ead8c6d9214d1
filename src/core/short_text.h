// Short texts in requests: trimmed, folded, read as decimals, quoted in messages. No locale anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

constexpr bool ascii_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool ascii_alnum(char c) { return ascii_digit(c) || ascii_letter(c); }
constexpr bool ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// `text` without ASCII white space at both ends.
std::string_view trim(std::string_view text);

/// ASCII letters in lower case, all other bytes as they are.
std::string lower_ascii(std::string_view text);

/// True if both are the same but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Whole parts larger than this read as this.
inline constexpr int64_t kDecimalMax = 1'000'000'000;

/// "3.25" with `places` = 3 is 3250: the number times 10^places. Digits, then maybe a point and digits, of
/// which those past `places` must be zeros; no sign, exponent or space. None if the text is anything else.
std::optional<int64_t> parse_decimal(std::string_view text, int places);

/// The shortest decimal text that reads as the same number: "3.5", "24", "1e+300", "nan".
std::string print_number(double number);
std::string print_number(float number);

/// The text in double quotes for a message; cut at a character's border after 60 bytes, so messages stay
/// short.
std::string quoted(std::string_view text);

}  // namespace troupe
