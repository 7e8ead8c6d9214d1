// The decoders behind decode_image(): whole pictures as stored, no orientation applied.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "core/image.h"
#include "media/probe.h"

namespace troupe::media {

/// `stored` is what the header said, checked against the limits; a decoder that finds another size refuses.
/// decode_jpeg() may return a picture smaller by a whole fraction, still at least `side_pixels_wanted` long.
/// Errors: corrupt_input, unsupported. May throw std::bad_alloc.
Result<Image> decode_jpeg(ByteView bytes, const ImageInfo& stored, int side_pixels_wanted);
Result<Image> decode_png(ByteView bytes, const ImageInfo& stored);
Result<Image> decode_webp(ByteView bytes, const ImageInfo& stored);

/// "the PNG picture is damaged (why); export it again".
Error damaged_picture(ImageFormat format, const std::string& why);

}  // namespace troupe::media
