#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/stage/scene/paint/foliage.h"
#include "engine/stage/scene/paint/tree.h"

namespace troupe::stage::paint {
namespace {

constexpr float kPi = 3.14159265f;
constexpr float kFar = std::numeric_limits<float>::max();

}  // namespace

Canvas paint_bush(const BushSpec& spec, const Atmosphere& air) {
  Random random(spec.seed);
  const auto w = static_cast<float>(spec.width), h = static_cast<float>(spec.height);
  const Vec3 middle = {w / 2, h * 0.72f, 0}, radii = {w * 0.40f, h * 0.52f, w * 0.4f};
  std::vector<Cluster> clusters;
  for (int i = 0; i < 26; ++i) {
    const float a = random.uniform(0, 2 * kPi), r = std::sqrt(random.uniform());
    clusters.push_back({{middle.x + std::cos(a) * r * radii.x * 0.82f,
                         std::min(h * 0.90f, middle.y - std::abs(std::sin(a)) * r * radii.y * 0.80f),
                         random.uniform(-0.8f, 0.8f) * radii.z},
                        h * random.uniform(0.09f, 0.17f)});
  }
  shade_clusters(clusters, card_light(air));
  std::vector<Leaf> leaves;
  for (const Cluster& c : clusters) {
    grow_leaves(c, middle, radii, 130, {spec.leaf, spec.leaf_other, w * 0.011f}, air, random, leaves);
    if (spec.flowers > 0) {
      grow_leaves(c, middle, radii, static_cast<int>(26 * spec.flowers),
                  {spec.flower, spec.flower * 1.1f, w * 0.011f, 0.9f}, air, random, leaves);
    }
    if (spec.snow > 0) {
      grow_leaves({c.centre - Vec3{0, c.radius * 0.5f, -c.radius * 0.3f}, c.radius * 0.8f, c.shade}, middle,
                  radii, static_cast<int>(60 * spec.snow),
                  {{0.9f, 0.93f, 1.0f}, {1, 1, 1}, w * 0.014f, 0.7f, 0}, air, random, leaves);
    }
  }
  Canvas canvas(spec.width, spec.height);
  lay_leaves(leaves, -kFar, kFar, canvas);
  canvas.fade_foot(0.12f);
  canvas.clear_rim();
  return canvas;
}

Canvas paint_canopy(const CanopySpec& spec, const Atmosphere& air) {
  Random random(spec.seed);
  const auto w = static_cast<float>(spec.width), h = static_cast<float>(spec.height);
  const Vec3 middle = {w / 2, h * 0.25f, 0}, radii = {w * 0.5f, h * 0.7f, h * 0.5f};
  std::vector<Cluster> clusters;
  for (int i = 0; i < 110; ++i) {
    const float x = random.uniform(0.08f, 0.92f), arch = 1 - (2 * x - 1) * (2 * x - 1);
    const float y = mix(0.12f, 0.20f + 0.55f * (0.35f + 0.65f * arch), std::sqrt(random.uniform()));
    clusters.push_back(
        {{x * w, y * h, random.uniform(-0.8f, 0.8f) * radii.z}, h * random.uniform(0.06f, 0.12f)});
  }
  shade_clusters(clusters, card_light(air));
  std::vector<Leaf> leaves;
  for (const Cluster& c : clusters) {
    grow_leaves(c, middle, radii, static_cast<int>(105 * spec.leaves),
                {spec.leaf, spec.leaf_other, w * 0.0052f}, air, random, leaves);
  }
  Canvas canvas(spec.width, spec.height);
  lay_leaves(leaves, -kFar, kFar, canvas);
  canvas.clear_rim();
  return canvas;
}

}  // namespace troupe::stage::paint
