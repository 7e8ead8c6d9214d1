// What a request line asks for, decoded once and strictly.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace troupe::http {

inline constexpr size_t kTargetBytesMax = 8 << 10;
inline constexpr size_t kQueryValuesMax = 256;

struct Target {
  std::string path;  ///< UTF-8, starts with '/', no control characters, no segment "." or ".."
  std::multimap<std::string, std::string> query;
};

/// Reads origin-form ("/a?b=c") and absolute-form ("http://host/a?b=c"). Errors: invalid_argument.
Result<Target> parse_target(std::string_view target);

/// "%41" → "A"; with `plus_is_blank`, "+" → " ". Errors: invalid_argument for anything but two hexadecimal
/// digits after '%', for bytes that are not UTF-8, and for control characters.
Result<std::string> percent_decode(std::string_view text, bool plus_is_blank);

}  // namespace troupe::http
