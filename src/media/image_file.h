// Picture files: strangers' bytes into pixels, and pixels into bytes.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "core/image.h"
#include "media/probe.h"

namespace troupe::media {

/// Decodes a JPEG, PNG or WEBP picture: probed first, upright by its EXIF orientation, at most
/// `limits.decoded_side_pixels_max` a side, alpha straight. 16 bit becomes 8, grey and CMYK become RGB (CMYK
/// without a profile: plain ink subtraction), of an animation the first frame is taken. An ICC profile is not
/// applied. Errors: probe_image()'s; corrupt_input where pixels are damaged or missing (never padded
/// silently); out_of_memory. Blocks for up to a second for a picture at the limits. Thread-safe.
Result<Image> decode_image(ByteView bytes, const ImageLimits& limits = {});

/// A PNG with alpha. REQUIRES a non-empty picture. Errors: out_of_memory, internal. Thread-safe.
Result<Bytes> encode_png(const Image& picture);

/// A JPEG over white, 4:2:0; quality 1 … 100, as libjpeg counts. REQUIRES a non-empty picture of at most
/// 65500 a side. Errors: out_of_memory, internal. Thread-safe.
Result<Bytes> encode_jpeg(const Image& picture, int quality = 90);

}  // namespace troupe::media
