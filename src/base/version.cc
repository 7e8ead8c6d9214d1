#include "base/version.h"

namespace troupe {

std::string_view version() { return TROUPE_VERSION; }

}  // namespace troupe
