#include "engine/stage/scene/paint/ground.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/noise.h"
#include "engine/stage/scene/paint/relief.h"
#include "engine/stage/scene/paint/tree.h"

namespace troupe::stage::paint {
namespace {

// Sunlight on level ground.
float level_facing(const Atmosphere& air) { return 0.42f + 0.50f * clamp01(air.sky.sun_direction.y * 1.4f); }

void scatter_litter(Canvas& tile, Rgb color, float share, const Atmosphere& air, Random& random) {
  const auto side = static_cast<float>(tile.width());
  const int count = static_cast<int>(2600 * share);
  for (int i = 0; i < count; ++i) {
    const Rgb albedo = color * random.uniform(0.6f, 1.15f) + Rgb{0, random.uniform(-0.06f, 0.08f), 0};
    const Point at = {random.uniform(0, side), random.uniform(0, side)};
    const float size = side / 1024 * random.uniform(4, 8), angle = random.uniform(0, 3.1416f);
    tile.dab({.centre = {at.x + 1.5f, at.y + 2},
              .rx = size,
              .ry = size * 0.55f,
              .angle = angle,
              .color = {0, 0, 0},
              .alpha = 0.35f,
              .softness = 0.5f});
    tile.dab({.centre = at,
              .rx = size,
              .ry = size * 0.55f,
              .angle = angle,
              .color = air.lit(albedo, level_facing(air) * random.uniform(0.6f, 1.2f), 0.9f)});
  }
}

}  // namespace

Canvas paint_grass(const GrassSpec& spec, const Atmosphere& air) {
  Random random(spec.seed);
  const auto side = static_cast<float>(spec.side);
  const Field clumps = fbm(
      {.width = spec.side, .height = spec.side, .cells_x = 9, .cells_y = 9, .octaves = 5, .seed = spec.seed});
  const float facing = level_facing(air), scale = side / 1024;
  Canvas tile(spec.side, spec.side, true);
  tile.fill([&](float u, float v) {
    const float n = clumps.sample_uv(u, v);
    return Stop{0, air.lit(mix(spec.dark, spec.bright, 0.15f + 0.5f * n), facing * 0.45f, 0.6f)};
  });
  constexpr int kBlades = 26000;
  for (int i = 0; i < kBlades; ++i) {
    const Point at = {random.uniform(0, side), random.uniform(0, side)};
    const float n = clumps.sample(at.x, at.y), layer = static_cast<float>(i) / kBlades;
    Rgb albedo =
        mix(spec.dark, spec.bright, clamp01(n * 0.7f + layer * 0.55f + random.uniform(-0.25f, 0.15f)));
    if (random.uniform() < spec.dryness * (0.4f + 1.2f * (1 - n)))
      albedo = mix(albedo, spec.dry, random.uniform(0.4f, 1.0f));
    const float light = (0.45f + 0.55f * layer) * random.uniform(0.8f, 1.15f);
    tile.dab({.centre = at,
              .rx = scale * random.uniform(5, 13) * (0.7f + 0.6f * n),
              .ry = scale * random.uniform(0.9f, 1.7f),
              .angle = 1.5708f + 0.55f * random.normal(),
              .color = air.lit(albedo, facing * light * 1.1f, 0.55f + 0.4f * layer),
              .alpha = 0.85f});
  }
  scatter_litter(tile, spec.litter, spec.litter_share, air, random);
  return tile;
}

Canvas paint_dirt(const DirtSpec& spec, const Atmosphere& air) {
  Random random(spec.seed);
  const auto side = static_cast<float>(spec.side);
  Field height = fbm({.width = spec.side,
                      .height = spec.side,
                      .cells_x = 8,
                      .cells_y = 8,
                      .octaves = 7,
                      .gain = 0.58f,
                      .seed = spec.seed});
  const int pebbles = static_cast<int>(2600 * spec.stones);
  Canvas stones(spec.side, spec.side, true);
  for (int i = 0; i < pebbles; ++i) {
    const float big = std::pow(random.uniform(), 5.0f), r = side / 1024 * (1.6f + 6 * big);
    const float tone = random.uniform(0.65f, 1.15f);
    stones.dab({.centre = {random.uniform(0, side), random.uniform(0, side)},
                .rx = r,
                .ry = r * random.uniform(0.6f, 0.95f),
                .angle = random.uniform(0, 3.14f),
                .color = {tone, tone, tone},
                .softness = 0.35f});
  }
  for (int y = 0; y < spec.side; ++y) {
    for (int x = 0; x < spec.side; ++x) height.at(x, y) += 0.22f * stones.at(x, y)[3];
  }
  const Vec3 sun = air.sky.sun_direction;
  const Relief relief{.height = 14 * side / 1024,
                      .to_light = {sun.x, sun.z, std::max(0.5f, sun.y)},
                      .fine = 2,
                      .coarse = 10,
                      .occlusion = 1.1f};
  Canvas tile = bake(height, relief, air, [&](float u, float v, float h) {
    const float* p = stones.at(std::min(static_cast<int>(u * side), spec.side - 1),
                               std::min(static_cast<int>(v * side), spec.side - 1));
    const Rgb earth = spec.soil * (0.72f + 0.5f * h);
    return p[3] > 0 ? mix(earth, spec.stone * (p[0] / p[3]), p[3] * 0.8f) : earth;
  });
  scatter_litter(tile, spec.litter, spec.litter_share, air, random);
  return tile;
}

void fray_sides(Canvas& tile, float share, uint64_t seed) {
  const Field ragged = fbm({.width = tile.width(),
                            .height = tile.height(),
                            .cells_x = 10,
                            .cells_y = 22,
                            .octaves = 5,
                            .gain = 0.6f,
                            .seed = seed});
  const auto w = static_cast<float>(tile.width());
  for (int y = 0; y < tile.height(); ++y) {
    for (int x = 0; x < tile.width(); ++x) {
      const float u = (static_cast<float>(x) + 0.5f) / w, edge = std::min(u, 1 - u) / share;
      if (edge > 1.8f) continue;
      const float n = (ragged.at(x, y) - 0.5f) * 1.5f * (1 - smoothstep(1.2f, 1.8f, edge));
      tile.put(x, y, {}, 1 - smoothstep(0.30f, 0.95f, edge + n) * smoothstep(0.0f, 0.15f, edge), Mode::erase);
    }
  }
}

Canvas paint_patches(int side, Rgb dark, float dark_alpha, Rgb bright, float bright_alpha, int cells,
                     uint64_t seed) {
  const auto c = static_cast<float>(cells);
  const Field n =
      fbm({.width = side, .height = side, .cells_x = c, .cells_y = c, .octaves = 5, .seed = seed});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float h = n.sample_uv(u, v);
    return h < 0.5f ? Stop{0, dark, dark_alpha * smoothstep(0.48f, 0.22f, h)}
                    : Stop{0, bright, bright_alpha * smoothstep(0.52f, 0.80f, h)};
  });
  return canvas;
}

namespace {

void paint_blade(Canvas& canvas, Point root, float lean, float length, float width, Rgb low, Rgb high) {
  Point points[7];
  for (int i = 0; i < 7; ++i) {
    const float t = static_cast<float>(i) / 6;
    points[i] = {root.x + lean * length * t * t, root.y - length * (t - 0.30f * std::abs(lean) * t * t)};
  }
  const std::span<const Point> all(points);
  canvas.stroke(all.first(4), {width, width * 0.85f, low});
  canvas.stroke(all.subspan(3), {width * 0.85f, width * 0.2f, high});
}

void paint_tuft(Canvas& canvas, const TuftSpec& spec, float x0, bool flowering, const Atmosphere& air,
                Random& random) {
  const auto w = static_cast<float>(spec.cell_width), h = static_cast<float>(spec.cell_height);
  const float through = 0.8f * clamp01(-card_light(air).z);
  for (int i = 0; i < spec.blades; ++i) {
    const float layer = static_cast<float>(i) / static_cast<float>(spec.blades);
    const float side = random.uniform(-1, 1), inner = 1 - side * side;
    const Point root = {x0 + w * (0.5f + side * 0.30f), h * (0.97f - 0.05f * random.uniform() * inner)};
    const float length = h * (0.26f + 0.60f * inner) * random.uniform(0.55f, 1.0f);
    const float lean =
        std::clamp((side * 0.45f + random.uniform(-0.35f, 0.35f)) * spec.spread, -0.75f, 0.75f);
    const Rgb tone = mix(spec.blade, spec.tip, random.uniform(0, 0.5f)) * random.uniform(0.8f, 1.15f);
    const float facing = level_facing(air);
    const Rgb low =
        air.lit(mix(spec.root, tone, 0.25f + 0.4f * layer), facing * (0.35f + 0.3f * layer), 0.7f);
    const Rgb high = air.lit(mix(tone, spec.tip, 0.3f), facing * (0.6f + 0.5f * layer), 0.9f) +
                     tone * air.sun * (through * 0.35f);
    paint_blade(canvas, root, lean * 0.8f, std::min(length, h * 0.9f), w * random.uniform(0.012f, 0.020f),
                low, high);
  }
  for (int i = 0; flowering && i < spec.flowers; ++i) {
    const Point at = {x0 + w * random.uniform(0.25f, 0.75f), h * random.uniform(0.12f, 0.55f)};
    const Rgb petal = air.lit(spec.flower * random.uniform(0.85f, 1.1f), 0.7f, 0.9f);
    for (int k = 0; k < 5; ++k) {
      const float a = 1.2566f * static_cast<float>(k) + random.uniform(-0.2f, 0.2f), r = w * 0.018f;
      canvas.dab({.centre = {at.x + std::cos(a) * r, at.y + std::sin(a) * r * 0.7f},
                  .rx = r,
                  .ry = r * 0.7f,
                  .angle = a,
                  .color = petal});
    }
    canvas.dab(
        {.centre = at, .rx = w * 0.011f, .ry = w * 0.009f, .color = air.lit({0.95f, 0.75f, 0.2f}, 0.7f)});
  }
}

}  // namespace

Canvas paint_tufts(const TuftSpec& spec, const Atmosphere& air) {
  Random random(spec.seed);
  Canvas canvas(spec.cells * spec.cell_width, spec.cell_height);
  for (int cell = 0; cell < spec.cells; ++cell) {
    paint_tuft(canvas, spec, static_cast<float>(cell * spec.cell_width), cell % 2 == 1, air, random);
  }
  canvas.fade_foot(0.14f);
  canvas.clear_rim();
  return canvas;
}

}  // namespace troupe::stage::paint
