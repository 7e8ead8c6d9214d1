// Trunks and limbs: bark on a drawn skeleton.
#pragma once

#include <vector>

#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage::paint {

/// A bending piece of wood: a width for each point, pixels.
struct Limb {
  std::vector<Point> points;
  std::vector<float> widths;
};

/// A tree without leaves.
struct Skeleton {
  std::vector<Limb> limbs;
  std::vector<Vec3> tips;  ///< where leaves grow; x, y, z as Cluster::centre
};

/// The limbs, round and furrowed, on a transparent canvas.
Canvas paint_wood(const Skeleton& tree, int width, int height, Rgb bark, const Atmosphere& air,
                  uint64_t seed);

/// A tall straight trunk whose crown is out of sight, fading out at the top.
struct TrunkSpec {
  int width = 224, height = 1024;
  Rgb bark = {0.38f, 0.31f, 0.25f};
  Rgb moss = {0.28f, 0.36f, 0.14f};
  float moss_share = 0.4f;
  float snow = 0;     ///< clinging to the windward side, 0 … 1
  float furrows = 9;  ///< across the width
  uint64_t seed = 0;
};
Canvas paint_trunk(const TrunkSpec& spec, const Atmosphere& air);

}  // namespace troupe::stage::paint
