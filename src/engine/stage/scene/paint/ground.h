// Seamless ground tiles and the small plants that stand on them.
#pragma once

#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage::paint {

struct GrassSpec {
  int side = 1024;  ///< pixels of the square tile, a power of two
  Rgb dark = {0.16f, 0.25f, 0.08f}, bright = {0.38f, 0.50f, 0.17f}, dry = {0.52f, 0.50f, 0.26f};
  float dryness = 0.15f;   ///< share of dry blades
  Rgb litter;              ///< fallen leaves or petals, drawn where `litter_share` > 0
  float litter_share = 0;  ///< 0 … 1
  uint64_t seed = 0;
};
/// Short grass from above, for a tile of about 5 m.
Canvas paint_grass(const GrassSpec& spec, const Atmosphere& air);

struct DirtSpec {
  int side = 1024;
  Rgb soil = {0.52f, 0.42f, 0.30f}, stone = {0.62f, 0.57f, 0.50f};
  float stones = 1;  ///< how many pebbles
  Rgb litter;
  float litter_share = 0;
  uint64_t seed = 0;
};
/// Trodden earth with pebbles, for a tile of about 5 m.
Canvas paint_dirt(const DirtSpec& spec, const Atmosphere& air);
/// Makes the sides (left and right) of a tile ragged and soft: a path to lay over another ground.
void fray_sides(Canvas& tile, float share, uint64_t seed);

/// Large light and dark patches as an overlay, so that a repeating tile below does not show. Seamless.
Canvas paint_patches(int side, Rgb dark, float dark_alpha, Rgb bright, float bright_alpha, int cells,
                     uint64_t seed);

struct TuftSpec {
  int cells = 6, cell_width = 192, cell_height = 160;
  Rgb root = {0.13f, 0.20f, 0.07f}, blade = {0.30f, 0.43f, 0.14f}, tip = {0.50f, 0.58f, 0.24f};
  int blades = 60;
  float spread = 1;  ///< how far blades lean out
  Rgb flower;
  int flowers = 0;  ///< a tuft, in every other cell
  uint64_t seed = 0;
};
/// Tufts side by side, for Tufts. Each is fuller in the middle and fades into the ground.
Canvas paint_tufts(const TuftSpec& spec, const Atmosphere& air);

}  // namespace troupe::stage::paint
