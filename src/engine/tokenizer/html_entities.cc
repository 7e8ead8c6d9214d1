#include "engine/tokenizer/html_entities.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/tokenizer/code_points.h"
#include "engine/tokenizer/windows_1252.h"

// Lines "NAME HEX[ HEX]", ordered by the bytes of NAME: the named character references of the HTML standard.
extern "C" const char troupe_html5_entities[];
extern "C" const char troupe_html5_entities_end[];

namespace troupe::tokenizer {
namespace {

constexpr size_t kNameLengthMax = 32;       // of names with which to try
constexpr size_t kPlainNameLengthMax = 24;  // of names in text that isn't HTML
constexpr char32_t kReplacement = 0xFFFD;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_ascii_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

// The value of a hexadecimal digit, or 16.
unsigned hex_value(char32_t c) {
  if (is_digit(c)) return c - U'0';
  if (c >= U'a' && c <= U'f') return c - U'a' + 10;
  if (c >= U'A' && c <= U'F') return c - U'A' + 10;
  return 16;
}

std::u32string parse_values(std::string_view hexes) {
  std::u32string values;
  for (const char *at = hexes.data(), *end = at + hexes.size(); at < end; ++at) {
    uint32_t value = 0;
    at = std::from_chars(at, end, value, 16).ptr;
    values += static_cast<char32_t>(value);
  }
  return values;
}

// What `name` (without '&', with ';' if it has one) stands for. Bisects the lines where they lie.
std::optional<std::u32string> named(std::string_view name) {
  std::string_view lines(troupe_html5_entities,
                         static_cast<size_t>(troupe_html5_entities_end - troupe_html5_entities));
  while (!lines.empty()) {
    const size_t middle = lines.size() / 2;
    const size_t before = middle == 0 ? std::string_view::npos : lines.rfind('\n', middle - 1);
    const size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const size_t end = std::min(lines.find('\n', begin), lines.size() - 1) + 1;
    const std::string_view line = lines.substr(begin, end - begin - 1);
    const size_t space = line.find(' ');
    const int order = name.compare(line.substr(0, space));
    if (order == 0) return parse_values(line.substr(space + 1));
    lines = order < 0 ? lines.substr(0, begin) : lines.substr(end);
  }
  return std::nullopt;
}

// Code points that no reference may name: controls without a use in text, and noncharacters.
bool is_forbidden(char32_t c) {
  return (c >= 0x1 && c <= 0x8) || c == 0xB || (c >= 0xE && c <= 0x1F) || (c >= 0x7F && c <= 0x9F) ||
         (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

void append_numbered(std::u32string& out, char32_t number) {
  if (number >= 0x80 && number <= 0x9F) {
    out += from_windows_1252(static_cast<uint8_t>(number));
  } else if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) {
    out += kReplacement;
  } else if (!is_forbidden(number)) {
    out += number;
  }
}

// Reads the reference "&#…" at `at` into `out`. How many code points it takes; 0 if it is none.
size_t read_numbered(std::u32string_view text, size_t at, std::u32string& out) {
  size_t end = at + 2;
  const bool hexadecimal = end < text.size() && (text[end] == U'x' || text[end] == U'X');
  if (hexadecimal) ++end;
  const unsigned base = hexadecimal ? 16 : 10;
  const size_t digits = end;
  char32_t number = 0;
  for (; end < text.size() && hex_value(text[end]) < base; ++end)
    number = std::min<char32_t>(number * base + hex_value(text[end]), 0x110000);
  if (end == digits) return 0;
  append_numbered(out, number);
  return end - at + (end < text.size() && text[end] == U';' ? 1 : 0);
}

// The same for "&name" and "&name;".
size_t read_named(std::u32string_view text, size_t at, std::u32string& out) {
  // No name has other than ASCII letters and digits.
  std::string name;
  for (size_t i = at + 1; i < text.size() && name.size() < kNameLengthMax; ++i) {
    if (!is_digit(text[i]) && !is_ascii_letter(text[i])) break;
    name += static_cast<char>(text[i]);
  }
  const size_t end = at + 1 + name.size();
  if (end < text.size() && text[end] == U';') name += ';';
  for (; name.size() > 1; name.pop_back()) {
    if (const auto values = named(name)) {
      out += *values;
      return name.size() + 1;
    }
  }
  return 0;
}

// `reference` ("&…;") in text that isn't HTML; as it is if it means nothing there.
std::u32string plain(std::u32string_view reference) {
  if (reference[1] == U'#') {
    std::u32string character = unescape_html(reference);
    return character.find(U';') == std::u32string::npos ? character : std::u32string(reference);
  }
  const std::string name = to_utf8(reference.substr(1));
  if (const auto values = named(name)) return *values;
  std::string lower = name;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool shouts = std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  auto values = shouts ? named(lower) : std::nullopt;
  if (!values || unescape_html(reference) != reference) return std::u32string(reference);
  for (char32_t& c : *values) c = to_upper(c);
  return *values;
}

// The length of "&name;" or "&#name;" at `at`, or 0.
size_t plain_reference_length(std::u32string_view text, size_t at) {
  size_t end = at + 1;
  if (end < text.size() && text[end] == U'#') ++end;
  const size_t name = end;
  while (end < text.size() && (is_digit(text[end]) || is_ascii_letter(text[end]))) ++end;
  const bool closed = end < text.size() && text[end] == U';';
  return closed && end > name && end - name <= kPlainNameLengthMax ? end + 1 - at : 0;
}

}  // namespace

std::u32string unescape_html(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    size_t length = 0;
    if (text[at] == U'&' && at + 1 < text.size())
      length = text[at + 1] == U'#' ? read_numbered(text, at, out) : read_named(text, at, out);
    if (length == 0) out += text[at++];
    at += length;
  }
  return out;
}

std::u32string unescape_plain_html(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t length = text[at] == U'&' ? plain_reference_length(text, at) : 0;
    if (length == 0) {
      out += text[at++];
    } else {
      out += plain(text.substr(at, length));
      at += length;
    }
  }
  return out;
}

}  // namespace troupe::tokenizer
