// A member of a JSON object as it was written.
#pragma once

#include <string_view>

namespace troupe::api::native {

/// The text of the member `key` of the object `json`: its order, numbers and escapes untouched, without a
/// second tree of what may be a hundred megabytes. "" if there is none. REQUIRES that `json` is valid JSON.
std::string_view member_text(std::string_view json, std::string_view key);

}  // namespace troupe::api::native
