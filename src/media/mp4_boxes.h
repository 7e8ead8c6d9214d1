// The outermost structure of MP4 files: their boxes (ISO/IEC 14496-12, 4.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/byte_source.h"

namespace troupe::media {

struct Box {
  std::string type;     ///< four characters: "moov"
  uint64_t offset = 0;  ///< of the box in the file
  uint64_t body = 0;    ///< offset of what follows its header
  uint64_t end = 0;     ///< past its last byte; may lie past the end of a file that was cut off
};

/// The box at `offset`, which is in the source; none where no box can be (past the end, or a size too small).
std::optional<Box> box_at(ByteSource& source, uint64_t offset);

/// True if the source's top-level boxes, moov among them, fill it exactly: nothing was cut off.
bool mp4_is_whole(ByteSource& source);

/// True of a whole file whose last box says where it ends: another one may follow.
bool can_be_appended_to(ByteSource& source);

/// The last XMP packet at the top level. Errors: not_found, corrupt_input (not a file of boxes), over_limit.
Result<std::string> find_xmp(ByteSource& source);

/// The packet as the bytes of the box that holds it, to be appended to a file: offsets in it stay valid.
Bytes xmp_box(std::string_view packet);

inline constexpr uint64_t kXmpBytesMax = 1 << 20;
/// Top-level boxes that are looked at: a fragmented file has two a fragment.
inline constexpr int kTopLevelBoxesMax = 100'000;

}  // namespace troupe::media
