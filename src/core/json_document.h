// Untrusted JSON text into a tree, with everything refused that would make the tree ambiguous or unbounded.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe {

struct JsonDocument {
  nlohmann::json root;        ///< meaningful only if errors is empty
  std::vector<Error> errors;  ///< fields are JSON Pointers
};

/// Parses a whole text. Errors: over_limit (longer than `size_bytes_max`, nested deeper than `depth_max`),
/// corrupt_input (no UTF-8, no JSON, numbers that no double holds), invalid_argument (a key given twice; the
/// character U+0000 in a text). Any bytes may be given; never throws.
JsonDocument parse_json(std::string_view text, size_t size_bytes_max, int depth_max);

/// `pointer` with one more step, escaped as RFC 6901 asks.
std::string json_pointer(const std::string& pointer, std::string_view key);

}  // namespace troupe
