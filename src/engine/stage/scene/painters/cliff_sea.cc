#include "engine/stage/scene/painters/cliff_sea.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/noise.h"
#include "engine/stage/scene/paint/solid.h"

namespace troupe::stage {
namespace {

using paint::Canvas;
using paint::Field;
using paint::Stop;

constexpr int kSectors = 80, kRings = 48;
constexpr float kReach = 1400;

TexturePtr paint_ripples(int side, uint64_t seed) {
  const Field swell = paint::fbm({.width = side,
                                  .height = side,
                                  .cells_x = 6,
                                  .cells_y = 11,
                                  .octaves = 6,
                                  .gain = 0.58f,
                                  .seed = seed});
  const Field crests = paint::ridged({.width = side,
                                      .height = side,
                                      .cells_x = 9,
                                      .cells_y = 17,
                                      .octaves = 4,
                                      .gain = 0.55f,
                                      .seed = seed + 1});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float tone =
        0.62f + 0.75f * (swell.sample_uv(u, v) - 0.5f) + 0.30f * (crests.sample_uv(u, v) - 0.35f);
    return Stop{0, Rgb{1, 1, 1} * clamp01(tone)};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

// Torn lines of foam; how many show is decided by the opacity of the waves they ride on.
TexturePtr paint_caps(int side, uint64_t seed) {
  const Field lines = paint::ridged({.width = side,
                                     .height = side,
                                     .cells_x = 5,
                                     .cells_y = 10,
                                     .octaves = 6,
                                     .gain = 0.62f,
                                     .seed = seed});
  const Field holes = paint::fbm({.width = side,
                                  .height = side,
                                  .cells_x = 22,
                                  .cells_y = 30,
                                  .octaves = 4,
                                  .gain = 0.6f,
                                  .seed = seed + 1});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float foam =
        smoothstep(0.52f, 0.90f, lines.sample_uv(u, v) + 0.5f * (holes.sample_uv(u, v) - 0.5f));
    return Stop{0, {1, 1, 1}, foam};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

TexturePtr paint_glints(int side, uint64_t seed) {
  const Field base = paint::fbm({.width = side,
                                 .height = side,
                                 .cells_x = 12,
                                 .cells_y = 34,
                                 .octaves = 5,
                                 .gain = 0.6f,
                                 .seed = seed});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    return Stop{0, {1, 1, 1}, smoothstep(0.55f, 0.82f, base.sample_uv(u, v))};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

// A burst of spray over a sheet of foam.
TexturePtr paint_spray(int width, uint64_t seed) {
  const Field cloud = paint::fbm(
      {.width = 256, .height = 128, .cells_x = 9, .cells_y = 5, .octaves = 6, .gain = 0.6f, .seed = seed});
  Canvas canvas(width, width / 2);
  canvas.fill([&](float u, float v) {
    const float x = 2 * u - 1, n = cloud.sample_uv(u, v), rise = 1 - v;
    const float body =
        smoothstep(0.0f, 0.35f, 1 - std::abs(x)) * smoothstep(1.0f, 0.15f, rise * 1.25f + 0.5f * (0.5f - n));
    const float sheet = std::exp(-40 * rise * rise) * smoothstep(0.0f, 0.3f, 1 - std::abs(x));
    return Stop{0, {1, 1, 1}, clamp01(0.75f * body * smoothstep(0.30f, 0.68f, n) + 0.5f * sheet)};
  });
  canvas.fade_foot(0.12f);
  canvas.clear_rim();
  return canvas.to_texture();
}

struct Wave {
  float height, slope;
};

// Three trains of swell that cross; unit height.
Wave wave_at(float x, float z, float t) {
  const float a = 0.105f * z + 0.03f * x + 0.75f * t, b = 0.16f * z - 0.09f * x + 1.0f * t,
              c = 0.31f * z + 0.17f * x + 1.5f * t;
  return {0.55f * std::sin(a) + 0.30f * std::sin(b) + 0.15f * std::sin(c),
          0.50f * std::cos(a) + 0.35f * std::cos(b) + 0.25f * std::cos(c)};
}

}  // namespace

CliffSea::CliffSea(const paint::Atmosphere& air, float level, float detail, uint64_t seed)
    : air_(air), level_(level), swell_(std::clamp(0.6f * air.wind, 0.25f, 1.5f)) {
  const int side = paint::tile_side(512, detail);
  ripples_ = paint_ripples(side, derive_seed(seed, "ripples"));
  caps_ = paint_caps(side, derive_seed(seed, "caps"));
  glints_ = paint_glints(side, derive_seed(seed, "glints"));
  spray_ = paint_spray(paint::scaled(320, detail), derive_seed(seed, "spray"));
}

Rgb CliffSea::water_color(float distance, float slope, float crest) const {
  const Rgb light = paint::grayed(air_.lit({1, 1, 1}, 0.5f), 0.55f);
  const Rgb deep = Rgb{0.055f, 0.17f, 0.23f} * light, through = Rgb{0.16f, 0.40f, 0.40f} * light;
  const Rgb sky = mix(air_.sky.middle, air_.sky.horizon, smoothstep(40.0f, 600.0f, distance));
  const Rgb body = mix(deep, through, 0.75f * clamp01(crest));
  const float mirror = clamp01(mix(0.24f, 0.70f, smoothstep(15.0f, 500.0f, distance)) + 0.30f * slope);
  return mix(body, sky * 0.88f, mirror) * (1.42f + 0.25f * slope);
}

void CliffSea::emit(const Camera& camera, double seconds, DrawList& list) const {
  const auto t = static_cast<float>(std::fmod(seconds, 3600.0));
  const float cx = camera.position.x, cz = camera.position.z;
  const Vec3 sun = air_.sky.sun_direction;
  const Rgb white = air_.lit({0.95f, 0.97f, 1.0f}, 0.6f) * 1.1f;
  const float roughness = smoothstep(0.3f, 1.3f, swell_);
  Mesh water, foam, glitter;
  for (int ring = 0; ring <= kRings; ++ring) {
    const float share = static_cast<float>(ring) / kRings,
                radius = kReach * share * share * share + 6 * share;
    for (int sector = 0; sector <= kSectors; ++sector) {
      const float azimuth = 6.2831853f * (static_cast<float>(sector) / kSectors - 0.5f);
      const float x = cx + std::sin(azimuth) * radius, z = cz + std::cos(azimuth) * radius;
      const float calm = 1 - 0.85f * smoothstep(90, 420, radius);
      const Wave wave = wave_at(x, z, t);
      const Vec3 p = {x, level_ + swell_ * calm * wave.height, z};
      const float crest = calm * wave.height * roughness;
      water.vertices.push_back({p, x / 26 + 0.010f * t, -z / 26 - 0.03f * t,
                                water_color(radius, 0.55f * calm * wave.slope, crest), 1});
      const float cap = roughness * (0.30f + 0.70f * smoothstep(0.0f, 0.6f, wave.height)) *
                        (1 - 0.6f * smoothstep(150, 700, radius));
      foam.vertices.push_back({p, x / 34 + 0.004f * t, -z / 34 - 0.022f * t, white, cap});
      const float off = std::remainder(azimuth - std::atan2(sun.x, sun.z), 6.2831853f),
                  wide = 0.12f + 0.25f * clamp01(sun.y);
      const float path = sun.z > 0 ? std::exp(-off * off / (wide * wide)) : 0.06f;
      glitter.vertices.push_back({p, x / 15 - 0.02f * t, -z / 15 + 0.05f * t,
                                  air_.sky.sun * (1.3f * path * air_.sky.disc * (0.8f + 0.4f * wave.slope)),
                                  1});
    }
  }
  const auto add = [&](Mesh& mesh, const TexturePtr& texture, Blend blend) {
    for (uint32_t ring = 0; ring < kRings; ++ring) {
      for (uint32_t sector = 0; sector < kSectors; ++sector) {
        const uint32_t a = ring * (kSectors + 1) + sector, b = a + kSectors + 1;
        mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, b, a + 1, b + 1});
      }
    }
    list.push_back({.mesh = paint::share(std::move(mesh)),
                    .texture = texture,
                    .layer = Layer::far,
                    .blend = blend,
                    .haze = blend == Blend::add ? 0.0f : 0.7f,
                    .reflects = false});
  };
  add(water, ripples_, Blend::over);
  if (roughness > 0.05f) add(foam, caps_, Blend::over);
  if (air_.sky.disc > 0.1f) add(glitter, glints_, Blend::add);
}

void CliffSea::emit_surf(const Camera& camera, float x, float z, float width, double seconds,
                         DrawList& list) const {
  const auto t = static_cast<float>(std::fmod(seconds, 3600.0));
  const Wave wave = wave_at(x, z, t);
  const Wave before = wave_at(x, z, t - 1.2f);
  const float burst = 0.35f + 0.65f * smoothstep(0.1f, 0.8f, before.height);
  const float tall = width * (0.14f + 0.20f * burst * swell_);
  const Vec3 across = normalized({camera.position.z - z, 0, x - camera.position.x});
  const float y = level_ + swell_ * wave.height * 0.5f;
  const Vec3 left = Vec3{x, y - 0.12f * tall, z} + across * (0.62f * width);
  Mesh mesh = patch(left + Vec3{0, tall, 0}, across * (-1.24f * width), {0, -tall, 0}, 4, 2);
  const Rgb white = air_.lit({0.95f, 0.97f, 1.0f}, 0.5f) * 1.05f;
  for (Vertex& vertex : mesh.vertices) vertex.light = white;
  list.push_back({.mesh = paint::share(std::move(mesh)),
                  .texture = spray_,
                  .layer = Layer::far,
                  .opacity = 0.55f + 0.4f * burst,
                  .reflects = false});
}

}  // namespace troupe::stage
