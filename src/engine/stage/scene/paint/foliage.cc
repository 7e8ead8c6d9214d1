#include "engine/stage/scene/paint/foliage.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/scene/paint/tree.h"

namespace troupe::stage::paint {
namespace {

Vec3 on_sphere(Random& random) {
  const float z = random.uniform(-1, 1), a = random.uniform(0, 6.2831853f), r = std::sqrt(1 - z * z);
  return {r * std::cos(a), r * std::sin(a), z};
}

// Canvas y runs down, light's y up.
Vec3 up_right(Vec3 canvas) { return {canvas.x, -canvas.y, canvas.z}; }

}  // namespace

void shade_clusters(std::vector<Cluster>& clusters, Vec3 light) {
  for (Cluster& c : clusters) {
    float dark = 0;
    for (const Cluster& other : clusters) {
      const Vec3 to = up_right(other.centre - c.centre);
      const float along = dot(to, light);
      if (along <= 0.3f * c.radius) continue;
      const float aside = length(to - light * along) / other.radius;
      dark += std::exp(-1.6f * aside * aside) * 0.38f;
    }
    c.shade = std::exp(-dark);
  }
}

void grow_leaves(const Cluster& cluster, Vec3 crown, Vec3 radii, int count, const LeafStyle& style,
                 const Atmosphere& air, Random& random, std::vector<Leaf>& leaves) {
  const Vec3 light = card_light(air);
  const float behind = clamp01(-light.z);
  for (int i = 0; i < count; ++i) {
    const Vec3 v = on_sphere(random);
    const float depth = std::sqrt(random.uniform(0.10f, 1.0f));
    Leaf leaf;
    leaf.place = cluster.centre + v * (cluster.radius * depth);
    const Vec3 out = leaf.place - crown;
    const Vec3 share = {out.x / radii.x, out.y / radii.y, out.z / radii.z};
    const float rim = std::min(1.0f, length(share));
    const Vec3 normal = normalized(up_right(v) * 0.75f + up_right(share) * 0.7f + Vec3{0, 0.15f, 0.1f});
    const float facing = clamp01(0.30f + 0.75f * dot(normal, light)) * cluster.shade;
    const float open =
        (0.30f + 0.55f * rim * rim) * (0.72f + 0.28f * clamp01(0.5f + normal.y)) * (0.6f + 0.4f * depth);
    const Rgb albedo =
        mix(style.color, style.other, clamp01(0.5f + 0.30f * random.normal())) * random.uniform(0.82f, 1.18f);
    const float through = style.glow * (0.25f + 0.9f * behind) * std::sqrt(cluster.shade) * rim *
                          (0.45f + 0.65f * clamp01(0.5f + 0.5f * dot(up_right(v), light)));
    leaf.color = air.lit(albedo, facing, open) + albedo * air.sun * Rgb{1.25f, 1.15f, 0.45f} * through;
    leaf.rx = style.size * random.uniform(0.7f, 1.25f);
    leaf.ry = leaf.rx * style.slim * random.uniform(0.6f, 1.2f);
    leaf.angle = random.uniform(0, 3.14159f);
    leaves.push_back(leaf);
  }
}

void lay_leaves(std::vector<Leaf>& leaves, float low, float high, Canvas& canvas) {
  std::sort(leaves.begin(), leaves.end(), [](const Leaf& a, const Leaf& b) { return a.place.z < b.place.z; });
  for (const Leaf& leaf : leaves) {
    if (leaf.place.z < low || leaf.place.z >= high) continue;
    canvas.dab({.centre = {leaf.place.x, leaf.place.y},
                .rx = leaf.rx,
                .ry = leaf.ry,
                .angle = leaf.angle,
                .color = leaf.color,
                .alpha = 0.96f});
  }
}

}  // namespace troupe::stage::paint
