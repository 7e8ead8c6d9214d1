// Whose API a path belongs to: what is refused there is told in that vendor's form. Private to server/.
#pragma once

#include <string_view>

#include "api/problem.h"

namespace troupe::server {

struct Dialect {
  std::string_view name;
  std::string_view content_type;  ///< of problems
  api::Answer (*print_problem)(const api::Problem& problem);
};

/// The native one for paths that are nobody else's.
const Dialect& dialect_of_path(std::string_view path);

}  // namespace troupe::server
