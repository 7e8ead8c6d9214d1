#include "engine/stage/scene/paint/terrain.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/noise.h"

namespace troupe::stage::paint {
namespace {

void add_grid(Mesh& mesh, uint32_t columns, uint32_t rows) {
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t column = 0; column < columns; ++column) {
      const uint32_t a = row * (columns + 1) + column, b = a + columns + 1;
      mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, b, a + 1, b + 1});
    }
  }
}

void add_item(Mesh mesh, const TexturePtr& texture, Layer layer, float haze, float opacity, DrawList& list) {
  list.push_back({.mesh = std::make_shared<const Mesh>(std::move(mesh)),
                  .texture = texture,
                  .layer = layer,
                  .haze = haze,
                  .opacity = opacity});
}

}  // namespace

void emit_ground(const Camera& camera, const TexturePtr& texture, float tile, Layer layer, float height,
                 float opacity, DrawList& list) {
  // A polar grid about the viewer: fine where perspective bends, the same whichever way the camera turns. The
  // texture is tied to the world; counting from the nearest whole tile keeps its coordinates small.
  constexpr int kSectors = 40, kRings = 22;
  constexpr float kReach = 380;
  const float cx = camera.position.x, cz = camera.position.z;
  const float u0 = std::floor(cx / tile), v0 = std::floor(-cz / tile);
  Mesh mesh;
  for (int ring = 0; ring <= kRings; ++ring) {
    const float t = static_cast<float>(ring) / kRings, radius = kReach * t * t * t;
    for (int sector = 0; sector <= kSectors; ++sector) {
      const float a = 6.2831853f * static_cast<float>(sector) / kSectors;
      const float x = cx + std::sin(a) * radius, z = cz + std::cos(a) * radius;
      mesh.vertices.push_back({{x, height, z}, x / tile - u0, -z / tile - v0, {1, 1, 1}, 1});
    }
  }
  add_grid(mesh, kSectors, kRings);
  add_item(std::move(mesh), texture, layer, 1, opacity, list);
}

void emit_path(const Camera& camera, const TexturePtr& texture, float half_width, float tile,
               const std::function<float(float z)>& middle, DrawList& list) {
  constexpr int kRows = 64, kColumns = 4;
  const float begin = std::floor(camera.position.z / tile) * tile;
  Mesh mesh;
  for (int row = 0; row <= kRows; ++row) {
    const float t = static_cast<float>(row) / kRows * 2 - 1, z = begin + 130 * t * std::abs(t) + 22 * t;
    const float x = middle(z), opacity = 1 - smoothstep(0.75f, 1.0f, std::abs(t));
    for (int column = 0; column <= kColumns; ++column) {
      const float u = static_cast<float>(column) / kColumns;
      mesh.vertices.push_back(
          {{x + (u * 2 - 1) * half_width, 0, z}, u, -(z - begin) / tile, {1, 1, 1}, opacity});
    }
  }
  add_grid(mesh, kColumns, kRows);
  add_item(std::move(mesh), texture, Layer::ground, 1, 1, list);
}

void emit_horizon(const Camera& camera, const TexturePtr& texture, float distance, float height, float below,
                  int repeats, float haze, DrawList& list) {
  constexpr int kColumns = 72;
  Mesh mesh;
  for (int row = 0; row <= 1; ++row) {
    for (int column = 0; column <= kColumns; ++column) {
      const float t = static_cast<float>(column) / kColumns, a = 6.2831853f * (t - 0.5f);
      mesh.vertices.push_back(
          {{camera.position.x + std::sin(a) * distance, row == 0 ? height - below : -below,
            camera.position.z + std::cos(a) * distance},
           t * static_cast<float>(repeats),
           static_cast<float>(row),
           {1, 1, 1},
           1});
    }
  }
  add_grid(mesh, kColumns, 1);
  add_item(std::move(mesh), texture, Layer::far, haze, 1, list);
}

namespace {

// A tree far away: a few lumps, the one towards the light brighter.
void far_tree(Canvas& canvas, const RidgeSpec& spec, Point foot, float size, float haze,
              const Atmosphere& air, Random& random) {
  const float px = static_cast<float>(spec.width) / spec.metres_wide;
  const float py = static_cast<float>(spec.height) / spec.metres_high;
  const Rgb leaf = spec.land * Rgb{0.85f, 0.98f, 0.80f} * random.uniform(0.72f, 1.15f);
  const auto tone = [&](float facing, float open) {
    return mix(air.lit(leaf, facing, open), air.light.haze_color, haze);
  };
  const float toward = air.sky.sun_direction.x < 0 ? -1.0f : 1.0f;
  if (spec.pines) {
    const float half = size * random.uniform(0.20f, 0.28f) * px, tall = size * py;
    // Tiers, the lowest first, each a little narrower than the one below.
    constexpr int kTiers = 5;
    for (int tier = 0; tier < kTiers; ++tier) {
      const float t = static_cast<float>(tier) / kTiers,
                  wide = half * (1 - 0.85f * t) * random.uniform(0.85f, 1.1f);
      const float low = foot.y - tall * t * 0.92f, high = low - tall * (0.42f - 0.22f * t);
      const Point whole[] = {
          {foot.x - wide, low}, {foot.x, high}, {foot.x + wide, low}, {foot.x, low - 0.04f * tall}};
      const Point side[] = {
          {foot.x, low - 0.04f * tall}, {foot.x, high}, {foot.x + wide * 0.9f * toward, low}};
      canvas.polygon(whole, tone(0.12f + 0.1f * t, 0.5f));
      canvas.polygon(side, tone(0.5f, 0.65f), 0.45f);
    }
    return;
  }
  for (int i = 0; i < 4; ++i) {
    const float r = size * random.uniform(0.22f, 0.36f),
                x = foot.x + random.uniform(-0.28f, 0.28f) * size * px;
    const float y = foot.y - random.uniform(0.25f, 0.72f) * size * py, light = random.uniform(0.0f, 0.3f);
    canvas.dab(
        {.centre = {x, y}, .rx = r * px, .ry = r * py, .color = tone(light, 0.55f), .softness = 0.12f});
    canvas.dab({.centre = {x + 0.28f * r * px * toward, y - 0.32f * r * py},
                .rx = r * 0.62f * px,
                .ry = r * 0.55f * py,
                .color = tone(light + 0.45f, 0.8f),
                .alpha = 0.75f,
                .softness = 0.5f});
  }
}

void add_woods(Canvas& canvas, const RidgeSpec& spec, const std::vector<float>& skyline,
               const Atmosphere& air, Random& random) {
  const auto h = static_cast<float>(spec.height);
  const float py = h / spec.metres_high, mean = (spec.tree_low + spec.tree_high) / 2;
  constexpr int kRows = 6;
  for (int row = 0; row < kRows; ++row) {
    const float down = static_cast<float>(row) / kRows;
    const int count = static_cast<int>(spec.wooded * 1.7f * spec.metres_wide / mean);
    for (int i = 0; i < count; ++i) {
      const float x = random.uniform(0, static_cast<float>(spec.width));
      const float top = skyline[std::min(static_cast<size_t>(x), skyline.size() - 1)];
      const float size = random.uniform(spec.tree_low, spec.tree_high);
      const float foot =
          std::min(mix(top + 0.15f * size * py, h * 0.97f, down * down * 0.8f + 0.12f * down), h * 0.97f);
      if (foot - size * py < 1) continue;
      far_tree(canvas, spec, {x, foot}, size, clamp01(spec.haze * (0.94f + 0.25f * down)), air, random);
    }
  }
}

}  // namespace

TexturePtr paint_ridge(const RidgeSpec& asked, const Atmosphere& air) {
  RidgeSpec spec = asked;
  spec.haze = std::max(spec.haze, 1 - std::exp(-air.light.haze_density * spec.distance));
  Random random(spec.seed);
  const NoiseSpec outline{.width = spec.width,
                          .height = 4,
                          .cells_x = spec.rough > 0.5f ? 7.0f : 4.0f,
                          .cells_y = 1,
                          .octaves = spec.rough > 0.5f ? 8 : 5,
                          .gain = 0.36f + 0.14f * spec.rough,
                          .seed = spec.seed + 1};
  Field line = fbm(outline);
  if (spec.rough > 0.5f) {
    // Summits are sharp where valleys are round.
    for (float& v : line.values) v = 1.05f - 1.5f * std::pow(std::abs(v - 0.56f), 0.8f);
    normalize(line);
  }
  const NoiseSpec rock{.width = spec.width,
                       .height = spec.height,
                       .cells_x = 22,
                       .cells_y = 3,
                       .octaves = 6,
                       .gain = 0.56f,
                       .seed = spec.seed + 2};
  Field body = fbm(rock);
  if (spec.rough > 0.5f) {
    const Field crests = ridged(rock);
    for (size_t i = 0; i < body.values.size(); ++i)
      body.values[i] = 0.4f * body.values[i] + 0.6f * crests.values[i];
  }
  const float h = static_cast<float>(spec.height);
  std::vector<float> skyline(static_cast<size_t>(spec.width));
  for (int x = 0; x < spec.width; ++x) {
    skyline[static_cast<size_t>(x)] =
        h * (1 - mix(spec.low, spec.high, clamp01(line.at(x, 0) * 1.3f - 0.15f)));
  }
  Canvas canvas(spec.width, spec.height, true);
  for (int y = 0; y < spec.height; ++y) {
    for (int x = 0; x < spec.width; ++x) {
      const float top = skyline[static_cast<size_t>(x)], under = static_cast<float>(y) + 0.5f - top;
      if (under < -1) continue;
      const float relief = body.at(x, y) - body.at((x + 4) % spec.width, y) +
                           0.6f * (body.at(x, y) - body.at(x, std::min(y + 3, spec.height - 1)));
      const float facing =
          clamp01(0.45f + 5 * spec.rough * relief * (air.sky.sun_direction.x < 0 ? -1.0f : 1.0f));
      const float tops = spec.snow_share * smoothstep(0.25f, 0.6f, body.at(x, y) + 0.35f - under / h * 1.4f);
      const Rgb albedo = mix(spec.land * (0.75f + 0.5f * body.at(x, y)), spec.snow, tops);
      const float haze =
          clamp01(mix(spec.haze, 1.0f, smoothstep(0.35f, 1.0f, static_cast<float>(y) / h) * 0.55f));
      canvas.put(x, y, mix(air.lit(albedo, facing, 0.7f), air.light.haze_color, haze), clamp01(under + 0.5f));
    }
  }
  if (spec.wooded > 0) add_woods(canvas, spec, skyline, air, random);
  return canvas.to_texture(Wrap::repeat, Wrap::clamp);
}

}  // namespace troupe::stage::paint
