// Names of references, and which characters may stand in one.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace troupe {

inline constexpr size_t kNameBytesMax = 64;

/// Letters of any script. Punctuation, symbols, spaces and emoji are none; accents and vowel signs count as
/// the letters that they belong to.
bool is_name_letter(char32_t c);
/// A letter, an ASCII digit, '_' or '-'.
bool is_name_char(char32_t c);

/// Letters of scripts that put no space between words (Chinese, Japanese, Thai …) or that put endings
/// straight after a name (Korean): a tag may end before one.
bool is_unspaced(char32_t c);

/// Length in bytes of the name characters at the beginning of `text`; 0 unless the first is a letter.
size_t name_length(std::string_view text);

/// Errors: invalid_argument, with the reason, for anything but letters, digits, '_' and '-', first a letter,
/// at most kNameBytesMax bytes; also for the bare words of numbered tags ("image": "@Image 1" is a number).
Result<void> check_name(std::string_view name);

/// "image1", "Element12": a numbered tag, which as a name would stand for two things.
bool is_numbered_word(std::string_view name);

}  // namespace troupe
