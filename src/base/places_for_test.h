// Where tests find files of the source tree, and what was built. A library of its own (troupe_places): paths
// of one clone stand in no other object, so that all others serve every clone.
#pragma once

#include <string>

namespace troupe::places {

/// in_tree("samples/fox.png"): its whole path; of "" the tree's own.
std::string in_tree(const std::string& path);

/// built("bin/troupe"): its whole path, below the folder of the build.
std::string built(const std::string& path);

}  // namespace troupe::places
