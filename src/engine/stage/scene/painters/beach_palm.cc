#include "engine/stage/scene/painters/beach_palm.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.h"

namespace troupe::stage {
namespace {

using paint::Canvas;
using paint::Point;

struct Crown {
  Point heart;
  float size;  ///< length of a frond, pixels
};

/// A feather: a bowed rib with leaflets that hang from both sides, darker on the far side of the crown.
void paint_frond(Canvas& canvas, const paint::Atmosphere& air, const Crown& crown, float angle, float length,
                 float shade, Random& random) {
  const float droop = random.uniform(0.45f, 0.85f);
  const auto rib = [&](float t) {
    const float x = std::cos(angle) * length * t, y = std::sin(angle) * length * t;
    return Point{crown.heart.x + x * (1 - 0.12f * t * t), crown.heart.y - y + droop * length * t * t * 0.62f};
  };
  constexpr int kLeaflets = 44;
  for (int i = 2; i < kLeaflets; ++i) {
    const float t = static_cast<float>(i) / kLeaflets;
    const Point at = rib(t), before = rib(t - 0.03f);
    const float along = std::atan2(at.y - before.y, at.x - before.x);
    const float size = length * 0.25f * std::sin(3.0f * std::min(1.0f, 0.16f + 0.86f * t)) + length * 0.03f;
    for (const float side : {-1.0f, 1.0f}) {
      const float open = along + side * random.uniform(0.65f, 0.95f);
      const Point mid = {at.x + std::cos(open) * size * 0.5f,
                         at.y + std::sin(open) * size * 0.5f + size * 0.06f};
      const Point tip = {at.x + std::cos(open) * size * 0.9f,
                         at.y + std::sin(open) * size * 0.9f + size * 0.32f};
      const float lit = std::max(
          0.05f, shade * (side * std::cos(along) < 0 ? 0.85f : 0.45f) + random.uniform(-0.08f, 0.08f));
      const Rgb leaf = mix(Rgb{0.16f, 0.30f, 0.08f}, Rgb{0.42f, 0.46f, 0.14f}, random.uniform() * 0.6f);
      const std::array<Point, 3> line = {at, mid, tip};
      canvas.stroke(line, {length * 0.020f, length * 0.005f, air.lit(leaf, lit, 0.9f), 1});
    }
  }
  std::array<Point, 9> line;
  for (int i = 0; i < 9; ++i) line[static_cast<size_t>(i)] = rib(static_cast<float>(i) / 8);
  canvas.stroke(line, {length * 0.022f, length * 0.006f, air.lit({0.46f, 0.44f, 0.20f}, 0.6f * shade), 1});
}

void paint_trunk(Canvas& canvas, const paint::Atmosphere& air, Point foot, Point top, float bend,
                 Random& random) {
  constexpr int kSegments = 34;
  const float height = foot.y - top.y;
  for (int i = 0; i < kSegments; ++i) {
    const float t = static_cast<float>(i) / (kSegments - 1);
    const float x = mix(foot.x, top.x, t * t) + bend * std::sin(3.14f * t), y = mix(foot.y, top.y, t);
    const float half = height * (0.0185f - 0.0075f * t) * (t < 0.06f ? 1.5f - 8 * t : 1.0f);
    constexpr int kStrips = 7;
    for (int strip = 0; strip < kStrips; ++strip) {
      const float s = (static_cast<float>(strip) + 0.5f) / kStrips * 2 - 1;
      const float lit = clamp01(0.45f - 0.55f * s * (air.sky.sun_direction.x < 0 ? 1.0f : -1.0f)) *
                        (0.75f + 0.3f * random.uniform());
      canvas.rect(x + half * (s - 1.0f / kStrips), y - height / kSegments * 1.02f, 2 * half / kStrips + 0.6f,
                  height / kSegments * 1.1f, air.lit({0.46f, 0.38f, 0.29f}, lit, 0.85f));
    }
    canvas.rect(x - half * 1.08f, y - 1, half * 2.16f, std::max(1.0f, height * 0.004f),
                air.lit({0.20f, 0.16f, 0.12f}, 0.2f), 0.7f);
  }
}

}  // namespace

Canvas paint_palm(int height, const paint::Atmosphere& air, uint64_t seed) {
  Random random(derive_seed(seed, "palm"));
  const float h = static_cast<float>(height), w = h * 2 / 3;
  Canvas canvas(static_cast<int>(w), height);
  const float lean = random.uniform(-0.10f, 0.10f) * w;
  const Crown crown = {{w * 0.5f + lean, h * 0.27f}, h * 0.295f};
  paint_trunk(canvas, air, {w * 0.5f, h * 0.985f}, crown.heart,
              lean * -0.6f + random.uniform(-0.02f, 0.02f) * w, random);
  // Fronds at the back first, dark; then the sides; the bright front ones last.
  for (int layer = 0; layer < 3; ++layer) {
    const int count = layer == 1 ? 9 : 6;
    for (int i = 0; i < count; ++i) {
      const float spread = (static_cast<float>(i) + random.uniform(0.2f, 0.8f)) / static_cast<float>(count);
      const float angle = mix(-0.55f, 3.7f, spread);
      const float length = crown.size * random.uniform(0.82f, 1.05f) * (layer == 2 ? 0.8f : 1.0f);
      paint_frond(canvas, air, crown, angle, length, layer == 0 ? 0.3f : layer == 1 ? 0.75f : 1.0f, random);
    }
  }
  for (int i = 0; i < 4; ++i) {
    const float r = h * 0.015f;
    canvas.dab(
        {{crown.heart.x + random.uniform(-1.6f, 1.6f) * r, crown.heart.y + random.uniform(0.5f, 1.8f) * r},
         r,
         r * 1.15f,
         0,
         air.lit({0.34f, 0.24f, 0.12f}, 0.5f),
         1,
         0.1f});
  }
  canvas.clear_rim(2);
  return canvas;
}

}  // namespace troupe::stage
