#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <memory>

#include "media/image_codecs.h"

namespace troupe::media {
namespace {

Result<Image> first_frame(ByteView bytes, const ImageInfo& stored) {
  WebPAnimDecoderOptions options;
  WebPAnimDecoderOptionsInit(&options);
  options.color_mode = MODE_RGBA;
  const WebPData data{bytes.data(), bytes.size()};
  const std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)> decoder(
      WebPAnimDecoderNew(&data, &options), WebPAnimDecoderDelete);
  WebPAnimInfo canvas{};
  if (!decoder || WebPAnimDecoderGetInfo(decoder.get(), &canvas) == 0) {
    return damaged_picture(ImageFormat::webp, "the animation is cut off");
  }
  if (canvas.canvas_width != static_cast<uint32_t>(stored.width) ||
      canvas.canvas_height != static_cast<uint32_t>(stored.height)) {
    return damaged_picture(ImageFormat::webp, "it has two headers");
  }
  uint8_t* pixels = nullptr;  // the decoder's own
  int time_milliseconds = 0;
  if (WebPAnimDecoderGetNext(decoder.get(), &pixels, &time_milliseconds) == 0) {
    return damaged_picture(ImageFormat::webp, "its first frame cannot be decoded");
  }
  Image picture(stored.width, stored.height);
  std::copy_n(pixels, picture.rgba.size(), picture.rgba.begin());
  return picture;
}

Result<Image> still(ByteView bytes, const ImageInfo& stored) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK ||
      features.width != stored.width || features.height != stored.height) {
    return damaged_picture(ImageFormat::webp, "its headers contradict each other");
  }
  Image picture(stored.width, stored.height);
  if (WebPDecodeRGBAInto(bytes.data(), bytes.size(), picture.rgba.data(), picture.rgba.size(),
                         stored.width * 4) == nullptr) {
    return damaged_picture(ImageFormat::webp, "its pixels are cut off or invalid");
  }
  return picture;
}

}  // namespace

Result<Image> decode_webp(ByteView bytes, const ImageInfo& stored) {
  return stored.animated ? first_frame(bytes, stored) : still(bytes, stored);
}

}  // namespace troupe::media
