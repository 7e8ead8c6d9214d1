// What the ballroom is made of: wall bays, windows, columns, arches, coffers, marble and chandeliers.
#pragma once

#include <cstdint>

#include "engine/stage/raster/texture.h"
#include "engine/stage/raster/vec.h"

namespace troupe::stage {

/// A bay of panelled wall with curtains round its window's place, 5 x 8.8 m, seamless sideways.
TexturePtr paint_wall_bay(float detail, uint64_t seed);
/// The arched window of a bay, 2.2 x 4.8 m; `low` and `high` are the sky behind it.
TexturePtr paint_arched_window(Rgb low, Rgb high, float detail);
/// A fluted column with base and gilded capital, its sides clear, 1 : 7.
TexturePtr paint_column(float detail, uint64_t seed);
/// A wall over two columns with an arch cut out of its lower part, 5 x 3.4 m, seamless sideways.
TexturePtr paint_arch(float detail, uint64_t seed);
/// A coffer of the ceiling, seamless.
TexturePtr paint_coffer(float detail);
/// Two by two slabs of dark and light veined marble; alpha lets the mirrored room through by `polish`.
TexturePtr paint_marble(float polish, float detail, uint64_t seed);
/// Rings of candles with strings of crystal, square.
TexturePtr paint_chandelier(bool lit, float detail, uint64_t seed);
/// A candle bracket for a wall, 1 : 2.
TexturePtr paint_sconce(bool lit, float detail);

}  // namespace troupe::stage
