#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/stage/scene/paint/foliage.h"
#include "engine/stage/scene/paint/tree.h"
#include "engine/stage/scene/paint/wood.h"

namespace troupe::stage::paint {
namespace {

constexpr float kPi = 3.14159265f;

struct Bough {
  float height;   // 0 at the top … 1 at the lowest
  float azimuth;  // 0 to the right, pi / 2 towards the viewer
};

// Needles along a drooping bough, seen from the front.
void paint_bough(const PineSpec& spec, const Atmosphere& air, const Bough& bough, Random& random,
                 Canvas& canvas) {
  const auto w = static_cast<float>(spec.width), h = static_cast<float>(spec.height);
  const Vec3 light = card_light(air);
  const float top = 0.035f * h, low = 0.90f * h, across = std::cos(bough.azimuth),
              toward = std::sin(bough.azimuth);
  const float reach =
      w * 0.46f * (0.05f + 0.95f * std::pow(bough.height, 0.85f)) * random.uniform(0.78f, 1.05f);
  const float y0 = mix(top, low, bough.height), droop = random.uniform(0.30f, 0.52f);
  const Vec3 normal = normalized({across, 0.55f, toward});
  const float facing = clamp01(0.25f + 0.8f * dot(normal, light));
  const float scale = w / 560, laden = random.uniform(0.25f, 1.0f);
  const int needles = std::max(8, static_cast<int>((18 + reach * 0.62f / scale) * spec.density));
  for (int i = 0; i < needles; ++i) {
    const float t = std::sqrt(random.uniform(0.01f, 1.0f)), fan = random.uniform(-1, 1) * (1 - t * 0.75f);
    const float sag = droop * t * t * 0.75f - 0.16f * t;
    const float x = w / 2 + across * reach * t - toward * fan * reach * 0.20f;
    const float y = y0 + reach * sag + toward * reach * t * 0.20f + std::abs(fan) * reach * 0.07f;
    const float inner = 0.25f + 0.75f * t;
    const Rgb albedo =
        mix(spec.needle, spec.needle_tip, t * t * random.uniform(0.3f, 1.0f)) * random.uniform(0.75f, 1.2f);
    const float open =
        inner * (0.55f + 0.30f * clamp01(0.5f + 0.5f * toward)) * (0.75f + 0.25f * (1 - bough.height));
    const float through = 0.35f * clamp01(-light.z) * t * std::abs(across);
    const Rgb color = air.lit(albedo, facing * inner * 0.9f, open) + albedo * air.sun * through;
    const float lean = std::atan2(0.55f + 0.5f * toward, across + fan * 0.5f) + random.uniform(-0.5f, 0.5f);
    canvas.dab({.centre = {x, y},
                .rx = scale * random.uniform(5.0f, 10.5f),
                .ry = scale * random.uniform(1.1f, 2.0f),
                .angle = lean,
                .color = color,
                .alpha = 0.95f});
    if (spec.snow > 0 && random.uniform() < spec.snow * laden * (0.15f + 0.75f * t * t)) {
      const Rgb white = air.lit({0.93f, 0.95f, 1.0f}, 0.30f + 0.6f * facing, 0.45f + 0.5f * inner);
      canvas.dab({.centre = {x, y - scale * 2.5f},
                  .rx = scale * random.uniform(5.0f, 13.0f),
                  .ry = scale * random.uniform(2.6f, 5.6f),
                  .angle = lean * 0.5f + (across < 0 ? kPi / 2 : 0),
                  .color = white * random.uniform(0.92f, 1.03f),
                  .alpha = 0.85f,
                  .softness = 0.6f});
    }
  }
}

}  // namespace

Canvas paint_pine(const PineSpec& spec, const Atmosphere& air) {
  Random random(spec.seed);
  const auto w = static_cast<float>(spec.width), h = static_cast<float>(spec.height);
  Canvas canvas(spec.width, spec.height);
  Skeleton trunk;
  trunk.limbs.push_back({{{w / 2, h * 0.975f}, {w / 2, h * 0.94f}, {w / 2, h * 0.5f}, {w / 2, h * 0.05f}},
                         {w * 0.085f, w * 0.06f, w * 0.035f, w * 0.008f}});
  canvas.draw(paint_wood(trunk, spec.width, spec.height, spec.bark, air, spec.seed + 1), 0, 0);
  // Whorls from the lowest up, in each the boughs behind before those in front.
  constexpr int kWhorls = 34;
  for (int whorl = kWhorls - 1; whorl >= 0; --whorl) {
    const float height = (static_cast<float>(whorl) + random.uniform(0, 0.6f)) / kWhorls;
    const int count = 5 + static_cast<int>(height * 9);
    std::vector<Bough> boughs;
    for (int i = 0; i < count; ++i) {
      const float azimuth =
          2 * kPi * (static_cast<float>(i) + random.uniform(-0.35f, 0.35f)) / static_cast<float>(count);
      boughs.push_back({std::clamp(height + random.uniform(-0.012f, 0.012f), 0.0f, 1.0f), azimuth});
    }
    std::sort(boughs.begin(), boughs.end(),
              [](const Bough& a, const Bough& b) { return std::sin(a.azimuth) < std::sin(b.azimuth); });
    for (const Bough& bough : boughs) paint_bough(spec, air, bough, random, canvas);
  }
  canvas.fade_foot(0.03f);
  canvas.clear_rim();
  return canvas;
}

}  // namespace troupe::stage::paint
