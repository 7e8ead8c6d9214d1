#include "engine/stage/raster/texture.h"

#include <algorithm>

namespace troupe::stage {
namespace {

Texture::Level premultiplied(const Image& image) {
  Texture::Level level{image.width, image.height, image.rgba};
  for (size_t i = 0; i < level.rgba.size(); i += 4) {
    const unsigned alpha = level.rgba[i + 3];
    for (size_t c = 0; c < 3; ++c) {
      level.rgba[i + c] = static_cast<uint8_t>((level.rgba[i + c] * alpha + 127) / 255);
    }
  }
  return level;
}

// The next level: means of 2x2 blocks; an odd last row or column is averaged with itself.
Texture::Level halved(const Texture::Level& source) {
  Texture::Level level;
  level.width = std::max(1, source.width / 2);
  level.height = std::max(1, source.height / 2);
  level.rgba.resize(static_cast<size_t>(level.width) * level.height * 4);
  for (int y = 0; y < level.height; ++y) {
    const int y0 = std::min(2 * y, source.height - 1), y1 = std::min(2 * y + 1, source.height - 1);
    for (int x = 0; x < level.width; ++x) {
      const int x0 = std::min(2 * x, source.width - 1), x1 = std::min(2 * x + 1, source.width - 1);
      const auto at = [&](int px, int py) {
        return &source.rgba[(static_cast<size_t>(py) * source.width + px) * 4];
      };
      uint8_t* out = &level.rgba[(static_cast<size_t>(y) * level.width + x) * 4];
      for (int c = 0; c < 4; ++c) {
        const int sum = at(x0, y0)[c] + at(x1, y0)[c] + at(x0, y1)[c] + at(x1, y1)[c];
        out[c] = static_cast<uint8_t>((sum + 2) / 4);
      }
    }
  }
  return level;
}

}  // namespace

TexturePtr Texture::make(const Image& image, Wrap wrap_u, Wrap wrap_v) {
  auto texture = std::make_shared<Texture>();
  texture->wrap_u_ = wrap_u;
  texture->wrap_v_ = wrap_v;
  texture->levels_.push_back(premultiplied(image));
  while (texture->levels_.back().width > 1 || texture->levels_.back().height > 1) {
    texture->levels_.push_back(halved(texture->levels_.back()));
  }
  return texture;
}

size_t Texture::size_bytes() const {
  size_t total = 0;
  for (const Level& level : levels_) total += level.rgba.size();
  return total;
}

}  // namespace troupe::stage
