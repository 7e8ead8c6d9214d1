#include "engine/stage/raster/texture.h"

#include <algorithm>

namespace troupe::stage {
namespace {

Texture::Level sized(int width, int height) {
  Texture::Level level;
  level.width = width;
  level.height = height;
  level.rgba.resize(static_cast<size_t>(level.stride()) * static_cast<size_t>(height) * 4);
  return level;
}

// The pixels beyond both ends of each row.
void add_neighbours(Texture::Level& level, Wrap wrap) {
  const bool repeat = wrap == Wrap::repeat;
  for (int y = 0; y < level.height; ++y) {
    std::copy_n(level.at(repeat ? level.width - 1 : 0, y), 4, level.at(-1, y));
    std::copy_n(level.at(repeat ? 0 : level.width - 1, y), 4, level.at(level.width, y));
  }
}

// Marks blocks that show something, and those beside them: a sample may reach over a block's edge.
void mark_blocks(Texture::Level& level) {
  constexpr int kBlock = Texture::kBlock;
  level.blocks_across = (level.width + kBlock - 1) / kBlock;
  const int down = (level.height + kBlock - 1) / kBlock;
  std::vector<uint8_t> shows(static_cast<size_t>(level.blocks_across) * static_cast<size_t>(down));
  for (int y = 0; y < level.height; ++y) {
    uint8_t* row = &shows[static_cast<size_t>(y / kBlock) * static_cast<size_t>(level.blocks_across)];
    for (int x = 0; x < level.width; ++x) row[x / kBlock] |= level.at(x, y)[3] != 0;
  }
  level.occupied.assign(shows.size(), 0);
  for (int y = 0; y < down; ++y) {
    for (int x = 0; x < level.blocks_across; ++x) {
      uint8_t any = 0;
      for (int ny = std::max(0, y - 1); ny <= std::min(down - 1, y + 1); ++ny) {
        for (int nx = std::max(0, x - 1); nx <= std::min(level.blocks_across - 1, x + 1); ++nx) {
          any |= shows[static_cast<size_t>(ny) * static_cast<size_t>(level.blocks_across) +
                       static_cast<size_t>(nx)];
        }
      }
      level.occupied[static_cast<size_t>(y) * static_cast<size_t>(level.blocks_across) +
                     static_cast<size_t>(x)] = any;
    }
  }
}

void complete(Texture::Level& level, Wrap wrap_u) {
  add_neighbours(level, wrap_u);
  mark_blocks(level);
}

Texture::Level premultiplied(const Image& image) {
  Texture::Level level = sized(image.width, image.height);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const uint8_t* from = image.at(x, y);
      uint8_t* to = level.at(x, y);
      for (int c = 0; c < 3; ++c) to[c] = static_cast<uint8_t>((from[c] * from[3] + 127) / 255);
      to[3] = from[3];
    }
  }
  return level;
}

// The next level: means of 2x2 blocks; an odd last row or column is averaged with itself.
Texture::Level halved(const Texture::Level& source) {
  Texture::Level level = sized(std::max(1, source.width / 2), std::max(1, source.height / 2));
  for (int y = 0; y < level.height; ++y) {
    const int y0 = std::min(2 * y, source.height - 1), y1 = std::min(2 * y + 1, source.height - 1);
    for (int x = 0; x < level.width; ++x) {
      const int x0 = std::min(2 * x, source.width - 1), x1 = std::min(2 * x + 1, source.width - 1);
      const uint8_t *a = source.at(x0, y0), *b = source.at(x1, y0), *c = source.at(x0, y1),
                    *d = source.at(x1, y1);
      uint8_t* out = level.at(x, y);
      for (int k = 0; k < 4; ++k) out[k] = static_cast<uint8_t>((a[k] + b[k] + c[k] + d[k] + 2) / 4);
    }
  }
  return level;
}

}  // namespace

TexturePtr Texture::make(const Image& image, Wrap wrap_u, Wrap wrap_v) {
  auto texture = std::make_shared<Texture>();
  texture->wrap_u_ = wrap_u;
  texture->wrap_v_ = wrap_v;
  for (size_t i = 3; i < image.rgba.size(); i += 4) texture->opaque_ &= image.rgba[i] == 255;
  texture->levels_.push_back(premultiplied(image));
  complete(texture->levels_.back(), wrap_u);
  while (texture->levels_.back().width > 1 || texture->levels_.back().height > 1) {
    texture->levels_.push_back(halved(texture->levels_.back()));
    complete(texture->levels_.back(), wrap_u);
  }
  return texture;
}

size_t Texture::size_bytes() const {
  size_t total = 0;
  for (const Level& level : levels_) total += level.rgba.size() + level.occupied.size();
  return total;
}

}  // namespace troupe::stage
