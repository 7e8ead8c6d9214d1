#include "engine/stage/scene/painters/candy.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/tree.h"

namespace troupe::stage {
namespace {

using namespace paint;

// A glossy ball: shaded round, with a highlight where the light comes from.
Rgb glossy(Rgb albedo, float x, float y, const Atmosphere& air, Vec3 light) {
  const Vec3 normal = {x, y, std::sqrt(std::max(0.0f, 1 - x * x - y * y))};
  const float shine = std::pow(clamp01(dot(normal, normalized(light + Vec3{0, 0, 1.2f}))), 40.0f);
  return air.lit(albedo, 0.25f + 0.75f * clamp01(dot(normal, light)), 0.7f + 0.3f * normal.y) +
         air.sun * (0.6f * shine);
}

Canvas paint_lollipop(Rgb one, Rgb other, float detail, const Atmosphere& air) {
  Canvas canvas(scaled(384, detail), scaled(768, detail));
  const auto w = static_cast<float>(canvas.width()), h = static_cast<float>(canvas.height());
  const Vec3 light = card_light(air);
  const Point stick[] = {{w / 2, h * 0.98f}, {w / 2, h * 0.3f}};
  const Point lit[] = {{w / 2 - w * 0.008f, h * 0.98f}, {w / 2 - w * 0.008f, h * 0.3f}};
  canvas.stroke(stick, {w * 0.05f, w * 0.05f, air.lit({0.86f, 0.84f, 0.82f}, 0.3f)});
  canvas.stroke(lit, {w * 0.018f, w * 0.018f, air.lit({1, 1, 1}, 0.8f)});
  const float radius = w * 0.47f, cx = w / 2, cy = w * 0.5f;
  for (int y = 0; y < canvas.height() && y < canvas.width(); ++y) {
    for (int x = 0; x < canvas.width(); ++x) {
      const float dx = (static_cast<float>(x) + 0.5f - cx) / radius,
                  dy = (static_cast<float>(y) + 0.5f - cy) / radius, r = std::hypot(dx, dy);
      if (r > 1.02f) continue;
      // Two colours wound into a spiral of four turns.
      const float turn = std::atan2(dy, dx) / 6.2831853f + 4 * std::pow(r, 0.85f),
                  part = turn - std::floor(turn);
      const float band = smoothstep(0.0f, 0.06f, part) * (1 - smoothstep(0.5f, 0.56f, part));
      const float bevel = 0.75f * std::pow(std::min(r, 1.0f), 4.0f) / std::max(r, 0.05f);
      canvas.put(x, y, glossy(mix(one, other, band), dx * bevel, -dy * bevel, air, light),
                 clamp01((1 - r) * radius + 0.5f));
    }
  }
  canvas.clear_rim();
  return canvas;
}

Canvas paint_gum_drops(float detail, const Atmosphere& air, uint64_t seed) {
  Canvas canvas(scaled(384, detail), scaled(256, detail));
  const auto w = static_cast<float>(canvas.width()), h = static_cast<float>(canvas.height());
  const Rgb colors[] = {{0.96f, 0.34f, 0.42f},
                        {0.98f, 0.78f, 0.28f},
                        {0.45f, 0.82f, 0.52f},
                        {0.50f, 0.66f, 0.95f},
                        {0.82f, 0.52f, 0.92f}};
  const Vec3 light = card_light(air);
  Random random(seed);
  for (int i = 0; i < 13; ++i) {
    const float radius = h * random.uniform(0.13f, 0.24f), spread = 1 - static_cast<float>(i) / 16;
    const float cx = w * (0.5f + 0.36f * spread * random.uniform(-1, 1));
    const float cy = h * 0.95f - radius - h * 0.30f * (1 - spread) - random.uniform(0, 0.05f) * h;
    const Rgb albedo = colors[random.below(5)];
    for (int y = static_cast<int>(cy - radius - 1); y <= static_cast<int>(cy + radius + 1); ++y) {
      for (int x = static_cast<int>(cx - radius - 1); x <= static_cast<int>(cx + radius + 1); ++x) {
        const float dx = (static_cast<float>(x) + 0.5f - cx) / radius,
                    dy = (static_cast<float>(y) + 0.5f - cy) / radius;
        const float cover = clamp01((1 - std::hypot(dx, dy)) * radius + 0.5f);
        if (cover > 0) canvas.put(x, y, glossy(albedo, dx, -dy, air, light), cover);
      }
    }
  }
  canvas.fade_foot(0.06f);
  canvas.clear_rim();
  return canvas;
}

}  // namespace

std::vector<CardKind> paint_sweets(float detail, const Atmosphere& air, uint64_t seed) {
  const auto lollipop = [&](Rgb one, Rgb other) {
    return CardKind{.texture = paint_lollipop(one, other, detail, air).to_texture(),
                    .width = 1.9f,
                    .height = 3.8f,
                    .sway = 0.02f,
                    .shadow = 0.6f,
                    .contact = 0.4f,
                    .foot = 0.02f};
  };
  return {lollipop({0.97f, 0.95f, 0.93f}, {0.94f, 0.26f, 0.42f}),
          lollipop({0.99f, 0.86f, 0.40f}, {0.36f, 0.68f, 0.92f}),
          {.texture = paint_gum_drops(detail, air, seed).to_texture(),
           .width = 1.5f,
           .height = 1.0f,
           .shadow = 0.5f,
           .contact = 0.8f,
           .foot = 0.11f}};
}

}  // namespace troupe::stage
