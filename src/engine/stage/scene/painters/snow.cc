// Open snow with frosted pines, a trodden trail and white hills behind.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engine/stage/scene/paint/cards.h"
#include "engine/stage/scene/paint/ground.h"
#include "engine/stage/scene/paint/relief.h"
#include "engine/stage/scene/paint/sky.h"
#include "engine/stage/scene/paint/terrain.h"
#include "engine/stage/scene/paint/tree.h"
#include "engine/stage/scene/paint/wood.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

using namespace paint;

constexpr float kPeriod = 96;
constexpr Rgb kSnow = {0.90f, 0.93f, 0.98f};

float path_middle(float z) { return 0.4f + 1.2f * std::sin(6.2831853f * (z - 2) / 48); }

// Snow throws the sky's light back up, so nothing is as dark as it would be over grass.
Atmosphere over_snow(const SceneRequest& request) {
  Atmosphere air = atmosphere(request);
  air.ambient = air.ambient * Rgb{1.20f, 1.24f, 1.30f};
  air.sun = air.sun * 0.70f;
  air.light.haze_density *= 1.6f;
  air.light.haze_color = mix(air.light.haze_color, grayed(air.sky.horizon, 0.2f), 0.4f);
  air.light.black_lift += 0.02f;
  air.light.rim *= 1.15f;
  const bool falling = wants(request, Weather::snowfall) || wants(request, Weather::storm);
  if (!falling && !wants(request, Weather::clear) && request.environment == Environment::snow) {
    air.particles.push_back({Particles::Kind::snow, 0.45f, 0.15f,
                             mix(Rgb{1, 1, 1}, air.light.gain, 0.5f) * (0.4f + 0.6f * air.light.exposure)});
  }
  // What falls here is snow, whatever the word was.
  for (Particles& p : air.particles) {
    if (p.kind == Particles::Kind::rain) p.kind = Particles::Kind::snow;
  }
  return air;
}

std::vector<CardKind> paint_kinds(const SceneRequest& request, const Atmosphere& air) {
  const float detail = request.detail;
  std::vector<CardKind> kinds;
  for (int i = 0; i < 3; ++i) {
    const PineSpec pine{.width = scaled(i == 1 ? 448 : 576, detail),
                        .height = scaled(1024, detail),
                        .needle = {0.13f, 0.21f, 0.15f},
                        .needle_tip = {0.24f, 0.32f, 0.20f},
                        .snow = i == 2 ? 1.0f : 0.75f,
                        .density = i == 1 ? 0.85f : 1.0f,
                        .seed = derive_seed(request.seed, "pine") + static_cast<uint64_t>(i)};
    const float tall = i == 1 ? 8.6f : 9.6f;
    kinds.push_back({.texture = paint_pine(pine, air).to_texture(),
                     .width = tall * static_cast<float>(pine.width) / static_cast<float>(pine.height),
                     .height = tall,
                     .sway = 0.05f,
                     .shadow = 0.4f,
                     .contact = 1.5f});
  }
  const BroadleafSpec bare{.width = scaled(768, detail),
                           .height = scaled(768, detail),
                           .leaf = kSnow,
                           .leaf_other = kSnow,
                           .bark = {0.30f, 0.27f, 0.26f},
                           .leaves = 0.06f,
                           .leaf_size = 0.9f,
                           .seed = derive_seed(request.seed, "bare")};
  kinds.push_back({.texture = paint_broadleaf(bare, air).to_texture(),
                   .width = 8,
                   .height = 8,
                   .sway = 0.05f,
                   .shadow = 0.35f,
                   .contact = 0.9f});
  const BushSpec bush{.width = scaled(448, detail),
                      .height = scaled(256, detail),
                      .leaf = {0.22f, 0.24f, 0.18f},
                      .leaf_other = {0.30f, 0.30f, 0.22f},
                      .flower = {},
                      .snow = 1,
                      .seed = derive_seed(request.seed, "bush")};
  kinds.push_back({.texture = paint_bush(bush, air).to_texture(),
                   .width = 2.0f,
                   .height = 1.1f,
                   .sway = 0.02f,
                   .shadow = 0.4f,
                   .contact = 1.2f,
                   .foot = 0.10f});
  return kinds;
}

std::vector<Planted> plant(uint64_t seed) {
  Random random(seed);
  std::vector<Planted> trees = {{.kind = 2, .x = -5.0f, .z = 9, .scale = 0.92f},
                                {.kind = 0, .x = 6.6f, .z = 13.5f, .scale = 1.1f, .mirrored = true},
                                {.kind = 1, .x = -8.6f, .z = 15, .scale = 1.1f}};
  constexpr float kCell = 8.5f;
  for (float z = 0; z < kPeriod; z += kCell) {
    for (float x = -kPeriod / 2; x < kPeriod / 2; x += kCell) {
      // Pines stand in groups: the odds rise and fall over some 30 m, and with the distance from the trail.
      const float group = 0.5f + 0.5f * std::sin(x * 0.19f + 1.7f) * std::sin(z * 0.13f + 0.6f);
      const float pick = random.uniform();
      const Planted tree{.kind = pick < 0.80f   ? random.below(3)
                                 : pick < 0.88f ? 3
                                                : 4,
                         .x = x + random.uniform(0.5f, kCell - 0.5f),
                         .z = z + random.uniform(0.5f, kCell - 0.5f),
                         .scale = random.uniform(0.55f, 1.2f),
                         .mirrored = random.below(2) == 1,
                         .light = Rgb{1, 1, 1} * random.uniform(0.9f, 1.04f)};
      const float clear = std::abs(tree.x - path_middle(tree.z)), away = smoothstep(4.0f, 26.0f, clear);
      const bool opening = std::abs(tree.x) < 9 && tree.z < 20;
      if (random.uniform() < 0.15f + 0.55f * group * (0.4f + 0.6f * away) && clear > 4.2f && !opening)
        trees.push_back(tree);
    }
  }
  return trees;
}

std::vector<Sprite> sow(uint64_t seed, float period, int cells) {
  Random random(seed);
  std::vector<Sprite> stalks;
  for (int i = 0; i < 90; ++i) {
    const float x = random.uniform(-period / 2, period / 2), z = random.uniform(0, period),
                tall = random.uniform(0.12f, 0.34f);
    if (std::abs(x - path_middle(z)) > 1.3f)
      stalks.push_back({x, z, tall * 1.3f, tall, random.below(cells), {1, 1, 1}});
  }
  return stalks;
}

// Drifts and wind ripples, with a sparkle here and there.
Canvas paint_snow_tile(int side, const Atmosphere& air, uint64_t seed) {
  Field drifts = fbm(
      {.width = side, .height = side, .cells_x = 3, .cells_y = 4, .octaves = 7, .gain = 0.46f, .seed = seed});
  const Field ripples = fbm({.width = side,
                             .height = side,
                             .cells_x = 10,
                             .cells_y = 26,
                             .octaves = 3,
                             .gain = 0.5f,
                             .seed = seed + 1});
  for (size_t i = 0; i < drifts.values.size(); ++i) drifts.values[i] += 0.05f * ripples.values[i];
  const Vec3 sun = air.sky.sun_direction;
  const float scale = static_cast<float>(side) / 1024;
  const Relief relief{.height = 95 * scale,
                      .to_light = {sun.x, sun.z, std::max(0.45f, sun.y)},
                      .fine = 4 * scale,
                      .coarse = 30 * scale,
                      .occlusion = 0.45f};
  const Field grain = speckle(side, side, seed + 2);
  Canvas tile = bake(drifts, relief, air, [&](float u, float v, float) {
    return kSnow * (0.975f + 0.05f * grain.sample_uv(u, v));
  });
  Random random(seed + 3);
  for (int i = 0; i < 500; ++i) {
    tile.dab(
        {.centre = {random.uniform(0, static_cast<float>(side)), random.uniform(0, static_cast<float>(side))},
         .rx = 0.9f,
         .ry = 0.9f,
         .color = mix(air.lit(kSnow, 1), Rgb{1, 1, 1}, 0.5f),
         .alpha = random.uniform(0.2f, 0.9f)});
  }
  return tile;
}

// A trodden trail: the same snow, dented by feet and grey with earth in its middle.
Canvas paint_trail(int side, const Atmosphere& air, uint64_t seed) {
  Field height =
      fbm({.width = side, .height = side, .cells_x = 12, .cells_y = 12, .octaves = 5, .seed = seed});
  Random random(seed + 1);
  Canvas dents(side, side, true);
  const float unit = static_cast<float>(side) / 1024;
  // Feet have gone in two lines, most of them near the middle.
  for (int i = 0; i < 120; ++i) {
    const float line = (random.below(2) == 0 ? -0.10f : 0.10f) + 0.10f * random.normal();
    dents.dab(
        {.centre = {static_cast<float>(side) * (0.5f + line), random.uniform(0, static_cast<float>(side))},
         .rx = unit * random.uniform(24, 34),
         .ry = unit * random.uniform(40, 62),
         .angle = random.uniform(-0.35f, 0.35f),
         .color = {1, 1, 1},
         .alpha = random.uniform(0.15f, 0.55f),
         .softness = 0.7f});
  }
  dents.blur(2.5f * unit);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) height.at(x, y) -= 0.55f * dents.at(x, y)[3];
  }
  const Vec3 sun = air.sky.sun_direction;
  const Relief relief{.height = 26 * unit,
                      .to_light = {sun.x, sun.z, std::max(0.5f, sun.y)},
                      .fine = 4 * unit,
                      .coarse = 20 * unit,
                      .occlusion = 0.6f};
  return bake(height, relief, air, [&](float u, float, float h) {
    const float middle = 1 - std::abs(u * 2 - 1),
                earth = 0.30f * smoothstep(0.45f, 0.9f, middle) * smoothstep(0.45f, -0.05f, h);
    return mix(kSnow * 0.93f, Rgb{0.48f, 0.43f, 0.38f}, earth);
  });
}

class Snow : public Scene {
 public:
  Snow(const SceneRequest& request, const Atmosphere& air)
      : sky_(request, air),
        trees_(paint_kinds(request, air), plant(derive_seed(request.seed, "trees")),
               {.period_x = kPeriod, .period_z = kPeriod, .fade_from = 74, .fade_to = 88}, air),
        stalks_(paint_stalks(request, air), 4, sow(derive_seed(request.seed, "stalks"), 24, 4), 24, 20,
                0.15f),
        wind_(air.wind) {
    const int side = tile_side(1024, request.detail);
    snow_ = paint_snow_tile(side, air, derive_seed(request.seed, "drifts"))
                .to_texture(Wrap::repeat, Wrap::repeat);
    Canvas trail = paint_trail(side, air, derive_seed(request.seed, "trail"));
    fray_sides(trail, 0.30f, derive_seed(request.seed, "edges"));
    trail_ = trail.to_texture(Wrap::clamp, Wrap::repeat);
    patches_ =
        paint_patches(tile_side(512, request.detail), air.lit({0.70f, 0.76f, 0.92f}, 0.15f, 0.95f), 0.40f,
                      air.lit(kSnow, 0.95f, 1.0f), 0.6f, 4, derive_seed(request.seed, "patches"))
            .to_texture(Wrap::repeat, Wrap::repeat);
    paint_hills(request, air);
    look_.light = air.light;
    look_.grade = air.grade;
    look_.particles = air.particles;
    look_.ambience = "snow";
    look_.surface = Surface::snow;
    look_.walk_half_width = 4;
  }

  void emit(const Camera& camera, double seconds, DrawList& list) const override {
    sky_.emit(camera, seconds, list);
    emit_horizon(camera, peaks_, 900, 250, 14, 3, 0, list);
    emit_horizon(camera, wood_, 150, 24, 1.5f, 2, 0, list);
    emit_ground(camera, snow_, 9, Layer::ground, 0, 1, list);
    emit_ground(camera, patches_, 37, Layer::ground, 0, 1, list);
    emit_path(camera, trail_, 1.3f, 4, path_middle, list);
    trees_.emit(camera, seconds, list);
    stalks_.emit(camera, seconds, wind_, list);
  }

 private:
  static TexturePtr paint_stalks(const SceneRequest& request, const Atmosphere& air) {
    return paint_tufts({.cells = 4,
                        .cell_width = scaled(160, request.detail),
                        .cell_height = scaled(160, request.detail),
                        .root = {0.50f, 0.46f, 0.40f},
                        .blade = {0.48f, 0.40f, 0.28f},
                        .tip = {0.68f, 0.60f, 0.44f},
                        .blades = 16,
                        .flower = {},
                        .seed = derive_seed(request.seed, "stalk")},
                       air)
        .to_texture();
  }
  void paint_hills(const SceneRequest& request, const Atmosphere& air) {
    const bool mountain = request.environment == Environment::mountain;
    const int width = tile_side(2048, request.detail);
    const RidgeSpec peaks{.width = width,
                          .height = scaled(320, request.detail),
                          .metres_wide = 1885,
                          .metres_high = 250,
                          .land = {0.40f, 0.43f, 0.48f},
                          .snow = kSnow,
                          .snow_share = 1,
                          .haze = mountain ? 0.25f : 0.36f,
                          .distance = mountain ? 90.0f : 150.0f,
                          .rough = 1,
                          .low = mountain ? 0.40f : 0.22f,
                          .high = mountain ? 0.96f : 0.60f,
                          .wooded = 0,
                          .seed = derive_seed(request.seed, "peaks")};
    peaks_ = paint_ridge(peaks, air);
    const RidgeSpec wood{.width = width,
                         .height = scaled(112, request.detail),
                         .metres_wide = 471,
                         .metres_high = 24,
                         .land = {0.30f, 0.36f, 0.36f},
                         .snow = kSnow,
                         .snow_share = 0.4f,
                         .haze = 0.40f,
                         .distance = 150,
                         .rough = 0.1f,
                         .low = 0.07f,
                         .high = 0.16f,
                         .wooded = 0.8f,
                         .tree_low = 5,
                         .tree_high = 12,
                         .pines = true,
                         .seed = derive_seed(request.seed, "wood")};
    wood_ = paint_ridge(wood, air);
  }

  Sky sky_;
  Cards trees_;
  Tufts stalks_;
  TexturePtr snow_, trail_, patches_, peaks_, wood_;
  float wind_;
};

}  // namespace

std::unique_ptr<Scene> paint_snow(const SceneRequest& request) {
  return std::make_unique<Snow>(request, over_snow(request));
}

}  // namespace troupe::stage
