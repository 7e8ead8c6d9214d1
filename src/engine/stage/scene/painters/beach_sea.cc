#include "engine/stage/scene/painters/beach_sea.h"

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

constexpr int kColumns = 48, kRows = 46;
constexpr float kReach = 420;  // metres of sea
constexpr float kFan = 1.75f;  // half width of the sea over its distance: wider than any view

/// Horizontal ripples, brighter on their backs; multiplies the water's colour.
TexturePtr paint_ripples(float detail, uint64_t seed) {
  const int side = paint::tile_side(512, detail);
  const Field base = paint::fbm({side, side, 5, 14, 6, 0.55f, seed});
  const Field fine = paint::ridged({side, side, 9, 30, 5, 0.5f, seed + 1});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float tone = 0.60f + 0.62f * (base.sample_uv(u, v) - 0.5f) + 0.34f * (fine.sample_uv(u, v) - 0.4f);
    return paint::Stop{0, Rgb{1, 1, 1} * clamp01(tone)};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

/// Short bright strokes where ripples throw the sun at the viewer; added.
TexturePtr paint_glints(float detail, uint64_t seed) {
  const int side = paint::tile_side(512, detail);
  const Field base = paint::fbm({side, side, 10, 40, 5, 0.6f, seed});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    return paint::Stop{0, {1, 1, 1}, 0.15f + 0.85f * smoothstep(0.56f, 0.80f, base.sample_uv(u, v))};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

/// Lace of foam: seamless along u, thick at v = 0.35 and torn to threads behind (v = 1).
TexturePtr paint_foam(float detail, uint64_t seed) {
  const int width = paint::tile_side(1024, detail), height = paint::tile_side(128, detail);
  const Field lace = paint::ridged({width, height, 26, 5, 5, 0.6f, seed});
  const Field edge = paint::fbm({width, height, 14, 1, 5, 0.55f, seed + 1});
  Canvas canvas(width, height);
  canvas.fill([&](float u, float v) {
    const float front = 0.16f + 0.26f * (edge.sample_uv(u, 0) - 0.3f);
    const float body =
        smoothstep(front, front + 0.05f, v) * (1 - smoothstep(front + 0.12f, front + 0.40f, v));
    const float threads = smoothstep(front, front + 0.1f, v) * (1 - smoothstep(0.45f, 0.98f, v)) *
                          smoothstep(0.45f, 0.85f, lace.sample_uv(u, v));
    return paint::Stop{0, {1, 1, 1}, std::min(1.0f, 0.92f * body + 0.75f * threads)};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::clamp);
}

/// A film of water over sand: soft patches of shine.
TexturePtr paint_sheen(float detail, uint64_t seed) {
  const int side = paint::tile_side(256, detail);
  const Field film = paint::fbm({side, side, 3, 8, 5, 0.5f, seed});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float tone = 0.80f + 0.35f * (film.sample_uv(u, v) - 0.5f);
    return paint::Stop{0, Rgb{1, 1, 1} * clamp01(tone)};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

void grid_indices(Mesh& mesh, uint32_t columns, uint32_t rows) {
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t column = 0; column < columns; ++column) {
      const uint32_t a = row * (columns + 1) + column, b = a + columns + 1;
      mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, b, a + 1, b + 1});
    }
  }
}

DrawItem ground_item(Mesh mesh, const TexturePtr& texture) {
  DrawItem item;
  item.mesh = paint::share(std::move(mesh));
  item.texture = texture;
  item.layer = Layer::ground;
  return item;
}

/// Even steps along the fan of a strip, from left to right of any view.
float fan(int column) { return kFan * (2 * static_cast<float>(column) / kColumns - 1); }

}  // namespace

BeachSea::BeachSea(const paint::Atmosphere& air, float detail, uint64_t seed)
    : air_(air),
      swell_(std::clamp(0.14f * air.wind, 0.08f, 0.5f)),
      ripples_(paint_ripples(detail, derive_seed(seed, "ripples"))),
      glints_(paint_glints(detail, derive_seed(seed, "glints"))),
      foam_(paint_foam(detail, derive_seed(seed, "foam"))),
      sheen_(paint_sheen(detail, derive_seed(seed, "sheen"))) {}

float BeachSea::shore(const Camera& camera) const { return 12.5f + std::max(0.0f, camera.position.z - 3); }

float BeachSea::waterline(float x, float shore, float t) const {
  const float bay = 1.3f * std::sin(0.075f * x + 0.8f) + 0.45f * std::sin(0.27f * x);
  const float swash = 0.75f * std::sin(0.95f * t) + 0.22f * std::sin(0.31f * x + 1.7f * t);
  return shore + bay - swash;
}

Rgb BeachSea::water_color(float offshore, float slope) const {
  const Rgb sky_low = air_.sky.horizon, sky_mid = air_.sky.middle;
  // Under a coloured sun water keeps its own blue, so its light is greyed.
  const Rgb shallow = Rgb{0.28f, 0.56f, 0.56f} * paint::grayed(air_.lit({1, 1, 1}, 0.6f), 0.6f);
  const Rgb deep = Rgb{0.06f, 0.22f, 0.33f} * paint::grayed(air_.lit({1, 1, 1}, 0.5f), 0.6f);
  const Rgb body = mix(shallow, deep, smoothstep(1, 26, offshore));
  // Water seen flat mirrors the low sky, backs of waves more than their fronts.
  const float mirror =
      clamp01(mix(air_.sky.sun_direction.y < 0.3f ? 0.36f : 0.18f, 0.72f, smoothstep(2, 130, offshore)) +
              0.55f * slope);
  const Rgb color = mix(body, mix(sky_mid, sky_low, 0.45f) * 0.82f, mirror);
  return color * (1.36f + 0.8f * slope);
}

void BeachSea::emit_water(const Camera& camera, float t, DrawList& list) const {
  const float line = shore(camera), cx = camera.position.x;
  Mesh water, glitter;
  const Vec3 sun = air_.sky.sun_direction;
  for (int row = 0; row <= kRows; ++row) {
    const float share = static_cast<float>(row) / kRows, out = kReach * std::pow(share, 3.2f) + 3.0f * share;
    for (int column = 0; column <= kColumns; ++column) {
      const float x = cx + fan(column) * (line - camera.position.z + out + 4);
      const float z = waterline(x, line, t) + out, growth = smoothstep(0.5f, 14, out);
      const float a = 0.42f * z + 0.05f * x + 1.15f * t, b = 0.23f * z - 0.17f * x + 0.8f * t,
                  c = 0.9f * z + 0.3f * x + 1.9f * t;
      const float calm = 1 - 0.8f * smoothstep(60, 200, out);
      const float y =
          0.03f + swell_ * growth * calm * (0.6f * std::sin(a) + 0.3f * std::sin(b) + 0.15f * std::sin(c));
      const float slope = growth * calm * (0.30f * std::cos(a) + 0.22f * std::cos(b) + 0.12f * std::cos(c)) *
                          std::min(2.0f, swell_ / 0.14f);
      const float edge = smoothstep(0.0f, 1.6f, out);
      water.vertices.push_back(
          {{x, y, z}, x / 7 + 0.012f * t, -z / 7 - 0.03f * t, water_color(out, 0.30f * slope), edge});
      // The path of the sun on the water, narrow far off, broken by the waves near by.
      const float azimuth = std::atan2(x - cx, z - camera.position.z) - std::atan2(sun.x, sun.z);
      const float wide = 0.10f + 0.30f * std::exp(-out / 30) + 0.35f * clamp01(sun.y);
      const float path = sun.z > 0 ? std::exp(-azimuth * azimuth / (wide * wide)) : 0.12f;
      const float shine =
          (0.05f + 1.5f * path * air_.sky.disc) * smoothstep(2, 9, out) * (0.7f + 0.6f * slope);
      glitter.vertices.push_back(
          {{x, y, z}, x / 5 - 0.02f * t, -z / 5 + 0.045f * t, air_.sky.sun * std::max(0.0f, shine), 1});
    }
  }
  grid_indices(water, kColumns, kRows);
  grid_indices(glitter, kColumns, kRows);
  list.push_back(ground_item(std::move(water), ripples_));
  list.back().haze = 0.75f;
  list.push_back(ground_item(std::move(glitter), glints_));
  list.back().blend = Blend::add;
  list.back().opacity = air_.sky.moon ? 0.7f : 0.9f;
}

void BeachSea::emit_wet_sand(const Camera& camera, float t, DrawList& list) const {
  const float line = shore(camera), cx = camera.position.x;
  const Rgb sand = air_.lit({0.42f, 0.35f, 0.26f}, 0.6f), sky = mix(air_.sky.middle, air_.sky.horizon, 0.6f);
  constexpr int kBands = 5;
  const float offset[kBands + 1] = {-3.6f, -2.2f, -1.1f, -0.2f, 1.0f, 2.6f};
  const float opacity[kBands + 1] = {0, 0.72f, 0.86f, 0.92f, 0.9f, 0.9f};
  const float mirror[kBands + 1] = {0.05f, 0.22f, 0.5f, 0.66f, 0.6f, 0.5f};
  Mesh mesh;
  for (int band = 0; band <= kBands; ++band) {
    for (int column = 0; column <= kColumns; ++column) {
      const float x = cx + fan(column) * (line - camera.position.z + 6);
      // The rim of the wet is where the highest wave was; only the film follows the water.
      const float still = waterline(x, line, 0) + 0.35f, moving = waterline(x, line, t);
      const float z = mix(std::min(still, moving), moving, static_cast<float>(band) / kBands) + offset[band];
      mesh.vertices.push_back(
          {{x, 0.01f, z}, x / 4, -z / 4, mix(sand, sky, mirror[band]) * 1.1f, opacity[band]});
    }
  }
  grid_indices(mesh, kColumns, kBands);
  list.push_back(ground_item(std::move(mesh), sheen_));
}

void BeachSea::emit_breakers(const Camera& camera, float t, DrawList& list) const {
  const float line = shore(camera), cx = camera.position.x;
  const Rgb white = air_.lit({0.97f, 0.98f, 1.0f}, 0.85f) * 1.1f + Rgb{0.03f, 0.03f, 0.03f};
  constexpr int kBreakers = 4;
  for (int i = 0; i < kBreakers; ++i) {
    // A crest is born far out, runs in and ends as the sheet that washes up; then it is born again.
    const float age = t / 9 + static_cast<float>(i) / kBreakers, run = age - std::floor(age);
    const float number = std::floor(age) * 7 + static_cast<float>(i);
    const float out = 15 * (1 - run) * (1 - run) - 0.15f,
                strength = smoothstep(0, 0.35f, run) * (1 - smoothstep(0.86f, 1.0f, run));
    const float height =
        0.36f * swell_ / 0.14f * smoothstep(0.1f, 0.45f, run) * (1 - smoothstep(0.5f, 0.85f, run));
    Mesh mesh;
    for (int row = 0; row <= 3; ++row) {
      const float across = static_cast<float>(row) / 3, lift = row == 1   ? 0.75f
                                                               : row == 2 ? 1.0f
                                                               : row == 3 ? 0.4f
                                                                          : 0.0f;
      for (int column = 0; column <= kColumns; ++column) {
        const float x = cx + fan(column) * (line - camera.position.z + out + 5);
        const float bend = 0.9f * std::sin(0.09f * x + number) + 0.4f * std::sin(0.31f * x - number);
        const float broken =
            smoothstep(-0.75f, 0.35f, std::sin(0.16f * x + 2.1f * number) + 1.3f * run - 0.3f);
        // The rim of a standing crest is the silhouette: it must fade, or it shows stairs.
        const float crest = row < 2 ? 1 : 1 - clamp01(height * broken / 0.12f);
        const float z = waterline(x, line, t) + std::max(-0.05f, out + bend * std::min(1.0f, out / 6)) +
                        across * (1.1f + 2.4f * run);
        mesh.vertices.push_back({{x, 0.05f + height * lift * broken, z},
                                 x / 11 + 0.37f * number,
                                 across,
                                 white,
                                 strength * broken * crest});
      }
    }
    grid_indices(mesh, kColumns, 3);
    list.push_back(ground_item(std::move(mesh), foam_));
    list.back().haze = 0.7f;
  }
  // The water's lip on the sand.
  Mesh lip;
  for (int row = 0; row <= 1; ++row) {
    for (int column = 0; column <= kColumns; ++column) {
      const float x = cx + fan(column) * (line - camera.position.z + 6);
      lip.vertices.push_back({{x, 0.04f, waterline(x, line, t) - 0.25f + 1.5f * static_cast<float>(row)},
                              x / 9,
                              static_cast<float>(row),
                              white,
                              0.85f});
    }
  }
  grid_indices(lip, kColumns, 1);
  list.push_back(ground_item(std::move(lip), foam_));
}

void BeachSea::emit(const Camera& camera, double seconds, DrawList& list) const {
  const auto t = static_cast<float>(std::fmod(seconds, 3600.0));
  emit_wet_sand(camera, t, list);
  emit_water(camera, t, list);
  emit_breakers(camera, t, list);
}

}  // namespace troupe::stage
