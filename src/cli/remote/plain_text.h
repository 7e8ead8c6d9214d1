// Texts that came from elsewhere, made fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace troupe::cli::remote {

/// `text` without what would steer the terminal: control characters (line breaks too) become spaces; bytes
/// that are no UTF-8 become U+FFFD.
std::string plain(std::string_view text);

/// How many columns a terminal gives it: two for East Asian wide characters and emoji, none for marks that
/// combine.
int width_of(std::string_view text);

/// `text` (plain) in at most `columns`, with "…" at the end where something was cut off. `columns` >= 1.
std::string cut(std::string_view text, int columns);

/// The same, filled up with spaces to exactly `columns`.
std::string padded(std::string_view text, int columns);

}  // namespace troupe::cli::remote
