// Pictures on meshes.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/image.h"

namespace troupe::stage {

/// What lies past the edge of a texture: it goes on with its edge pixel, or from the other side.
enum class Wrap { clamp, repeat };

/// An immutable mipmapped picture: premultiplied RGBA8, levels by 2x2 means down to 1 pixel.
/// Shared freely between meshes and threads once made. Memory: 16/3 bytes a pixel.
class Texture {
 public:
  /// One mip level, premultiplied. Each row has one pixel more at either end (the neighbour that the wrap
  /// gives), so that bilinear sampling reads two neighbours at once everywhere.
  struct Level {
    int width = 0, height = 0;
    std::vector<uint8_t> rgba;  ///< (width + 2) * height pixels, rows top-down
    int blocks_across = 0;
    std::vector<uint8_t> occupied;  ///< a block of kBlock texels a side: 1 if anything shows in or next to it

    int stride() const { return width + 2; }
    const uint8_t* at(int x, int y) const { return &rgba[(static_cast<size_t>(y) * stride() + x + 1) * 4]; }
    uint8_t* at(int x, int y) { return &rgba[(static_cast<size_t>(y) * stride() + x + 1) * 4]; }
  };
  static constexpr int kBlock = 16;

  /// From straight alpha. Sides 1 … 8192. With Wrap::repeat on an axis that side must be a power of two.
  /// u and v run 0 … 1 over the picture, v downwards.
  static std::shared_ptr<const Texture> make(const Image& image, Wrap wrap_u = Wrap::clamp,
                                             Wrap wrap_v = Wrap::clamp);

  const std::vector<Level>& levels() const { return levels_; }
  Wrap wrap_u() const { return wrap_u_; }
  Wrap wrap_v() const { return wrap_v_; }
  /// False if any texel is not opaque.
  bool opaque() const { return opaque_; }
  size_t size_bytes() const;

 private:
  std::vector<Level> levels_;
  Wrap wrap_u_ = Wrap::clamp, wrap_v_ = Wrap::clamp;
  bool opaque_ = true;
};
using TexturePtr = std::shared_ptr<const Texture>;

}  // namespace troupe::stage
