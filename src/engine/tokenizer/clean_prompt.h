// Prompts as the text encoder was trained to see them.
#pragma once

#include <string>
#include <string_view>

namespace troupe::tokenizer {

/// What Wan does to a prompt before it is cut into tokens: ftfy's `fix_text` with its defaults, then Python's
/// `html.unescape` twice, then every run of white space as one space and none at the ends.
///
/// `fix_text` here means, line by line and until nothing changes: character references replaced (up to the
/// first line with a '<', which looks like HTML), misread UTF-8 undone (`fix_mojibake` says which), C1
/// controls read as windows-1252, Latin ligatures and full-width forms taken apart, quotes uncurled, line
/// breaks made LF, terminal escapes and controls removed, NFC.
///
/// Takes any bytes (malformed ones become U+FFFD); the result is UTF-8 without NUL. Good text comes out with
/// the same letters. Time is linear but for text that is made to be unfolded over and over, where 32 rounds
/// are the bound. Thread-safe.
std::string clean_prompt(std::string_view utf8);

}  // namespace troupe::tokenizer
