// "Did you mean …": the names most like a mistyped one. Internal to catalog/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::catalog {

/// At most three of `known` that look like `name`, the best first: few edits away, or containing it. Bytes
/// are compared without regard to ASCII case or punctuation.
std::vector<std::string> most_like(std::string_view name, const std::vector<std::string>& known);

}  // namespace troupe::catalog
