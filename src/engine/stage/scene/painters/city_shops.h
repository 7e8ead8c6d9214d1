// The street level of houses: shop windows with blurred interiors, doors, shutters; and the parked cars
// before them.
#pragma once

#include <cstdint>

#include "engine/stage/raster/texture.h"
#include "engine/stage/raster/vec.h"

namespace troupe::stage {

enum class ShopKind { fashion, shelves, restaurant, bar, lobby, shutter };
inline constexpr int kShopKinds = 6;

struct ShopSpec {
  ShopKind kind = ShopKind::shelves;
  Rgb light = {1, 0.9f, 0.7f};  ///< of the room
  Rgb frame = {0.12f, 0.12f, 0.14f};
  float glow = 1;            ///< brightness of the room, 0.4 by day
  Rgb mirrored = {0, 0, 0};  ///< sky that the pane adds
  uint64_t seed = 0;
};

inline constexpr float kShopHeight = 4.2f;  ///< metres; fascia above 3.3
/// A front of about 4.6 x kShopHeight metres.
TexturePtr paint_shop(const ShopSpec& spec, float detail);

/// A parked car from behind (1.9 x 1.5 m) and from its side (4.5 x 1.5 m, nose to the right).
TexturePtr paint_car_rear(Rgb paint_color, bool lights, float detail);
TexturePtr paint_car_side(Rgb paint_color, float detail);

}  // namespace troupe::stage
