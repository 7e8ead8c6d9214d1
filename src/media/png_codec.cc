#include <png.h>

#include <memory>
#include <string>

#include "media/image_codecs.h"
#include "media/image_file.h"
#include "media/image_headers.h"

namespace troupe::media {

Result<Image> decode_png(ByteView bytes, const ImageInfo& stored) {
  if (!png_is_whole(bytes)) return damaged_picture(ImageFormat::png, "its end is missing");
  png_image reader{};
  reader.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(&png_image_free)> release(&reader, png_image_free);
  if (png_image_begin_read_from_memory(&reader, bytes.data(), bytes.size()) == 0) {
    return damaged_picture(ImageFormat::png, reader.message);
  }
  if (reader.width != static_cast<unsigned>(stored.width) ||
      reader.height != static_cast<unsigned>(stored.height)) {
    return damaged_picture(ImageFormat::png, "it has two headers");
  }
  reader.format = PNG_FORMAT_RGBA;
  // Without this, 16-bit pictures that do not name their gamma are taken as linear light.
  reader.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  Image picture(stored.width, stored.height);
  if (png_image_finish_read(&reader, nullptr, picture.rgba.data(), 0, nullptr) == 0) {
    return damaged_picture(ImageFormat::png, reader.message);
  }
  return picture;
}

Result<Bytes> encode_png(const Image& picture) {
  png_image writer{};
  writer.version = PNG_IMAGE_VERSION;
  writer.width = static_cast<png_uint_32>(picture.width);
  writer.height = static_cast<png_uint_32>(picture.height);
  writer.format = PNG_FORMAT_RGBA;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(writer);
  Bytes bytes(size);
  if (png_image_write_to_memory(&writer, bytes.data(), &size, 0, picture.rgba.data(), 0, nullptr) == 0) {
    return make_error(ErrorCode::internal, "the PNG encoder failed: " + std::string(writer.message));
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace troupe::media
