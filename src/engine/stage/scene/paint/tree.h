// Trees as cards: thousands of leaves in three dimensions, sorted and lit, seen from the front.
#pragma once

#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage::paint {

struct BroadleafSpec {
  int width = 896, height = 896;  ///< canvas, pixels; the crown keeps clear of its edges
  Rgb leaf = {0.30f, 0.44f, 0.14f}, leaf_other = {0.44f, 0.52f, 0.16f};  ///< albedo, mixed leaf by leaf
  Rgb bark = {0.38f, 0.33f, 0.28f};
  float crown_width = 0.88f;   ///< share of the canvas's width
  float crown_height = 0.66f;  ///< share of its height
  float leaves = 1;            ///< 0 = bare … 1 = full … 1.5 = dense
  float leaf_size = 1;
  uint64_t seed = 0;
};

struct PineSpec {
  int width = 560, height = 1024;
  Rgb needle = {0.15f, 0.25f, 0.14f}, needle_tip = {0.27f, 0.36f, 0.17f};
  Rgb bark = {0.33f, 0.27f, 0.22f};
  float snow = 0;  ///< share of each bough's top under snow, 0 … 1
  float density = 1;
  uint64_t seed = 0;
};

/// The trunk stands in the middle of the foot of the canvas. About 30 ms.
Canvas paint_broadleaf(const BroadleafSpec& spec, const Atmosphere& air);
Canvas paint_pine(const PineSpec& spec, const Atmosphere& air);

/// A low round bush or fern clump without a trunk.
struct BushSpec {
  int width = 384, height = 256;
  Rgb leaf = {0.26f, 0.38f, 0.14f}, leaf_other = {0.36f, 0.46f, 0.16f};
  Rgb flower;         ///< drawn when `flowers` > 0
  float flowers = 0;  ///< 0 … 1
  float snow = 0;
  uint64_t seed = 0;
};
Canvas paint_bush(const BushSpec& spec, const Atmosphere& air);

/// A roof of leaves seen from below its edge: ragged at the foot, open at the top.
struct CanopySpec {
  int width = 1024, height = 448;
  Rgb leaf = {0.20f, 0.31f, 0.11f}, leaf_other = {0.34f, 0.43f, 0.14f};
  float leaves = 1;
  uint64_t seed = 0;
};
Canvas paint_canopy(const CanopySpec& spec, const Atmosphere& air);

/// The sun's direction on a card that faces the viewer: x right, y up, z towards the viewer.
inline Vec3 card_light(const Atmosphere& air) {
  const Vec3 d = air.sky.sun_direction;
  return normalized({d.x, d.y, -d.z});
}

}  // namespace troupe::stage::paint
