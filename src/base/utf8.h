// UTF-8 as code points. Prompts come from strangers: any byte sequence may be given.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace troupe {

/// True if `text` is well-formed UTF-8 (no overlong forms, surrogates or values past U+10FFFF).
bool is_utf8(std::string_view text);

/// Number of code points. Malformed bytes count one each.
size_t utf8_length(std::string_view text);

/// The code point that starts at byte `offset` (< text.size()), and how many bytes it takes (1-4).
/// A malformed byte reads as U+FFFD of length 1.
struct CodePoint {
  char32_t value;
  size_t length;
};
CodePoint code_point_at(std::string_view text, size_t offset);

}  // namespace troupe
