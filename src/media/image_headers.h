// The header parsers behind probe_image(), one a format. They check no limits. Sizes are as stored, not
// upright.
#pragma once

#include "media/probe.h"

namespace troupe::media {

/// Each REQUIRES that the bytes start with the format's signature. Errors: corrupt_input, unsupported.
Result<ImageInfo> read_jpeg_header(ByteView bytes);
Result<ImageInfo> read_png_header(ByteView bytes);
Result<ImageInfo> read_webp_header(ByteView bytes);

/// True if all of the PNG's chunks, up to and with IEND, are there.
bool png_is_whole(ByteView bytes);

/// The orientation tag (1 … 8) of a block of EXIF data: a TIFF header, perhaps after "Exif\0\0". 1 if there
/// is none or the block is damaged: a picture is not refused for that.
int exif_orientation(ByteView block);

}  // namespace troupe::media
