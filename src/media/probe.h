// What a picture is, read from its header before anything is decoded.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace troupe::media {

enum class ImageFormat { jpeg, png, webp };
std::string_view name(ImageFormat format);  ///< "JPEG", "PNG", "WEBP"

struct ImageInfo {
  ImageFormat format = ImageFormat::jpeg;
  int width = 0;  ///< in pixels, upright: after `orientation` is applied
  int height = 0;
  int bits_per_channel = 8;  ///< 1, 2, 4, 8 or 16
  int orientation = 1;       ///< EXIF, 1 … 8; 1 = stored upright
  bool alpha = false;        ///< may have transparent pixels
  bool animated = false;     ///< has further frames, which are not used
  bool grey = false;
  bool cmyk = false;
  bool colour_profile = false;  ///< carries an ICC profile; it is not applied: values are taken as sRGB
  bool operator==(const ImageInfo&) const = default;
};

/// Bounds of what is decoded. The defaults fit a 60-megapixel camera and keep a decode under 400 MB of
/// memory.
struct ImageLimits {
  uint64_t size_bytes_max = 32u << 20;
  int side_pixels_max = 16384;
  int64_t pixels_max = 64'000'000;
  /// Pictures with a longer side are shrunk to this while they are decoded.
  int decoded_side_pixels_max = 4096;
};

/// Reads the header of a JPEG, PNG or WEBP picture. Looks at every marker or chunk but decodes no pixel, so
/// it is fast and its memory does not depend on the picture. A good probe does not promise that the rest is
/// sound. Errors: unsupported (another kind of file, named in the message; 12-bit or lossless JPEG),
/// over_limit, corrupt_input (the header is damaged or cut off, or the file is empty). Thread-safe.
Result<ImageInfo> probe_image(ByteView bytes, const ImageLimits& limits = {});

}  // namespace troupe::media
