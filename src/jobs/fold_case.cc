#include "jobs/fold_case.h"

#include "base/utf8.h"

namespace troupe::jobs {
namespace {

bool between(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

/// In these blocks a capital and its small letter stand side by side.
bool in_pairs_from_even(char32_t c) {
  return between(c, 0x100, 0x12F) || between(c, 0x132, 0x137) || between(c, 0x14A, 0x177) ||
         between(c, 0x1DE, 0x1EF) || between(c, 0x1F8, 0x21F) || between(c, 0x222, 0x233) ||
         between(c, 0x3D8, 0x3EF) || between(c, 0x460, 0x481) || between(c, 0x48A, 0x4BF) ||
         between(c, 0x4D0, 0x52F) || between(c, 0x1E00, 0x1E95) || between(c, 0x1EA0, 0x1EFF);
}
bool in_pairs_from_odd(char32_t c) {
  return between(c, 0x139, 0x148) || between(c, 0x179, 0x17E) || between(c, 0x1CD, 0x1DC) ||
         between(c, 0x4C1, 0x4CE);
}

char32_t small(char32_t c) {
  if (between(c, 'A', 'Z')) return c + 0x20;
  if (c < 0x80) return c;
  if (between(c, 0xC0, 0xDE)) return c == 0xD7 ? c : c + 0x20;
  if (c == 0x178) return 0xFF;
  if (in_pairs_from_even(c)) return c | 1;
  if (in_pairs_from_odd(c)) return c + (c & 1);
  if (c == 0x1A0 || c == 0x1AF) return c + 1;  // Vietnamese O and U with horn
  if (c == 0x386) return 0x3AC;
  if (between(c, 0x388, 0x38A)) return c + 0x25;
  if (c == 0x38C) return 0x3CC;
  if (c == 0x38E || c == 0x38F) return c + 0x3F;
  if (between(c, 0x391, 0x3AB) && c != 0x3A2) return c + 0x20;
  if (c == 0x3C2) return 0x3C3;  // final sigma
  if (between(c, 0x400, 0x40F)) return c + 0x50;
  if (between(c, 0x410, 0x42F)) return c + 0x20;
  if (between(c, 0x531, 0x556)) return c + 0x30;
  return c;
}

void append(std::string& text, char32_t c) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else {
    text += static_cast<char>(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  }
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (size_t offset = 0; offset < text.size();) {
    const CodePoint point = code_point_at(text, offset);
    const char32_t to = small(point.value);
    if (to == point.value) {
      folded += text.substr(offset, point.length);
    } else {
      append(folded, to);
    }
    offset += point.length;
  }
  return folded;
}

}  // namespace troupe::jobs
