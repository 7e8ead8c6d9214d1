#include "engine/wan/pixels/cover.h"

#include <algorithm>
#include <cmath>

namespace troupe::engine::wan {
namespace {

constexpr size_t kChannels = 3;

// Copies from (left, top) of `from`; places outside of it take the nearest pixel.
Rgb taken(const Rgb& from, FrameSize size, int left, int top) {
  Rgb to(size.width, size.height);
  for (int y = 0; y < size.height; ++y) {
    const uint8_t* in = from.row(std::clamp(y + top, 0, from.height - 1));
    uint8_t* out = to.row(y);
    for (int x = 0; x < size.width; ++x) {
      const auto at = static_cast<size_t>(std::clamp(x + left, 0, from.width - 1));
      std::copy_n(in + at * kChannels, kChannels, out + static_cast<size_t>(x) * kChannels);
    }
  }
  return to;
}

}  // namespace

Result<Rgb> covered(const Rgb& picture, FrameSize size) {
  if (picture.width == size.width && picture.height == size.height) return picture;
  if (picture.width < 1 || picture.height < 1)
    return make_error(ErrorCode::invalid_argument, "the picture is empty");
  const double scale = std::max(static_cast<double>(size.width) / picture.width,
                                static_cast<double>(size.height) / picture.height);
  const double width = std::max<double>(size.width, std::round(picture.width * scale));
  const double height = std::max<double>(size.height, std::round(picture.height * scale));
  if (std::max(width, height) > kResizeSideMax)
    return make_error(ErrorCode::invalid_argument, "the picture's shape is too long for this video");
  TROUPE_TRY(const Rgb scaled,
             resized(picture, static_cast<int>(width), static_cast<int>(height), Filter::bicubic));
  return middle(scaled, size);
}

Rgb padded(const Rgb& picture, FrameSize size) {
  return taken(picture, size, -(size.width - picture.width) / 2, -(size.height - picture.height) / 2);
}

Rgb middle(const Rgb& picture, FrameSize size) {
  return taken(picture, size, (picture.width - size.width) / 2, (picture.height - size.height) / 2);
}

Image to_image(const Rgb& picture) {
  Image image(picture.width, picture.height);
  const size_t pixels = picture.values.size() / kChannels;
  for (size_t i = 0; i < pixels; ++i) {
    std::copy_n(&picture.values[i * kChannels], kChannels, &image.rgba[i * 4]);
    image.rgba[i * 4 + 3] = 255;
  }
  return image;
}

}  // namespace troupe::engine::wan
