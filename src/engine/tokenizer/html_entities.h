// HTML's character references in text that may or may not be HTML.
#pragma once

#include <string>
#include <string_view>

namespace troupe::tokenizer {

/// Replaces every character reference as HTML 5 reads text, and as Python's `html.unescape` does: "&eacute;",
/// "&eacute" and "&notit;" (the longest known name in front counts), "&#233;", "&#xE9". U+0080…U+009F are
/// read as windows-1252; references to code points that text can't hold vanish, those past Unicode become
/// U+FFFD.
std::u32string unescape_html(std::u32string_view text);

/// Replaces only references that end in ';' and are letters and digits all through: what ftfy takes for meant
/// in text that isn't HTML. Knows "&EACUTE;" too.
std::u32string unescape_plain_html(std::u32string_view text);

}  // namespace troupe::tokenizer
