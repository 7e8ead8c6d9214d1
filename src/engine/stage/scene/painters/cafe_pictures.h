// The café's furniture and walls. What stands behind the guests is painted out of focus.
#pragma once

#include <cstdint>

#include "engine/stage/raster/texture.h"
#include "engine/stage/raster/vec.h"

namespace troupe::stage {

/// A brick wall with grime, 4 x 4 m, seamless.
TexturePtr paint_brick_wall(float detail, uint64_t seed);
/// A wide window on the street, 3.2 x 2.1 m: panes with a frame; `dark` shows lights out of focus.
TexturePtr paint_street_window(bool dark, Rgb low, Rgb high, float detail, uint64_t seed);
/// Shelves with cups, bottles and jars over a bar with its machine, 4.2 x 3 m, clear round it.
TexturePtr paint_bar_counter(float detail, uint64_t seed);
/// A slate with chalk strokes, or a framed picture, 1 : 1.25.
TexturePtr paint_wall_picture(bool slate, float detail, uint64_t seed);
/// A pendant lamp with its cord, 1 : 3, the shade at the foot.
TexturePtr paint_pendant(Rgb shade, float detail);
/// A small table with two chairs and, if asked, two guests, 2.2 x 1.5 m.
TexturePtr paint_table_group(bool guests, float detail, uint64_t seed);
/// A potted or hanging plant, 1 : 1.
TexturePtr paint_plant(bool hanging, float detail, uint64_t seed);
/// Oak boards for the floor, 3 x 3 m, seamless; and a polished round table top seen from above.
TexturePtr paint_boards(float detail, uint64_t seed);
TexturePtr paint_table_top(float detail, uint64_t seed);
/// A cup on its saucer, 1 : 1, and a candle in a glass, 1 : 1.5.
TexturePtr paint_cup(float detail, Rgb glaze);
TexturePtr paint_candle_glass(float detail);

}  // namespace troupe::stage
