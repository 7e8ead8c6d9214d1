#include "engine/tokenizer/code_points.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "base/utf8.h"

namespace troupe::tokenizer {
namespace {

void append_utf8(std::string& out, char32_t c) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
}

// `piece` in a normal form; as it is if the library has no memory for it.
std::u32string mapped_piece(std::u32string_view text, int options) {
  const std::string utf8 = to_utf8(text);
  utf8proc_uint8_t* result = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                             static_cast<utf8proc_ssize_t>(utf8.size()), &result,
                                             static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  if (size < 0) return std::u32string(text);
  return to_code_points({reinterpret_cast<const char*>(result), static_cast<size_t>(size)});
}

// The library sorts the marks on a letter one swap at a time. More than these are taken as if they were on
// another.
constexpr size_t kMarksMax = 64;

std::u32string mapped(std::u32string_view text, int options) {
  std::u32string out;
  out.reserve(text.size());
  size_t begin = 0, marks = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool mark = utf8proc_get_property(static_cast<utf8proc_int32_t>(text[i]))->combining_class != 0;
    marks = mark ? marks + 1 : 0;
    if (marks <= kMarksMax) continue;
    out += mapped_piece(text.substr(begin, i - begin), options);
    begin = i;
    marks = 1;
  }
  return out + mapped_piece(text.substr(begin), options);
}

utf8proc_category_t category(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

}  // namespace

std::u32string to_code_points(std::string_view utf8) {
  std::u32string text;
  text.reserve(utf8.size());
  for (size_t at = 0; at < utf8.size();) {
    const CodePoint point = code_point_at(utf8, at);
    text += point.value;
    at += point.length;
  }
  return text;
}

std::string to_utf8(std::u32string_view text) {
  std::string utf8;
  utf8.reserve(text.size());
  for (const char32_t c : text) append_utf8(utf8, c);
  return utf8;
}

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

std::u32string to_nfc(std::u32string_view text) { return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }

std::u32string to_nfkc(std::u32string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

char32_t to_upper(char32_t c) {
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

bool is_lower_letter(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LL; }

bool is_letter(char32_t c) {
  const auto kind = category(c);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool is_unassigned(char32_t c) {
  const auto kind = category(c);
  return kind == UTF8PROC_CATEGORY_CN || kind == UTF8PROC_CATEGORY_CO || kind == UTF8PROC_CATEGORY_CS;
}

}  // namespace troupe::tokenizer
