// Stone: a tile to stand on, and rocks that stand in the sea or lie about.
#pragma once

#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage::paint {

struct RockSpec {
  int width = 1024, height = 1024;  ///< powers of two for the tile
  Rgb stone = {0.46f, 0.43f, 0.40f}, dark = {0.30f, 0.28f, 0.27f};
  Rgb moss = {0.34f, 0.38f, 0.18f};
  float moss_share = 0.25f;
  float wetness = 0;  ///< 0 … 1: darker, with more shine
  uint64_t seed = 0;
};
/// Layered, cracked rock from above, for a tile of about 6 m.
Canvas paint_rock_tile(const RockSpec& spec, const Atmosphere& air);

/// A rock that stands: `slender` 0 = a boulder … 1 = a pillar. Mossy on top, its foot fades out.
Canvas paint_stack(const RockSpec& spec, float slender, const Atmosphere& air);

}  // namespace troupe::stage::paint
