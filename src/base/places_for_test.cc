#include "base/places_for_test.h"

namespace troupe::places {

std::string in_tree(const std::string& path) { return path.empty() ? TROUPE_TREE : TROUPE_TREE "/" + path; }

std::string built(const std::string& path) { return TROUPE_BUILT "/" + path; }

}  // namespace troupe::places
