#include "core/reference_name.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "core/short_text.h"

namespace troupe {
namespace {

struct Range {
  char32_t first, last;
};

template <size_t N>
constexpr bool within(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

// Past ASCII, what is punctuation, a symbol, a space, a picture or unassigned. Block granularity is enough: a
// tag ends there, and a name may not contain it.
constexpr std::array<Range, 21> kNoLetters = {
    {{0x0080, 0x00A9},  {0x00AB, 0x00B4}, {0x00B6, 0x00B9}, {0x00BB, 0x00BF}, {0x00D7, 0x00D7},
     {0x00F7, 0x00F7},  {0x055A, 0x055F}, {0x0589, 0x058F}, {0x05BE, 0x05BE}, {0x05F3, 0x05F4},
     {0x0600, 0x060F},  {0x061B, 0x061F}, {0x066A, 0x066D}, {0x06D4, 0x06D4}, {0x0964, 0x0965},
     {0x2000, 0x2BFF},  {0x2E00, 0x3004}, {0x3007, 0x3030}, {0xE000, 0xF8FF}, {0xFE00, 0xFE6F},
     {0x1F000, 0x1FBFF}}};
constexpr std::array<Range, 6> kNoLettersFullWidth = {{{0xFEFF, 0xFF20},
                                                       {0xFF3B, 0xFF40},
                                                       {0xFF5B, 0xFF65},
                                                       {0xFFE0, 0xFFFF},
                                                       {0xE0000, 0x10FFFF},
                                                       {0x30FB, 0x30FB}}};

constexpr std::array<Range, 10> kUnspaced = {{{0x0E00, 0x0EFF},
                                              {0x1000, 0x109F},
                                              {0x1100, 0x11FF},
                                              {0x1780, 0x17FF},
                                              {0x3031, 0x4DBF},
                                              {0x4E00, 0x9FFF},
                                              {0xA960, 0xA97F},
                                              {0xAC00, 0xD7FF},
                                              {0xF900, 0xFAFF},
                                              {0x20000, 0x3FFFF}}};

constexpr std::array<std::string_view, 6> kReserved = {"element", "image",     "video",
                                                       "audio",   "character", "reference"};

}  // namespace

bool is_name_letter(char32_t c) {
  if (c < 0x80) return ascii_letter(static_cast<char>(c));
  return !within(kNoLetters, c) && !within(kNoLettersFullWidth, c);
}

bool is_name_char(char32_t c) { return is_name_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

bool is_unspaced(char32_t c) { return within(kUnspaced, c) && is_name_letter(c); }

size_t name_length(std::string_view text) {
  if (text.empty() || !is_name_letter(code_point_at(text, 0).value)) return 0;
  size_t end = 0;
  while (end < text.size()) {
    const CodePoint point = code_point_at(text, end);
    if (!is_name_char(point.value)) break;
    end += point.length;
  }
  return end;
}

Result<void> check_name(std::string_view name) {
  if (name.size() > kNameBytesMax) {
    return make_error(ErrorCode::over_limit, "the name " + troupe::quoted(name) +
                                                 " is too long: a name may have " +
                                                 std::to_string(kNameBytesMax) + " bytes");
  }
  if (!is_utf8(name) || name_length(name) != name.size() || name.empty()) {
    return make_error(ErrorCode::invalid_argument,
                      troupe::quoted(name) +
                          " is not a name: use letters, digits, '_' and '-', first a letter, without '@'");
  }
  if (std::find(kReserved.begin(), kReserved.end(), lower_ascii(name)) != kReserved.end()) {
    return make_error(
        ErrorCode::invalid_argument,
        troupe::quoted(name) + " cannot be a name: the word begins numbered tags; choose another");
  }
  return {};
}

bool is_numbered_word(std::string_view name) {
  const size_t digits = name.find_last_not_of("0123456789") + 1;
  return digits > 0 && digits < name.size() &&
         std::find(kReserved.begin(), kReserved.end(), lower_ascii(name.substr(0, digits))) !=
             kReserved.end();
}

}  // namespace troupe
