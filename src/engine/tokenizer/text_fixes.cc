#include "engine/tokenizer/text_fixes.h"

#include <algorithm>
#include <iterator>

#include "engine/tokenizer/code_points.h"
#include "engine/tokenizer/windows_1252.h"

namespace troupe::tokenizer {
namespace {

struct Ligature {
  char32_t one;
  std::u32string_view letters;
};

constexpr Ligature kLigatures[] = {
    {0x132, U"IJ"},       {0x133, U"ij"},  {0x149, U"\u02BCn"}, {0x1C4, U"D\u017D"}, {0x1C5, U"D\u017E"},
    {0x1C6, U"d\u017E"},  {0x1C7, U"LJ"},  {0x1C8, U"Lj"},      {0x1C9, U"lj"},      {0x1CA, U"NJ"},
    {0x1CB, U"Nj"},       {0x1CC, U"nj"},  {0x1F1, U"DZ"},      {0x1F2, U"Dz"},      {0x1F3, U"dz"},
    {0xFB00, U"ff"},      {0xFB01, U"fi"}, {0xFB02, U"fl"},     {0xFB03, U"ffi"},    {0xFB04, U"ffl"},
    {0xFB05, U"\u017Ft"}, {0xFB06, U"st"},
};

template <class Change>
std::u32string each(std::u32string_view text, Change change) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) change(c, out);
  return out;
}

bool has_width(char32_t c) { return c == 0x3000 || (c >= 0xFF01 && c <= 0xFFEF); }

bool is_ascii_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

bool is_removable(char32_t c) {
  return c <= 0x08 || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F || (c >= 0x206A && c <= 0x206F) ||
         c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFC);
}

// The length of the terminal escape at `at`, or 0.
size_t escape_length(std::u32string_view text, size_t at) {
  if (text[at] != 0x1B || at + 1 >= text.size() || text[at + 1] != U'[') return 0;
  size_t end = at + 2;
  while (end < text.size() && ((text[end] >= U'0' && text[end] <= U'9') || text[end] == U';')) ++end;
  return end < text.size() && is_ascii_letter(text[end]) ? end + 1 - at : 0;
}

}  // namespace

std::u32string fix_c1_controls(std::u32string_view text) {
  return each(text, [](char32_t c, std::u32string& out) {
    out += c >= 0x80 && c <= 0x9F ? from_windows_1252(static_cast<uint8_t>(c)) : c;
  });
}

std::u32string fix_latin_ligatures(std::u32string_view text) {
  return each(text, [](char32_t c, std::u32string& out) {
    const auto* found = std::find_if(std::begin(kLigatures), std::end(kLigatures),
                                     [c](const Ligature& ligature) { return ligature.one == c; });
    if (c < kLigatures[0].one || found == std::end(kLigatures)) {
      out += c;
    } else {
      out += found->letters;
    }
  });
}

std::u32string fix_character_width(std::u32string_view text) {
  return each(text, [](char32_t c, std::u32string& out) {
    if (has_width(c)) {
      out += to_nfkc({&c, 1});
    } else {
      out += c;
    }
  });
}

std::u32string uncurl_quotes(std::u32string_view text) {
  return each(text, [](char32_t c, std::u32string& out) {
    const bool single = c == 0x2BC || (c >= 0x2018 && c <= 0x201B);
    const bool twofold = c >= 0x201C && c <= 0x201F;
    out += single ? U'\'' : twofold ? U'"' : c;
  });
}

std::u32string fix_line_breaks(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c == U'\r' && i + 1 < text.size() && text[i + 1] == U'\n') continue;
    out += c == U'\r' || c == 0x2028 || c == 0x2029 || c == 0x85 ? U'\n' : c;
  }
  return out;
}

std::u32string remove_terminal_escapes(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t length = escape_length(text, at);
    if (length == 0) out += text[at++];
    at += length;
  }
  return out;
}

std::u32string remove_control_chars(std::u32string_view text) {
  return each(text, [](char32_t c, std::u32string& out) {
    if (!is_removable(c)) out += c;
  });
}

}  // namespace troupe::tokenizer
