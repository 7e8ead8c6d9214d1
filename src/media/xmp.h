// Metadata as XMP: the XML that editors, platforms and exiftool read (ISO 16684-1).
#pragma once

#include <string>
#include <string_view>

#include "media/metadata.h"

namespace troupe::media {

/// Well-formed XML whatever the strings hold: malformed UTF-8 and characters that XML forbids become U+FFFD.
std::string to_xmp(const VideoMetadata& metadata);

/// The reverse, for packets of to_xmp()'s form; values that are missing keep their defaults.
/// Errors: not_found (nothing of ours in it), corrupt_input (a value of the wrong form).
Result<VideoMetadata> from_xmp(std::string_view packet);

}  // namespace troupe::media
