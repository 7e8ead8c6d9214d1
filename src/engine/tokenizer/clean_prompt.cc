#include "engine/tokenizer/clean_prompt.h"

#include <algorithm>

#include "engine/tokenizer/code_points.h"
#include "engine/tokenizer/html_entities.h"
#include "engine/tokenizer/mojibake.h"
#include "engine/tokenizer/text_fixes.h"

namespace troupe::tokenizer {
namespace {

constexpr int kRoundsMax = 32;

std::u32string fix_once(std::u32string_view line, bool unescape) {
  std::u32string text = unescape ? unescape_plain_html(line) : std::u32string(line);
  text = fix_mojibake(text);
  text = fix_c1_controls(text);
  text = fix_latin_ligatures(text);
  text = fix_character_width(text);
  text = uncurl_quotes(text);
  text = fix_line_breaks(text);
  text = remove_terminal_escapes(text);
  text = remove_control_chars(text);
  return to_nfc(text);
}

std::u32string fix_line(std::u32string_view line, bool unescape) {
  std::u32string fixed(line);
  for (int round = 0; round < kRoundsMax; ++round) {
    std::u32string next = fix_once(fixed, unescape);
    if (next == fixed) break;
    fixed = std::move(next);
  }
  return fixed;
}

// Each line, with the LF at its end, alone: one that is misread says nothing of the next.
std::u32string fix_text(std::u32string_view text) {
  std::u32string fixed;
  fixed.reserve(text.size());
  bool unescape = true;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(U'\n', begin), text.size() - 1) + 1;
    const std::u32string_view line = text.substr(begin, end - begin);
    unescape = unescape && line.find(U'<') == std::u32string_view::npos;
    fixed += fix_line(line, unescape);
    begin = end;
  }
  return fixed;
}

std::u32string collapse_space(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  bool space = false;
  for (const char32_t c : text) {
    if (!is_space(c)) {
      if (space && !out.empty()) out += U' ';
      out += c;
    }
    space = is_space(c);
  }
  return out;
}

}  // namespace

std::string clean_prompt(std::string_view utf8) {
  const std::u32string text = fix_text(to_code_points(utf8));
  return to_utf8(collapse_space(unescape_html(unescape_html(text))));
}

}  // namespace troupe::tokenizer
