#include "engine/stage/scene/paint/rock.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/scene/paint/noise.h"
#include "engine/stage/scene/paint/relief.h"
#include "engine/stage/scene/paint/tree.h"

namespace troupe::stage::paint {
namespace {

// Blocks, terraces and clefts, pushed about so that no line runs straight.
Field crag(int width, int height, float cells_x, float cells_y, uint64_t seed) {
  Field body = fbm({.width = width,
                    .height = height,
                    .cells_x = cells_x,
                    .cells_y = cells_y,
                    .octaves = 7,
                    .gain = 0.52f,
                    .seed = seed});
  const Field edges = ridged({.width = width,
                              .height = height,
                              .cells_x = cells_x,
                              .cells_y = cells_y,
                              .octaves = 7,
                              .gain = 0.60f,
                              .seed = seed + 1});
  const Field ledges = fbm({.width = width,
                            .height = height,
                            .cells_x = cells_x,
                            .cells_y = cells_y * 2,
                            .octaves = 6,
                            .gain = 0.45f,
                            .seed = seed + 2});
  for (size_t i = 0; i < body.values.size(); ++i) {
    // Terraces: stone breaks in layers, with a sharp upper edge.
    const float step = ledges.values[i] * 7, part = step - std::floor(step);
    const float level = (std::floor(step) + smoothstep(0.25f, 1.0f, part)) / 7;
    body.values[i] = 0.45f * body.values[i] + 0.30f * level + 0.25f * (1 - edges.values[i]);
  }
  const Field by = fbm({.width = width,
                        .height = height,
                        .cells_x = cells_x,
                        .cells_y = cells_y,
                        .octaves = 3,
                        .seed = seed + 3});
  return warp(body, by, by, 0.03f * static_cast<float>(std::min(width, height)));
}

Rgb stone_color(const RockSpec& spec, float tone, float mossy) {
  const Rgb dry = mix(spec.dark, spec.stone, clamp01(tone * 1.5f - 0.2f)) * (0.85f + 0.3f * tone);
  return mix(dry * (1 - 0.24f * spec.wetness), spec.moss, mossy);
}

}  // namespace

Canvas paint_rock_tile(const RockSpec& spec, const Atmosphere& air) {
  const float unit = static_cast<float>(spec.width) / 1024;
  const Field height = crag(spec.width, spec.height, 4, 6, spec.seed);
  const Field lichen = fbm({.width = spec.width,
                            .height = spec.height,
                            .cells_x = 9,
                            .cells_y = 9,
                            .octaves = 6,
                            .gain = 0.6f,
                            .seed = spec.seed + 9});
  const Vec3 sun = air.sky.sun_direction;
  const Relief relief{.height = 110 * unit,
                      .to_light = {sun.x, sun.z, std::max(0.45f, sun.y)},
                      .fine = 4 * unit,
                      .coarse = 22 * unit,
                      .occlusion = 1.5f};
  Canvas tile = bake(height, relief, air, [&](float u, float v, float h) {
    const float grain = lichen.sample_uv(u, v);
    return stone_color(spec, 0.35f + 0.5f * h + 0.4f * (grain - 0.5f),
                       spec.moss_share * smoothstep(0.56f, 0.70f, grain));
  });
  if (spec.wetness > 0) {
    // Puddles in the hollows throw back the sky.
    const Rgb sky = mix(air.sky.middle, air.sky.horizon, 0.5f) * 0.85f;
    tile.fill([&](float u, float v) {
      const float h = height.sample_uv(u, v);
      return Stop{0, sky, 0.55f * spec.wetness * smoothstep(0.40f, 0.30f, h)};
    });
  }
  return tile;
}

Canvas paint_stack(const RockSpec& spec, float slender, const Atmosphere& air) {
  const int side = spec.width > 256 ? 512 : 256;
  const Field height = crag(side, side, 4, 3, spec.seed);
  const Field edge = fbm({.width = side,
                          .height = side,
                          .cells_x = 5,
                          .cells_y = 6,
                          .octaves = 6,
                          .gain = 0.55f,
                          .seed = spec.seed + 5});
  const Field lichen =
      fbm({.width = side, .height = side, .cells_x = 8, .cells_y = 8, .octaves = 5, .seed = spec.seed + 6});
  const Vec3 light = card_light(air);
  const auto h = static_cast<float>(spec.height), w = static_cast<float>(spec.width);
  const float slope = 61;
  Canvas canvas(spec.width, spec.height);
  canvas.fill([&](float u, float v) {
    // The outline: a hump for boulders, steep walls for pillars, broken by noise.
    const float top = 0.10f + 0.16f * edge.sample_uv(u * 0.7f, 0.15f) +
                      mix(0.55f, 0.16f, slender) * std::pow(std::abs(2 * u - 1), mix(2.2f, 3.5f, slender));
    const float half = mix(0.40f, 0.25f + 0.14f * v, slender) + 0.16f * (edge.sample_uv(0.3f, v) - 0.5f);
    const float lean = 0.10f * (edge.sample_uv(0.8f, v * 0.6f) - 0.5f), x = (u - 0.5f - lean) / half;
    const float inside = std::min((1 - std::abs(x)) * half * w, (v - top) * h);
    if (inside < -0.5f) return Stop{0, {}, 0};
    const float here = height.sample_uv(u, v), nx = (height.sample_uv(u + 0.006f, v) - here) * slope;

    const float ny = (height.sample_uv(u, v - 0.006f) - here) * slope, round = std::clamp(x, -1.0f, 1.0f);
    const float crest = smoothstep(0.16f, 0.0f, v - top);
    const Vec3 normal = normalized({0.85f * round - nx, 0.15f + 0.8f * crest - ny,
                                    std::sqrt(std::max(0.05f, 1 - 0.8f * round * round))});
    const float facing = clamp01(dot(normal, light));
    const float open =
        (0.40f + 0.45f * normal.z * 0.5f + 0.30f * std::max(0.0f, normal.y)) * (0.45f + 0.9f * here);
    const float grain = lichen.sample_uv(u, v);
    const float mossy =
        spec.moss_share * smoothstep(0.40f, 0.62f, grain + 0.35f * crest - 0.12f) * (0.35f + 0.65f * crest);
    const Rgb albedo = stone_color(spec, 0.20f + 0.65f * here + 0.35f * (grain - 0.5f), mossy);
    return Stop{0, air.lit(albedo, facing * (0.4f + 0.9f * here), clamp01(open)), clamp01(inside + 0.5f)};
  });
  canvas.fade_foot(0.10f);
  canvas.clear_rim();
  return canvas;
}

}  // namespace troupe::stage::paint
