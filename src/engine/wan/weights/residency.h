// Where a network's weights are between two uses.
#pragma once

namespace troupe::engine::wan {

/// Of the blocks of a network, which are nearly all of its weights.
enum class Residency {
  resident,  ///< on the device
  streamed,  ///< in the file; each block is read when its turn comes, the next one ahead
};

}  // namespace troupe::engine::wan
