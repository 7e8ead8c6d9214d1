#include "engine/stage/scene/paint/tree.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/stage/scene/paint/foliage.h"
#include "engine/stage/scene/paint/wood.h"

namespace troupe::stage::paint {
namespace {

constexpr float kPi = 3.14159265f;
constexpr float kFar = std::numeric_limits<float>::max();

struct Crown {
  Vec3 centre, radii;
  float phase = 0;
  /// 1 on the outline, which bulges and dips so that no crown looks turned on a lathe.
  float outside(Point p) const {
    const float x = (p.x - centre.x) / radii.x, y = (p.y - centre.y) / radii.y, a = std::atan2(y, x);
    const float bulge = 0.06f * std::sin(3 * a + phase) + 0.05f * std::sin(5 * a + 2.3f * phase) +
                        0.04f * std::sin(9 * a + 4.1f * phase);
    return std::hypot(x, y) / (0.86f + bulge);
  }
};

// Grows a limb and its children; `angle` is 0 straight up, > 0 to the right.
void grow(Skeleton& tree, const Crown& crown, Point from, float z, float angle, float limb_length,
          float width, int level, Random& random) {
  Limb limb{{from}, {width}};
  float bend = random.uniform(-0.30f, 0.30f);
  constexpr int kSteps = 5;
  Point p = from;
  for (int i = 0; i < kSteps; ++i) {
    angle += bend / kSteps + random.uniform(-0.07f, 0.07f);
    p = {p.x + std::sin(angle) * limb_length / kSteps, p.y - std::cos(angle) * limb_length / kSteps};
    limb.points.push_back(p);
    limb.widths.push_back(width * (1 - 0.38f * static_cast<float>(i + 1) / kSteps));
    if (level > 1 && crown.outside(p) > 0.90f) break;
  }
  tree.limbs.push_back(limb);
  if (level >= 2) tree.tips.push_back({p.x, p.y, z});
  if (level >= 5 || width < 1.5f || (level > 1 && crown.outside(p) > 0.88f)) return;
  const int children = level == 0 ? 4 : 2 + (random.uniform() < 0.45f ? 1 : 0);
  for (int i = 0; i < children; ++i) {
    const float spread = children == 1 ? 0 : static_cast<float>(i) / static_cast<float>(children - 1) * 2 - 1;
    const float turn = spread * (level == 0 ? 0.85f : 0.62f) + random.uniform(-0.22f, 0.22f);
    grow(tree, crown, p, z + random.uniform(-0.30f, 0.30f) * crown.radii.z, angle * 0.85f + turn,
         limb_length * (level == 0 ? 0.62f : 0.78f) * random.uniform(0.8f, 1.15f), width * 0.60f, level + 1,
         random);
  }
}

// The trunk widens into the ground.
void flare(Limb& trunk, Point foot, float width, Random& random) {
  const Point low = trunk.points[0], high = trunk.points[1];
  Limb root;
  for (int i = 0; i < 8; ++i) {
    const float t = static_cast<float>(i) / 7, up = (t - 0.25f) / 0.75f;
    const Point p = t < 0.25f ? Point{mix(foot.x, low.x, t * 4), mix(foot.y, low.y, t * 4)}
                              : Point{mix(low.x, high.x, up), mix(low.y, high.y, up)};
    root.points.push_back(p);
    root.widths.push_back(mix(trunk.widths[0], trunk.widths[1], t) + width * 0.75f * std::exp(-6.5f * t));
  }
  root.points.insert(root.points.end(), trunk.points.begin() + 2, trunk.points.end());
  root.widths.insert(root.widths.end(), trunk.widths.begin() + 2, trunk.widths.end());
  root.points[0].x += width * random.uniform(-0.12f, 0.12f);
  trunk = root;
}

// Balls of leaves at the tips, and more of them wherever the crown has wood near by.
std::vector<Cluster> clusters_of(const Skeleton& tree, const Crown& crown, Random& random) {
  std::vector<Cluster> clusters;
  const float mean = (crown.radii.x + crown.radii.y) / 2;
  const auto add = [&](Vec3 centre, float radius) {
    // Near the outline the ball is drawn in, so that no leaf leaves the canvas.
    const float out = crown.outside({centre.x, centre.y}),
                most = random.uniform(0.88f, 1.02f) - 0.8f * radius / mean;
    clusters.push_back({out > most ? mix(crown.centre, centre, most / out) : centre, radius});
  };
  for (const Vec3 tip : tree.tips) {
    add(tip + Vec3{random.uniform(-0.06f, 0.06f) * mean, random.uniform(-0.08f, 0.02f) * mean, 0},
        mean * random.uniform(0.11f, 0.19f));
  }
  for (int i = 0; i < 260 && clusters.size() < tree.tips.size() + 70; ++i) {
    const float a = random.uniform(0, 2 * kPi), r = std::sqrt(random.uniform());
    const Vec3 p = {crown.centre.x + std::cos(a) * r * crown.radii.x,
                    crown.centre.y + std::sin(a) * r * crown.radii.y,
                    random.uniform(-0.7f, 0.7f) * crown.radii.z};
    const bool near = std::any_of(tree.tips.begin(), tree.tips.end(), [&](Vec3 tip) {
      return std::hypot(tip.x - p.x, tip.y - p.y) < 0.26f * mean;
    });
    if (near) add(p, mean * random.uniform(0.10f, 0.18f));
  }
  return clusters;
}

}  // namespace

Canvas paint_broadleaf(const BroadleafSpec& spec, const Atmosphere& air) {
  Random random(spec.seed);
  const auto w = static_cast<float>(spec.width), h = static_cast<float>(spec.height);
  const Crown crown{{w / 2, h * (0.03f + spec.crown_height / 2), 0},
                    {w * spec.crown_width / 2, h * spec.crown_height / 2, w * spec.crown_width / 2},
                    random.uniform(0, 6.28f)};
  const Point foot = {w / 2, h * 0.975f};
  const float trunk = w * 0.050f;
  Skeleton tree;
  grow(tree, crown, {foot.x, foot.y - trunk * 0.3f}, 0, random.uniform(-0.06f, 0.06f),
       h * (1 - spec.crown_height) * 1.02f, trunk, 0, random);
  flare(tree.limbs[0], foot, trunk, random);
  std::vector<Cluster> clusters = clusters_of(tree, crown, random);
  shade_clusters(clusters, card_light(air));
  std::vector<Leaf> leaves;
  const LeafStyle style{spec.leaf, spec.leaf_other, 0.0062f * w * spec.leaf_size};
  const float wanted = 20000 * spec.leaves / static_cast<float>(std::max<size_t>(1, clusters.size()));
  for (const Cluster& cluster : clusters) {
    const float share = cluster.radius / (0.18f * (crown.radii.x + crown.radii.y) / 2);
    grow_leaves(cluster, crown.centre, crown.radii, static_cast<int>(wanted * share * share), style, air,
                random, leaves);
  }
  Canvas canvas(spec.width, spec.height);
  const float front = 0.02f * crown.radii.z;
  lay_leaves(leaves, -kFar, front, canvas);
  canvas.draw(paint_wood(tree, spec.width, spec.height, spec.bark, air, spec.seed + 1), 0, 0);
  lay_leaves(leaves, front, kFar, canvas);
  canvas.fade_foot(0.03f);
  canvas.clear_rim();
  return canvas;
}

}  // namespace troupe::stage::paint
