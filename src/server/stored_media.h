// What stored bytes are. Private to server/.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "store/object_store.h"

namespace troupe::server {

/// The most that one picture or clip may have, however it comes in.
inline constexpr uint64_t kMediumBytesMax = uint64_t{512} << 20;

/// True if a picture or clip that can be taken begins with these bytes.
bool begins_a_medium(ByteView head);

/// "image/png", "video/mp4" …: of bytes that begin so (kMediumHeadBytes are enough). Errors: unsupported,
/// with what it is instead.
Result<std::string> media_type_of_head(ByteView head);
inline constexpr size_t kMediumHeadBytes = 512;

/// "image/png", "video/mp4" …: by the object's first bytes. Errors: unsupported, with what it is instead; the
/// store's.
Result<std::string> media_type_of_object(store::ObjectStore& objects, const std::string& object);

}  // namespace troupe::server
