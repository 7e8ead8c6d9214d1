// Small repairs of text, each without looking at anything else.
#pragma once

#include <string>
#include <string_view>

namespace troupe::tokenizer {

/// U+0080…U+009F as the characters that windows-1252 has there.
std::u32string fix_c1_controls(std::u32string_view text);

/// Letters that are crammed into one code point, such as U+FB01 (fi) and U+01C6 (dž), as those letters.
std::u32string fix_latin_ligatures(std::u32string_view text);

/// Full-width Latin as plain Latin, half-width kana as kana, the ideographic space as a space.
std::u32string fix_character_width(std::u32string_view text);

/// Curly quotation marks and apostrophes as ' and ".
std::u32string uncurl_quotes(std::u32string_view text);

/// CR LF, CR, U+2028, U+2029 and U+0085 as LF.
std::u32string fix_line_breaks(std::u32string_view text);

/// Without ESC '[' digits and ';', letter: colours and cursor movements of terminals.
std::u32string remove_terminal_escapes(std::u32string_view text);

/// Without characters that show nothing and mean nothing in stored text: ASCII's controls but tab, LF, FF,
/// CR, the deprecated format controls, byte order marks, interlinear annotation, the object replacement
/// character.
std::u32string remove_control_chars(std::u32string_view text);

}  // namespace troupe::tokenizer
