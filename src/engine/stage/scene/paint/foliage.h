// Leaves as points in space, lit together and laid back to front.
#pragma once

#include <vector>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage::paint {

/// A ball of leaves. Pixels; z towards the viewer.
struct Cluster {
  Vec3 centre;  ///< x right, y down (canvas), z towards the viewer
  float radius = 40;
  float shade = 1;  ///< direct light that reaches it, set by shade_clusters
};

struct Leaf {
  Vec3 place;  ///< as Cluster::centre
  float rx = 5, ry = 3, angle = 0;
  Rgb color;
};

/// Lets clusters shade each other: `light` as card_light gives it.
void shade_clusters(std::vector<Cluster>& clusters, Vec3 light);

struct LeafStyle {
  Rgb color, other;    ///< albedo, mixed leaf by leaf
  float size = 5;      ///< half length, pixels
  float slim = 0.55f;  ///< width over length
  float glow = 0.8f;   ///< light through leaves when the sun is behind them
};

/// Adds `count` leaves on and in a cluster of a crown whose middle is `crown` and whose radii are `radii`.
void grow_leaves(const Cluster& cluster, Vec3 crown, Vec3 radii, int count, const LeafStyle& style,
                 const Atmosphere& air, Random& random, std::vector<Leaf>& leaves);

/// Lays the leaves with low <= z < high, the far ones first. Sorts `leaves`.
void lay_leaves(std::vector<Leaf>& leaves, float low, float high, Canvas& canvas);

}  // namespace troupe::stage::paint
