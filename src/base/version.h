#pragma once

#include <string_view>

namespace troupe {

/// "0.1.0": major, minor and patch of this build.
std::string_view version();

}  // namespace troupe
