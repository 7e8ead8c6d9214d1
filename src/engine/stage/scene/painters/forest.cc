// Tall trunks over ferns and needles, a roof of leaves, haze between the trees.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engine/stage/scene/paint/cards.h"
#include "engine/stage/scene/paint/ground.h"
#include "engine/stage/scene/paint/shafts.h"
#include "engine/stage/scene/paint/sky.h"
#include "engine/stage/scene/paint/terrain.h"
#include "engine/stage/scene/paint/tree.h"
#include "engine/stage/scene/paint/wood.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

using namespace paint;

constexpr float kPeriod = 72;

float path_middle(float z) { return 0.4f + 1.3f * std::sin(6.2831853f * (z - 3) / 36); }

struct Palette {
  Rgb leaf = {0.20f, 0.31f, 0.10f}, leaf_other = {0.36f, 0.44f, 0.13f};
  Rgb needle = {0.14f, 0.23f, 0.12f}, needle_tip = {0.26f, 0.35f, 0.15f};
  Rgb soil = {0.36f, 0.28f, 0.20f}, moss = {0.24f, 0.33f, 0.11f}, litter = {0.42f, 0.30f, 0.18f};
  Rgb fern = {0.24f, 0.38f, 0.12f}, fern_tip = {0.40f, 0.50f, 0.18f};
  float litter_share = 0.5f;
};

Palette palette_of(const SceneRequest& request) {
  Palette p;
  if (request.season == Season::autumn) {
    p.leaf = {0.62f, 0.28f, 0.07f};
    p.leaf_other = {0.80f, 0.54f, 0.12f};
    p.litter = {0.72f, 0.38f, 0.11f};
    p.fern = {0.46f, 0.36f, 0.12f};
    p.fern_tip = {0.62f, 0.48f, 0.18f};
    p.litter_share = 1.4f;
  } else if (request.season == Season::spring) {
    p.leaf = {0.30f, 0.44f, 0.12f};
    p.leaf_other = {0.50f, 0.60f, 0.20f};
  } else if (request.environment == Environment::graveyard) {
    p.leaf = {0.16f, 0.17f, 0.12f};
    p.leaf_other = {0.24f, 0.24f, 0.16f};
    p.fern = {0.22f, 0.24f, 0.14f};
  }
  return p;
}

// The light that comes through the roof of leaves: less of it, and greener.
Atmosphere under_leaves(const SceneRequest& request, const Palette& palette) {
  Atmosphere air = atmosphere(request);
  const Rgb cast = mix(Rgb{1, 1, 1}, palette.leaf_other * (1 / luma(palette.leaf_other)), 0.14f);
  // Where the hour is dim the eye opens up: a forest at night must still be readable.
  const float open = air.dark ? 2.0f : request.time == TimeOfDay::day ? 0.95f : 1.12f;
  air.sun = air.sun * (air.dark ? 1.7f : 0.95f);
  air.ambient = air.ambient * cast * open;
  air.light.gain = air.light.gain * mix(Rgb{1, 1, 1}, cast, 0.5f);
  air.light.exposure *= 0.92f;
  air.light.haze_density = std::max(air.light.haze_density * 2.6f, 0.013f);
  air.light.haze_color = air.light.haze_color * mix(Rgb{1, 1, 1}, cast, 0.35f) * (air.dark ? 1.25f : 0.94f);
  if (request.environment == Environment::graveyard) {
    air.light.haze_density *= 1.8f;
    air.grade.saturation *= 0.7f;
  }
  return air;
}

enum Kind { kTrunk, kOldTrunk, kPine, kBush, kSapling, kCanopy };

std::vector<CardKind> paint_kinds(const SceneRequest& request, const Palette& p, const Atmosphere& air) {
  const float detail = request.detail;
  const auto seed = [&](const char* purpose) { return derive_seed(request.seed, purpose); };
  const TrunkSpec trunk{.width = scaled(192, detail), .height = scaled(1024, detail), .seed = seed("trunk")};
  const TrunkSpec old{.width = scaled(256, detail),
                      .height = scaled(1024, detail),
                      .bark = {0.34f, 0.29f, 0.25f},
                      .moss_share = 0.7f,
                      .furrows = 12,
                      .seed = seed("old trunk")};
  const PineSpec pine{.width = scaled(512, detail),
                      .height = scaled(896, detail),
                      .needle = p.needle,
                      .needle_tip = p.needle_tip,
                      .seed = seed("pine")};
  const BushSpec bush{.width = scaled(448, detail),
                      .height = scaled(288, detail),
                      .leaf = p.fern * 0.85f,
                      .leaf_other = p.fern_tip * 0.85f,
                      .flower = {},
                      .seed = seed("bush")};
  const BroadleafSpec sapling{.width = scaled(640, detail),
                              .height = scaled(768, detail),
                              .leaf = p.leaf,
                              .leaf_other = p.leaf_other,
                              .crown_width = 0.8f,
                              .crown_height = 0.78f,
                              .leaves = 0.7f,
                              .leaf_size = 1.25f,
                              .seed = seed("sapling")};
  const CanopySpec canopy{.width = scaled(1024, detail),
                          .height = scaled(448, detail),
                          .leaf = p.leaf,
                          .leaf_other = p.leaf_other,
                          .seed = seed("canopy")};
  return {{.texture = paint_trunk(trunk, air).to_texture(),
           .width = 1.75f,
           .height = 15,
           .shadow = 0.6f,
           .contact = 1.1f,
           .foot = 0.008f},
          {.texture = paint_trunk(old, air).to_texture(),
           .width = 2.5f,
           .height = 17,
           .shadow = 0.6f,
           .contact = 1.7f,
           .foot = 0.008f},
          {.texture = paint_pine(pine, air).to_texture(),
           .width = 5.4f,
           .height = 9.5f,
           .sway = 0.08f,
           .shadow = 0.6f,
           .contact = 1.6f},
          {.texture = paint_bush(bush, air).to_texture(),
           .width = 2.2f,
           .height = 1.4f,
           .sway = 0.03f,
           .shadow = 0.4f,
           .contact = 1.1f,
           .foot = 0.08f},
          {.texture = paint_broadleaf(sapling, air).to_texture(),
           .width = 4.2f,
           .height = 5,
           .sway = 0.08f,
           .shadow = 0.5f,
           .contact = 0.6f},
          {.texture = paint_canopy(canopy, air).to_texture(),
           .width = 13,
           .height = 5.7f,
           .sway = 0.12f,
           .contact = 0,
           .foot = 0}};
}

// Keeps the path and the place before the first view free.
bool free_to_grow(float x, float z, float margin) {
  return std::abs(x - path_middle(z)) > margin && !(std::abs(x) < margin + 1.5f && z < 9);
}

std::vector<Planted> plant(uint64_t seed) {
  Random random(seed);
  std::vector<Planted> trees = {{.kind = kOldTrunk, .x = -4.3f, .z = 7.5f, .scale = 1.05f},
                                {.kind = kTrunk, .x = 5.2f, .z = 9.5f, .scale = 1.1f, .mirrored = true},
                                {.kind = kPine, .x = 9.6f, .z = 12.5f, .scale = 1.15f},
                                {.kind = kPine, .x = -9.8f, .z = 13.5f, .scale = 0.9f, .mirrored = true}};
  constexpr float kCell = 5.2f;
  for (float z = 0; z < kPeriod; z += kCell) {
    for (float x = -kPeriod / 2; x < kPeriod / 2; x += kCell) {
      const float pick = random.uniform();
      const int kind = pick < 0.36f   ? kTrunk
                       : pick < 0.50f ? kOldTrunk
                       : pick < 0.66f ? kPine
                       : pick < 0.76f ? kSapling
                                      : kBush;
      const Planted tree{.kind = kind,
                         .x = x + random.uniform(0.4f, kCell - 0.4f),
                         .z = z + random.uniform(0.4f, kCell - 0.4f),
                         .scale = random.uniform(0.75f, 1.2f),
                         .mirrored = random.below(2) == 1,
                         .light = Rgb{1, 1, 1} * random.uniform(0.85f, 1.08f)};
      const float margin = kind == kPine ? 4.4f : kind == kBush ? 2.4f : kind == kSapling ? 3.2f : 2.6f;
      if (random.uniform() > 0.80f || !free_to_grow(tree.x, tree.z, margin)) continue;
      trees.push_back(tree);
      // A trunk's own crown, so that no far trunk ends in the air.
      if (kind == kTrunk || kind == kOldTrunk) {
        trees.push_back({.kind = kCanopy,
                         .x = tree.x,
                         .z = tree.z - 0.3f,
                         .lift = 8.2f * tree.scale,
                         .scale = 0.62f * tree.scale,
                         .mirrored = tree.mirrored,
                         .light = tree.light});
      }
    }
  }
  return trees;
}

std::vector<Planted> roof(uint64_t seed) {
  Random random(seed);
  std::vector<Planted> leaves;
  for (float z = 3; z < kPeriod; z += 9) {
    for (float x = -kPeriod / 2; x < kPeriod / 2; x += 9) {
      const Planted canopy{.kind = kCanopy,
                           .x = x + random.uniform(0, 8),
                           .z = z + random.uniform(0, 8),
                           .lift = random.uniform(6.2f, 9.5f),
                           .scale = random.uniform(0.8f, 1.25f),
                           .mirrored = random.below(2) == 1,
                           .light = Rgb{1, 1, 1} * random.uniform(0.8f, 1.05f)};
      // The sky shows over the path.
      if (std::abs(canopy.x - path_middle(canopy.z)) > 4.5f || random.uniform() < 0.25f)
        leaves.push_back(canopy);
    }
  }
  return leaves;
}

std::vector<Planted> grow_all(uint64_t seed) {
  std::vector<Planted> all = plant(derive_seed(seed, "trees"));
  const std::vector<Planted> leaves = roof(derive_seed(seed, "roof"));
  all.insert(all.end(), leaves.begin(), leaves.end());
  return all;
}

std::vector<Sprite> sow(uint64_t seed, float period, int cells) {
  Random random(seed);
  std::vector<Sprite> ferns;
  for (int i = 0; i < 760; ++i) {
    const float x = random.uniform(-period / 2, period / 2), z = random.uniform(0, period);
    const float off = std::abs(x - path_middle(z));
    if (off < 1.0f) continue;
    const float tall = random.uniform(0.12f, 0.42f) * (off < 1.9f ? 0.5f : 1.0f),
                tone = random.uniform(0.75f, 1.1f);
    ferns.push_back({x, z, tall * random.uniform(1.7f, 2.4f), tall, random.below(cells), {tone, tone, tone}});
  }
  return ferns;
}

class Forest : public Scene {
 public:
  Forest(const SceneRequest& request, const Palette& palette, const Atmosphere& air)
      : sky_(request, air),
        trees_(paint_kinds(request, palette, air), grow_all(request.seed),
               {.period_x = kPeriod, .period_z = kPeriod, .fade_from = 52, .fade_to = 64}, air),
        ferns_(paint_ferns(request, palette, air), 6, sow(derive_seed(request.seed, "ferns"), 24, 6), 24, 22,
               0.12f),
        shafts_(air, derive_seed(request.seed, "shafts")),
        wind_(air.wind) {
    paint_ground(request, palette, air);
    const RidgeSpec wood{.width = tile_side(2048, request.detail),
                         .height = scaled(192, request.detail),
                         .metres_wide = 300,
                         .metres_high = 26,
                         .land = mix(palette.needle, palette.leaf, 0.3f),
                         .haze = 0.55f,
                         .distance = 95,
                         .rough = 0.1f,
                         .low = 0.04f,
                         .high = 0.10f,
                         .wooded = 1.0f,
                         .tree_low = 9,
                         .tree_high = 17,
                         .pines = true,
                         .seed = derive_seed(request.seed, "wood")};
    wood_ = paint_ridge(wood, air);
    look_.light = air.light;
    look_.grade = air.grade;
    look_.particles = air.particles;
    look_.ambience = "forest";
    look_.surface = Surface::gravel;
    look_.walk_half_width = 2.6f;
  }

  void emit(const Camera& camera, double seconds, DrawList& list) const override {
    sky_.emit(camera, seconds, list);
    emit_horizon(camera, wood_, 95, 26, 2, 2, 0, list);
    emit_ground(camera, floor_, 5, Layer::ground, 0, 1, list);
    emit_ground(camera, patches_, 23, Layer::ground, 0, 1, list);
    emit_path(camera, path_, 1.55f, 5, path_middle, list);
    trees_.emit(camera, seconds, list);
    ferns_.emit(camera, seconds, wind_, list);
    shafts_.emit(camera, seconds, list);
  }

 private:
  static TexturePtr paint_ferns(const SceneRequest& request, const Palette& p, const Atmosphere& air) {
    return paint_tufts({.cells = 6,
                        .cell_width = scaled(224, request.detail),
                        .cell_height = scaled(160, request.detail),
                        .root = p.fern * 0.5f,
                        .blade = p.fern,
                        .tip = p.fern_tip,
                        .blades = 46,
                        .spread = 1.7f,
                        .flower = {},
                        .seed = derive_seed(request.seed, "fern")},
                       air)
        .to_texture();
  }

  void paint_ground(const SceneRequest& request, const Palette& p, const Atmosphere& air) {
    const int side = tile_side(1024, request.detail);
    floor_ = paint_dirt({.side = side,
                         .soil = mix(p.soil, p.moss, 0.35f) * 0.85f,
                         .stone = p.soil * 0.8f,
                         .stones = 0.4f,
                         .litter = p.litter,
                         .litter_share = 0.8f + p.litter_share,
                         .seed = derive_seed(request.seed, "floor")},
                        air)
                 .to_texture(Wrap::repeat, Wrap::repeat);
    Canvas path = paint_dirt({.side = side,
                              .soil = p.soil * 1.15f,
                              .stones = 0.8f,
                              .litter = p.litter,
                              .litter_share = p.litter_share * 0.7f,
                              .seed = derive_seed(request.seed, "path")},
                             air);
    fray_sides(path, 0.26f, derive_seed(request.seed, "edges"));
    path_ = path.to_texture(Wrap::clamp, Wrap::repeat);
    patches_ = paint_patches(tile_side(512, request.detail), air.lit(p.soil * 0.35f, 0.1f, 0.4f), 0.6f,
                             air.lit(p.moss, 0.75f, 0.9f), 0.75f, 6, derive_seed(request.seed, "patches"))
                   .to_texture(Wrap::repeat, Wrap::repeat);
  }

  Sky sky_;
  Cards trees_;
  Tufts ferns_;
  Shafts shafts_;
  TexturePtr floor_, path_, patches_, wood_;
  float wind_;
};

}  // namespace

std::unique_ptr<Scene> paint_forest(const SceneRequest& request) {
  const Palette palette = palette_of(request);
  return std::make_unique<Forest>(request, palette, under_leaves(request, palette));
}

}  // namespace troupe::stage
