#include "cli/remote/plain_text.h"

#include <algorithm>

#include "base/utf8.h"

namespace troupe::cli::remote {
namespace {

struct Range {
  char32_t first, last;
};

bool is_in(char32_t c, const Range* begin, const Range* end) {
  return std::any_of(begin, end, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

// Unicode's East_Asian_Width W and F, in blocks: rough at their edges, right for what people write.
constexpr Range kWide[] = {{0x1100, 0x115F},  {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97F},
                           {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                           {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF},
                           {0x20000, 0x3FFFD}};
constexpr Range kCombining[] = {{0x0300, 0x036F}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
                                {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};

int width_of(char32_t c) {
  if (is_in(c, std::begin(kCombining), std::end(kCombining))) return 0;
  return is_in(c, std::begin(kWide), std::end(kWide)) ? 2 : 1;
}

// Of the terminal, or of the order in which a line is read.
bool steers(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const bool malformed = point.value == 0xFFFD && point.length == 1;
    if (malformed) {
      out += "\xEF\xBF\xBD";
    } else if (steers(point.value)) {
      out += ' ';
    } else {
      out += text.substr(at, point.length);
    }
    at += point.length;
  }
  return out;
}

int width_of(std::string_view text) {
  int width = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    width += width_of(point.value);
    at += point.length;
  }
  return width;
}

std::string cut(std::string_view text, int columns) {
  if (width_of(text) <= columns) return std::string(text);
  std::string out;
  int width = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    width += width_of(point.value);
    if (width > columns - 1) break;
    out += text.substr(at, point.length);
    at += point.length;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out + "…";
}

std::string padded(std::string_view text, int columns) {
  std::string out = cut(text, columns);
  return out + std::string(static_cast<size_t>(std::max(0, columns - width_of(out))), ' ');
}

}  // namespace troupe::cli::remote
