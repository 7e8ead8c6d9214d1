// The beach: sand at the viewer's feet, surf, the sea to the horizon, palms to the sides.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/cards.h"
#include "engine/stage/scene/paint/ground.h"
#include "engine/stage/scene/paint/relief.h"
#include "engine/stage/scene/paint/sky.h"
#include "engine/stage/scene/paint/solid.h"
#include "engine/stage/scene/paint/terrain.h"
#include "engine/stage/scene/painters/beach_palm.h"
#include "engine/stage/scene/painters/beach_sea.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

paint::Atmosphere beach_air(const SceneRequest& request) {
  paint::Atmosphere air = paint::atmosphere(request);
  // Low suns stand over the sea, where they draw their path on it.
  if (air.sky.sun_direction.z > 0.5f && air.sky.disc > 0.2f) {
    const float y = std::max(air.sky.sun_direction.y, 0.05f);
    air.sky.sun_direction = normalized({air.sky.sun_direction.x < 0 ? -0.16f : 0.2f, y, 1});
  }
  air.light.haze_density *= 0.6f;
  return air;
}

/// Sand trodden and blown: dimples, ripples and grains.
TexturePtr paint_sand(const paint::Atmosphere& air, float detail, uint64_t seed) {
  const int side = paint::tile_side(1024, detail);
  const paint::Field humps = paint::fbm({side, side, 9, 11, 6, 0.5f, seed});
  const paint::Field ripples = paint::ridged({side, side, 12, 5, 4, 0.5f, seed + 1});
  const paint::Field grain = paint::speckle(side, side, seed + 2);
  paint::Field height(side, side);
  for (size_t i = 0; i < height.values.size(); ++i) {
    height.values[i] = 0.72f * humps.values[i] + 0.07f * ripples.values[i] + 0.045f * grain.values[i];
  }
  const float k = static_cast<float>(side) / 1024;
  const Vec3 sun = air.sky.sun_direction;
  paint::Relief relief{30 * k, {sun.x, sun.z, std::max(0.45f, sun.y)}, 3 * k + 1, 22 * k + 1, 0.9f};
  paint::Atmosphere soft = air;
  soft.ambient = air.ambient * 1.15f;
  return paint::bake(height, relief, soft,
                     [&](float u, float v, float h) {
                       const float dark = 0.90f + 0.16f * h + 0.10f * (grain.sample_uv(u, v) - 0.5f);
                       return Rgb{0.93f, 0.81f, 0.62f} * dark;
                     })
      .to_texture(Wrap::repeat, Wrap::repeat);
}

/// Land that runs out into the sea at one side: a strip whose ends sink into the water.
DrawItem make_headland(const paint::Atmosphere& air, float detail, uint64_t seed, float from, float to,
                       float z) {
  paint::RidgeSpec spec;
  spec.width = paint::tile_side(1024, detail);
  spec.height = std::max(32, paint::tile_side(96, detail));
  spec.metres_wide = 260;
  spec.metres_high = 30;
  spec.land = {0.26f, 0.32f, 0.22f};
  spec.haze = 0.55f;
  spec.low = 0.25f;
  spec.high = 0.85f;
  spec.wooded = 0.7f;
  spec.seed = seed;
  Mesh mesh;
  constexpr int kColumns = 24;
  for (int row = 0; row <= 1; ++row) {
    for (int column = 0; column <= kColumns; ++column) {
      const float t = static_cast<float>(column) / kColumns, x = mix(from, to, t);
      const float rise = smoothstep(0, 0.55f, t) * (1 - smoothstep(0.9f, 1.0f, t));
      const float y = row == 0 ? 27.0f * rise : -1.0f;
      mesh.vertices.push_back({{x, y, z}, x / 260, row == 0 ? 0.0f : 1.0f, {1, 1, 1}, 1});
    }
  }
  for (uint32_t c = 0; c < kColumns; ++c) {
    const uint32_t a = c, b = c + kColumns + 1;
    mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, b, a + 1, b + 1});
  }
  DrawItem item;
  item.mesh = paint::share(std::move(mesh));
  item.texture = paint::paint_ridge(spec, air);
  item.layer = Layer::far;
  item.haze = 0.5f;
  return item;
}

paint::Cards plant_palms(const paint::Atmosphere& air, float detail, uint64_t seed) {
  Random random(derive_seed(seed, "palms"));
  std::vector<paint::CardKind> kinds;
  for (uint64_t i = 0; i < 3; ++i) {
    const paint::Canvas palm = paint_palm(paint::scaled(768, detail), air, derive_seed(seed, "palm") + i);
    kinds.push_back({palm.to_texture(), 6.0f, 9.0f, 0.22f, 0.45f, 0.7f, 0.015f});
  }
  std::vector<paint::Planted> palms;
  for (const float side : {-1.0f, 1.0f}) {
    float z = random.uniform(5.0f, 7.0f);
    for (int i = 0; i < 4; ++i, z += random.uniform(0.8f, 1.9f)) {
      const float x = side * random.uniform(0.9f + 0.5f * z, 2.2f + 0.85f * z);
      const float tone = random.uniform(0.9f, 1.08f);
      palms.push_back({random.below(3),
                       x,
                       z,
                       0,
                       random.uniform(0.75f, 1.12f),
                       random.uniform() < 0.5f,
                       {tone, tone, tone}});
    }
  }
  return paint::Cards(std::move(kinds), std::move(palms), {}, air);
}

class Beach final : public Scene {
 public:
  explicit Beach(const SceneRequest& request)
      : air_(beach_air(request)),
        detail_(request.detail *
                std::clamp(static_cast<float>(std::min(request.frame.width, request.frame.height)) / 720,
                           0.5f, 1.25f)),
        sky_(request, air_),
        sea_(air_, detail_, request.seed),
        palms_(plant_palms(air_, detail_, request.seed)),
        sand_(paint_sand(air_, detail_, derive_seed(request.seed, "sand"))) {
    const Rgb shade = air_.lit({0.52f, 0.42f, 0.30f}, 0.2f), bright = air_.lit({0.98f, 0.90f, 0.74f}, 0.9f);
    patches_ = paint::paint_patches(paint::tile_side(256, detail_), shade, 0.20f, bright, 0.16f, 4,
                                    derive_seed(request.seed, "patches"))
                   .to_texture(Wrap::repeat, Wrap::repeat);
    const bool left = Random(derive_seed(request.seed, "headland")).uniform() < 0.5f;
    headland_ =
        make_headland(air_, detail_, request.seed, left ? -40.0f : 40.0f, left ? -620.0f : 620.0f, 400);
    look_.light = air_.light;
    look_.grade = air_.grade;
    look_.particles = air_.particles;
    look_.ambience = "sea";
    look_.surface = Surface::sand;
    look_.walk_half_width = 4;
    look_.far_z = 11;
  }

  void emit(const Camera& camera, double seconds, DrawList& list) const override {
    sky_.emit(camera, seconds, list);
    list.push_back(headland_);
    paint::emit_ground(camera, sand_, 4.5f, Layer::ground, 0, 1, list);
    paint::emit_ground(camera, patches_, 23, Layer::ground, 0.001f, 1, list);
    sea_.emit(camera, seconds, list);
    palms_.emit(camera, seconds, list);
  }

 private:
  paint::Atmosphere air_;
  float detail_;
  paint::Sky sky_;
  BeachSea sea_;
  paint::Cards palms_;
  TexturePtr sand_, patches_;
  DrawItem headland_;
};

}  // namespace

std::unique_ptr<Scene> paint_beach(const SceneRequest& request) { return std::make_unique<Beach>(request); }

}  // namespace troupe::stage
