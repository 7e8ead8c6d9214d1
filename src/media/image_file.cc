#include "media/image_file.h"

#include <new>
#include <utility>

#include "media/image_codecs.h"
#include "media/orient.h"
#include "media/shrink.h"

namespace troupe::media {
namespace {

Result<Image> decode_stored(ByteView bytes, const ImageInfo& stored, const ImageLimits& limits) {
  switch (stored.format) {
    case ImageFormat::jpeg:
      return decode_jpeg(bytes, stored, limits.decoded_side_pixels_max);
    case ImageFormat::png:
      return decode_png(bytes, stored);
    case ImageFormat::webp:
      return decode_webp(bytes, stored);
  }
  return make_error(ErrorCode::internal, "a picture format without a decoder");
}

Image upright(Image stored, int orientation) {
  if (orientation == 1) return stored;
  struct Pixel {
    uint8_t rgba[4];
  };
  Image out =
      swaps_sides(orientation) ? Image(stored.height, stored.width) : Image(stored.width, stored.height);
  orient(reinterpret_cast<const Pixel*>(stored.rgba.data()), stored.width, stored.width, stored.height,
         orientation, reinterpret_cast<Pixel*>(out.rgba.data()));
  return out;
}

}  // namespace

Error damaged_picture(ImageFormat format, const std::string& why) {
  return make_error(ErrorCode::corrupt_input, "the " + std::string(name(format)) + " picture is damaged (" +
                                                  why + "); export it again");
}

Result<Image> decode_image(ByteView bytes, const ImageLimits& limits) {
  TROUPE_TRY(const ImageInfo shown, probe_image(bytes, limits));
  ImageInfo stored = shown;
  if (swaps_sides(shown.orientation)) std::swap(stored.width, stored.height);
  try {
    TROUPE_TRY(Image picture, decode_stored(bytes, stored, limits));
    return upright(shrink_to_fit(std::move(picture), limits.decoded_side_pixels_max), shown.orientation);
  } catch (const std::bad_alloc&) {
    return make_error(ErrorCode::out_of_memory, "there is not enough memory for the picture; scale it down");
  }
}

}  // namespace troupe::media
