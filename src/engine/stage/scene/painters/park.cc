// A lawn with a path, broad trees and hills behind.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engine/stage/scene/paint/cards.h"
#include "engine/stage/scene/paint/ground.h"
#include "engine/stage/scene/paint/lamps.h"
#include "engine/stage/scene/paint/sky.h"
#include "engine/stage/scene/paint/terrain.h"
#include "engine/stage/scene/paint/tree.h"
#include "engine/stage/scene/painters/candy.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

using namespace paint;

// The park repeats after this many metres, in both directions.
constexpr float kPeriod = 96;

float path_middle(float z) {
  return 0.55f + 1.5f * std::sin(6.2831853f * (z - 4) / 48) * smoothstep(-40.0f, 12.0f, z);
}

struct Palette {
  Rgb leaf, leaf_other, leaf_third, grass_dark, grass_bright, dry, litter, flower;
  Rgb soil = {0.54f, 0.47f, 0.38f}, bark = {0.38f, 0.33f, 0.28f};
  float dryness = 0.12f, litter_share = 0, leaves = 1;
  int flowers = 3;
};

Palette palette_of(const SceneRequest& request) {
  if (request.environment == Environment::candy) {
    return {.leaf = {0.95f, 0.52f, 0.72f},
            .leaf_other = {0.98f, 0.74f, 0.84f},
            .leaf_third = {0.58f, 0.80f, 0.92f},
            .grass_dark = {0.40f, 0.66f, 0.50f},
            .grass_bright = {0.66f, 0.90f, 0.68f},
            .dry = {0.95f, 0.85f, 0.95f},
            .litter = {0.98f, 0.62f, 0.78f},
            .flower = {1.0f, 0.9f, 0.4f},
            .soil = {0.93f, 0.78f, 0.70f},
            .bark = {0.62f, 0.42f, 0.36f},
            .litter_share = 0.25f,
            .flowers = 6};
  }
  if (request.season == Season::autumn) {
    return {.leaf = {0.66f, 0.30f, 0.08f},
            .leaf_other = {0.80f, 0.52f, 0.13f},
            .leaf_third = {0.58f, 0.17f, 0.08f},
            .grass_dark = {0.22f, 0.24f, 0.09f},
            .grass_bright = {0.42f, 0.43f, 0.17f},
            .dry = {0.60f, 0.48f, 0.24f},
            .litter = {0.74f, 0.40f, 0.12f},
            .flower = {0.8f, 0.5f, 0.2f},
            .dryness = 0.4f,
            .litter_share = 0.8f,
            .leaves = 0.85f,
            .flowers = 0};
  }
  if (request.season == Season::spring) {
    return {.leaf = {0.90f, 0.62f, 0.70f},
            .leaf_other = {0.98f, 0.82f, 0.86f},
            .leaf_third = {0.44f, 0.58f, 0.22f},
            .grass_dark = {0.18f, 0.30f, 0.09f},
            .grass_bright = {0.42f, 0.58f, 0.20f},
            .dry = {0.52f, 0.56f, 0.26f},
            .litter = {0.97f, 0.80f, 0.85f},
            .flower = {1.0f, 0.96f, 0.90f},
            .litter_share = 0.35f,
            .flowers = 7};
  }
  return {.leaf = {0.27f, 0.41f, 0.12f},
          .leaf_other = {0.42f, 0.52f, 0.17f},
          .leaf_third = {0.22f, 0.36f, 0.15f},
          .grass_dark = {0.16f, 0.25f, 0.08f},
          .grass_bright = {0.37f, 0.49f, 0.17f},
          .dry = {0.52f, 0.50f, 0.26f},
          .litter = {0, 0, 0},
          .flower = {0.97f, 0.95f, 0.88f}};
}

std::vector<CardKind> paint_kinds(const SceneRequest& request, const Palette& palette,
                                  const Atmosphere& air) {
  const float detail = request.detail;
  std::vector<CardKind> kinds;
  for (int i = 0; i < 3; ++i) {
    BroadleafSpec spec{.width = scaled(896, detail), .height = scaled(896, detail)};
    spec.leaf = i == 2 ? palette.leaf_third : palette.leaf;
    spec.leaf_other = i == 2 ? palette.leaf_third * 1.3f : palette.leaf_other;
    spec.crown_width = i == 1 ? 0.72f : 0.90f;
    spec.crown_height = i == 1 ? 0.74f : 0.66f;
    spec.bark = palette.bark;
    spec.leaves = palette.leaves;
    spec.seed = derive_seed(request.seed, "tree") + static_cast<uint64_t>(i);
    const float size = i == 1 ? 8.6f : 9.2f;
    kinds.push_back({.texture = paint_broadleaf(spec, air).to_texture(),
                     .width = size,
                     .height = size,
                     .sway = 0.10f,
                     .shadow = 0.75f,
                     .contact = 1.1f});
  }
  BushSpec bush{.width = scaled(448, detail),
                .height = scaled(288, detail),
                .leaf = palette.leaf * 0.9f,
                .leaf_other = palette.leaf_other * 0.9f,
                .flower = palette.flower,
                .flowers = palette.flowers > 0 ? 0.5f : 0.0f,
                .seed = derive_seed(request.seed, "bush")};
  kinds.push_back({.texture = paint_bush(bush, air).to_texture(),
                   .width = 2.6f,
                   .height = 1.65f,
                   .sway = 0.03f,
                   .shadow = 0.5f,
                   .contact = 1.4f,
                   .foot = 0.08f});
  if (request.environment == Environment::candy) {
    const std::vector<CardKind> sweets = paint_sweets(detail, air, derive_seed(request.seed, "sweets"));
    kinds.insert(kinds.end(), sweets.begin(), sweets.end());
  }
  return kinds;
}

std::vector<Planted> plant(uint64_t seed) {
  Random random(seed);
  // Two trees frame the first view; the rest fall on a jittered grid that keeps the path free.
  std::vector<Planted> trees = {{.kind = 0, .x = -5.6f, .z = 9.5f, .scale = 1.05f},
                                {.kind = 2, .x = 7.4f, .z = 14.5f, .scale = 1.12f, .mirrored = true}};
  constexpr float kCell = 12;
  for (float z = 0; z < kPeriod; z += kCell) {
    for (float x = -kPeriod / 2; x < kPeriod / 2; x += kCell) {
      const Planted tree{.kind = random.below(3),
                         .x = x + random.uniform(1, kCell - 1),
                         .z = z + random.uniform(1, kCell - 1),
                         .scale = random.uniform(0.78f, 1.2f),
                         .mirrored = random.below(2) == 1,
                         .light = Rgb{1, 1, 1} * random.uniform(0.86f, 1.06f)};
      const float clear = std::abs(tree.x - path_middle(tree.z));
      const bool keep = random.uniform() < 0.62f, opening = std::abs(tree.x) < 10 && tree.z < 24;
      if (keep && !opening && clear > 4.5f) trees.push_back(tree);
      const Planted bush{.kind = 3,
                         .x = x + random.uniform(0, kCell),
                         .z = z + random.uniform(0, kCell),
                         .scale = random.uniform(0.5f, 1.15f),
                         .mirrored = random.below(2) == 1};
      if (random.uniform() < 0.35f && std::abs(bush.x - path_middle(bush.z)) > 3.6f &&
          !(std::abs(bush.x) < 4.5f && bush.z < 9)) {
        trees.push_back(bush);
      }
    }
  }
  return trees;
}

std::vector<Sprite> sow(uint64_t seed, float period, int cells) {
  Random random(seed);
  std::vector<Sprite> tufts;
  for (int i = 0; i < 1000; ++i) {
    const float x = random.uniform(-period / 2, period / 2), z = random.uniform(0, period);
    const float off = std::abs(x - path_middle(z));
    if (off < 1.25f) continue;
    const float tall = random.uniform(0.08f, 0.30f) * (off < 2.2f ? 0.7f : 1.0f);
    const float tone = random.uniform(0.85f, 1.12f);
    tufts.push_back({x, z, tall * random.uniform(1.6f, 2.4f), tall, random.below(cells), {tone, tone, tone}});
  }
  return tufts;
}

// Lollipops and gum drops (kinds 4 to 6) along the path and over the lawn.
void add_sweets(uint64_t seed, std::vector<Planted>& planted) {
  Random random(seed);
  planted.push_back({.kind = 4, .x = -2.9f, .z = 8.5f});
  planted.push_back({.kind = 5, .x = 3.9f, .z = 12, .scale = 1.15f});
  planted.push_back({.kind = 6, .x = 2.9f, .z = 7.5f});
  for (int i = 0; i < 60; ++i) {
    const Planted sweet{.kind = 4 + random.below(3),
                        .x = random.uniform(-30, 30),
                        .z = random.uniform(10, kPeriod),
                        .scale = random.uniform(0.6f, 1.3f),
                        .mirrored = random.below(2) == 1};
    if (std::abs(sweet.x - path_middle(sweet.z)) > 2.6f) planted.push_back(sweet);
  }
}

std::vector<Planted> plant_all(const SceneRequest& request) {
  std::vector<Planted> planted = plant(derive_seed(request.seed, "trees"));
  if (request.environment == Environment::candy) add_sweets(derive_seed(request.seed, "sweets"), planted);
  return planted;
}

// A post every 16 m, on either side in turn.
std::vector<Planted> lamp_posts(const SceneRequest& request) {
  std::vector<Planted> posts;
  if (request.environment == Environment::candy) return posts;
  for (int i = 0; i < 6; ++i) {
    const float z = 11 + 16 * static_cast<float>(i);
    posts.push_back({.x = path_middle(z) + (i % 2 == 0 ? 2.9f : -2.6f), .z = z});
  }
  return posts;
}

class Park : public Scene {
 public:
  Park(const SceneRequest& request, const Atmosphere& air)
      : sky_(request, air),
        palette_(palette_of(request)),
        trees_(paint_kinds(request, palette_, air), plant_all(request),
               {.period_x = kPeriod, .period_z = kPeriod, .fade_from = 74, .fade_to = 88}, air),
        tufts_(paint_grass_tufts(request, palette_, air), 6, sow(derive_seed(request.seed, "tufts"), 24, 6),
               24, 23, 0.22f),
        lamps_(air, request.detail, lamp_posts(request), kPeriod),
        wind_(air.wind) {
    const int side = tile_side(1024, request.detail);
    lawn_ = paint_grass({.side = side,
                         .dark = palette_.grass_dark,
                         .bright = palette_.grass_bright,
                         .dry = palette_.dry,
                         .dryness = palette_.dryness,
                         .litter = palette_.litter,
                         .litter_share = palette_.litter_share,
                         .seed = derive_seed(request.seed, "lawn")},
                        air)
                .to_texture(Wrap::repeat, Wrap::repeat);
    Canvas path = paint_dirt({.side = side,
                              .soil = palette_.soil,
                              .stone = palette_.soil * 1.15f,
                              .litter = palette_.litter,
                              .litter_share = palette_.litter_share * 0.6f,
                              .seed = derive_seed(request.seed, "path")},
                             air);
    fray_sides(path, 0.22f, derive_seed(request.seed, "edges"));
    path_ = path.to_texture(Wrap::clamp, Wrap::repeat);
    patches_ = paint_patches(tile_side(512, request.detail), air.lit(palette_.grass_dark * 0.55f, 0.2f, 0.5f),
                             0.55f, air.lit(mix(palette_.grass_bright, palette_.dry, 0.35f) * 1.1f, 0.95f),
                             0.45f, 7, derive_seed(request.seed, "patches"))
                   .to_texture(Wrap::repeat, Wrap::repeat);
    paint_hills(request, air);
    look_.light = air.light;
    look_.grade = air.grade;
    look_.particles = air.particles;
    look_.ambience = "park";
    look_.surface = Surface::gravel;
    look_.walk_half_width = 4;
  }

  void emit(const Camera& camera, double seconds, DrawList& list) const override {
    sky_.emit(camera, seconds, list);
    emit_horizon(camera, far_hills_, 420, 64, 6, 3, 0, list);
    emit_horizon(camera, near_hills_, 140, 22, 1.5f, 2, 0, list);
    emit_ground(camera, lawn_, 5, Layer::ground, 0, 1, list);
    emit_ground(camera, patches_, 34, Layer::ground, 0, 1, list);
    emit_path(camera, path_, 1.75f, 5, path_middle, list);
    trees_.emit(camera, seconds, list);
    tufts_.emit(camera, seconds, wind_, list);
    lamps_.emit(camera, seconds, list);
  }

 private:
  static TexturePtr paint_grass_tufts(const SceneRequest& request, const Palette& p, const Atmosphere& air) {
    return paint_tufts({.cells = 6,
                        .cell_width = scaled(224, request.detail),
                        .cell_height = scaled(160, request.detail),
                        .root = p.grass_dark * 0.8f,
                        .blade = mix(p.grass_dark, p.grass_bright, 0.7f),
                        .tip = mix(p.grass_bright, p.dry, 0.3f) * 1.1f,
                        .blades = 70,
                        .flower = p.flower,
                        .flowers = p.flowers,
                        .seed = derive_seed(request.seed, "grass")},
                       air)
        .to_texture();
  }
  void paint_hills(const SceneRequest& request, const Atmosphere& air) {
    const int width = tile_side(2048, request.detail);
    const Rgb land = mix(palette_.grass_dark, palette_.leaf_third, 0.6f);
    const RidgeSpec far{.width = width,
                        .height = scaled(160, request.detail),
                        .metres_wide = 880,
                        .metres_high = 64,
                        .land = grayed(land, 0.3f),
                        .haze = 0.62f,
                        .distance = 420,
                        .rough = 0.2f,
                        .low = 0.30f,
                        .high = 0.85f,
                        .wooded = 0.5f,
                        .seed = derive_seed(request.seed, "far hills")};
    far_hills_ = paint_ridge(far, air);
    const RidgeSpec wood{.width = width,
                         .height = scaled(128, request.detail),
                         .metres_wide = 440,
                         .metres_high = 22,
                         .land = land,
                         .haze = 0.38f,
                         .distance = 140,
                         .rough = 0.1f,
                         .low = 0.12f,
                         .high = 0.30f,
                         .wooded = 0.9f,
                         .tree_low = 5,
                         .tree_high = 9.5f,
                         .seed = derive_seed(request.seed, "wood")};
    near_hills_ = paint_ridge(wood, air);
  }

  Sky sky_;
  Palette palette_;
  Cards trees_;
  Tufts tufts_;
  Lamps lamps_;

  TexturePtr lawn_, path_, patches_, far_hills_, near_hills_;
  float wind_;
};

}  // namespace

std::unique_ptr<Scene> paint_park(const SceneRequest& request) {
  return std::make_unique<Park>(request, atmosphere(request));
}

}  // namespace troupe::stage
