#include "engine/stage/scene/paint/wood.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/scene/paint/noise.h"
#include "engine/stage/scene/paint/tree.h"

namespace troupe::stage::paint {

Canvas paint_wood(const Skeleton& tree, int width, int height, Rgb bark, const Atmosphere& air,
                  uint64_t seed) {
  Canvas wood(width, height);
  const Vec3 light = card_light(air);
  const float side = light.x / std::max(0.3f, std::abs(light.x) + std::abs(light.z));
  const Rgb dark = air.lit(bark, 0.05f, 0.46f),
            middle = air.lit(bark, 0.30f * clamp01(light.z + 0.7f), 0.72f);
  const Rgb bright = air.lit(bark * 1.05f, 0.62f, 0.8f);
  // All limbs in one tone before the next tone, so that forks run into each other.
  constexpr int kTones = 8;
  for (int tone = 0; tone < kTones; ++tone) {
    const float t = static_cast<float>(tone) / (kTones - 1);
    const Rgb color = t < 0.5f ? mix(dark, middle, t * 2) : mix(middle, bright, t * 2 - 1);
    for (const Limb& limb : tree.limbs) {
      std::vector<Point> points = limb.points;
      std::vector<float> widths = limb.widths;
      for (size_t i = 0; i < points.size(); ++i) {
        points[i].x += side * 0.36f * t * widths[i];
        widths[i] *= 1 - 0.86f * t;
      }
      wood.ribbon(points, widths, color, tone == 0 ? 1.0f : 0.6f, tone == 0 ? Mode::over : Mode::atop);
    }
  }
  const Field furrows = fbm(
      {.width = 256, .height = 256, .cells_x = 34, .cells_y = 6, .octaves = 5, .gain = 0.7f, .seed = seed});
  const float grain = 512.0f / static_cast<float>(width);
  wood.fill(
      [&](float u, float v) {
        const float n =
            furrows.sample(u * static_cast<float>(width) * grain, v * static_cast<float>(height) * grain);
        return n > 0.5f ? Stop{0, bark * air.ambient * 0.4f, 0.85f * smoothstep(0.50f, 0.66f, n)}
                        : Stop{0, air.lit(bark * 1.25f, 0.4f, 0.9f), 0.42f * smoothstep(0.46f, 0.26f, n)};
      },
      Mode::atop);
  return wood;
}

namespace {

// Half the trunk's width at height v (0 top … 1 foot), as a share of the canvas's.
float trunk_profile(float v) { return 0.20f + 0.07f * v + 0.20f * std::exp(-(1 - v) * 26.0f); }

}  // namespace

Canvas paint_trunk(const TrunkSpec& spec, const Atmosphere& air) {
  const int fine = spec.width > 96 ? 256 : 64;
  const Field furrows = ridged({.width = fine,
                                .height = fine * 4,
                                .cells_x = spec.furrows,
                                .cells_y = 7,
                                .octaves = 5,
                                .gain = 0.62f,
                                .seed = spec.seed});
  const Field plates = fbm(
      {.width = fine, .height = fine * 4, .cells_x = 8, .cells_y = 24, .octaves = 5, .seed = spec.seed + 1});
  const Vec3 light = card_light(air);
  Canvas canvas(spec.width, spec.height);
  canvas.fill([&](float u, float v) {
    const float bend = 0.012f * std::sin(v * 5 + static_cast<float>(spec.seed % 7));
    const float half = trunk_profile(v) + 0.012f * (plates.sample_uv(0.5f, v) - 0.5f);
    const float x = (u - 0.5f - bend) / half, rim = (1 - std::abs(x)) * half * static_cast<float>(spec.width);
    if (rim <= -0.5f) return Stop{0, {}, 0};
    // The bark is wound round a cylinder: it crowds towards the edges.
    const float around = std::asin(std::clamp(x, -1.0f, 1.0f)) / 3.14159f;
    const float here = furrows.sample_uv(around + 0.5f, v),
                next = furrows.sample_uv(around + 0.5f + 0.012f, v);
    const float grain = plates.sample_uv(around + 0.5f, v);
    const float nx = std::clamp(x, -1.0f, 1.0f), nz = std::sqrt(std::max(0.0f, 1 - nx * nx));
    const Vec3 normal = normalized({nx + (here - next) * 1.1f, 0.15f * (grain - 0.5f), nz + 0.15f});
    const float facing = clamp01(dot(normal, light)) * (1 - 0.55f * here);
    const float open = (0.42f + 0.42f * nz) * (1 - 0.60f * here) * (0.75f + 0.5f * grain);
    Rgb albedo = spec.bark * (0.70f + 0.6f * grain);
    const float mossy = spec.moss_share * smoothstep(0.45f, 0.65f, grain + 0.35f * (v - 0.75f) - 0.18f * x);
    albedo = mix(albedo, spec.moss * (0.7f + 0.6f * grain), mossy);
    const float white = spec.snow * smoothstep(0.35f, 0.75f, -x * 0.8f + (grain - 0.5f) * 1.6f + 0.1f);
    albedo = mix(albedo, Rgb{0.93f, 0.95f, 1.0f}, white);
    return Stop{0, air.lit(albedo, facing, mix(open, 0.85f, white)),
                clamp01(rim + 0.5f) * smoothstep(0.0f, 0.10f, v)};
  });
  canvas.fade_foot(0.012f);
  canvas.clear_rim();
  return canvas;
}

}  // namespace troupe::stage::paint
