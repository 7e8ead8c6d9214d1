// Searching texts whatever the case.
#pragma once

#include <string>
#include <string_view>

namespace troupe::jobs {

/// `text` with its capitals made small: Latin, Greek, Cyrillic and Armenian letters that have one small
/// letter each (Unicode's simple case folding of these blocks); all else, and bytes that are no UTF-8, as
/// they are.
std::string fold_case(std::string_view text);

}  // namespace troupe::jobs
