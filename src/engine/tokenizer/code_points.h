// Text as code points, for rules that look at characters and their neighbours.
#pragma once

#include <string>
#include <string_view>

namespace troupe::tokenizer {

/// The code points of `utf8`. Every malformed byte becomes U+FFFD.
std::u32string to_code_points(std::string_view utf8);

/// As UTF-8. REQUIRES only Unicode scalar values (no surrogates, none past U+10FFFF).
std::string to_utf8(std::u32string_view text);

/// What `\s` of Python's `re` and `str.strip()` take for white space.
bool is_space(char32_t c);

/// Unicode's canonical composition, and the compatible one, as of the Unicode version of utf8proc. Of
/// more than 64 marks on one letter the rest stays in place, so that time is linear.
std::u32string to_nfc(std::u32string_view text);
std::u32string to_nfkc(std::u32string_view text);

/// Of one code point, without context: 'ß' stays.
char32_t to_upper(char32_t c);

/// By Unicode's general category: Ll; any letter; not assigned, for private use or a surrogate.
bool is_lower_letter(char32_t c);
bool is_letter(char32_t c);
bool is_unassigned(char32_t c);

}  // namespace troupe::tokenizer
