// Finds the tags in a prompt, in every spelling. Says where they are and what they name, not whether it
// exists.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/reference_table.h"

namespace troupe {

/// A stretch of prompt that mentions a reference.
struct TagToken {
  size_t offset = 0, length = 0;  ///< bytes of the prompt
  std::optional<TagWord> word;    ///< none: by name ("@fox"), or a tag that nothing answers to
  int number = 0;                 ///< 1-based, or kLast, if there is a word
  bool doubtful = false;          ///< plain English as well: text, not an error, if nothing answers to it
};

/// All tags, from left to right, none overlapping. Any bytes may be given. `table` decides where a name ends
/// ("@fox-like" mentions @fox unless there is an @fox-like).
std::vector<TagToken> scan_tags(std::string_view prompt, const ReferenceTable& table);

}  // namespace troupe
