// The code page windows-1252, as those use it who mix it up with Latin-1.
#pragma once

#include <cstdint>
#include <optional>

namespace troupe::tokenizer {

/// Latin-1, but for 0x80…0x9F; the five bytes without a character there are U+0081, U+008D, U+008F, U+0090,
/// U+009D.
char32_t from_windows_1252(uint8_t byte);

/// The byte that is `c` in windows-1252 or in Latin-1.
std::optional<uint8_t> to_windows_1252(char32_t c);

}  // namespace troupe::tokenizer
