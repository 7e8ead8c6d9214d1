// A ledge of rock high over the sea, with stacks standing in the surf; low rocks by the water for an ocean.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engine/stage/scene/paint/cards.h"
#include "engine/stage/scene/paint/ground.h"
#include "engine/stage/scene/paint/rock.h"
#include "engine/stage/scene/paint/sky.h"
#include "engine/stage/scene/paint/solid.h"
#include "engine/stage/scene/paint/terrain.h"
#include "engine/stage/scene/painters/cliff_sea.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

using namespace paint;

constexpr float kTile = 6;
// Stacks repeat sideways after this many metres.
constexpr float kPeriod = 260;

struct Stack {
  int picture;
  float x, z, width, height;
  bool mirrored;
};

// The rim of the ledge: how far ahead of its mean line it lies at x.
float rim(float x) {
  return 1.1f * std::sin(0.31f * x + 0.7f) + 0.7f * std::sin(0.83f * x + 2.1f) + 0.35f * std::sin(2.3f * x);
}

// Humps of the ledge: none where subjects walk, more to the sides and towards the rim.
float hump(float x, float z, float from_rim) {
  const float aside = smoothstep(3.0f, 8.0f, std::abs(x)), near_rim = smoothstep(5.0f, 1.0f, from_rim);
  const float bumps = 0.5f + 0.5f * std::sin(0.62f * x + 1.3f) * std::sin(0.55f * z + 0.4f * x);
  return bumps * (0.42f * aside + 0.16f * near_rim) - 0.30f * smoothstep(0.8f, 0.0f, from_rim);
}

class Cliff : public Scene {
 public:
  Cliff(const SceneRequest& request, const Atmosphere& air, float drop)
      : sky_(request, air),
        sea_(air, -drop, request.detail, derive_seed(request.seed, "sea")),
        drop_(drop),
        stones_(paint_stones(request, air), scatter(derive_seed(request.seed, "stones")),
                {.period_x = 44, .nearest = 0.6f}, air),
        tufts_(paint_grass_tufts(request, air), 4, sow(derive_seed(request.seed, "tufts")), 22, 8.5f, 0.25f),
        wind_(air.wind) {
    paint_textures(request, air);
    place_stacks(derive_seed(request.seed, "stacks"));
    look_.light = air.light;
    look_.grade = air.grade;
    look_.particles = air.particles;
    look_.ambience = "cliff";
    look_.surface = Surface::stone;
    look_.walk_half_width = 3;
    look_.far_z = 8;
  }

  void emit(const Camera& camera, double seconds, DrawList& list) const override {
    sky_.emit(camera, seconds, list);
    emit_horizon(camera, coast_, 1250, 110, drop_ + 12, 2, 0, list);
    sea_.emit(camera, seconds, list);
    emit_stacks(camera, seconds, list);
    emit_ledge(camera, list);
    stones_.emit(camera, seconds, list);
    tufts_.emit(camera, seconds, wind_, list);
  }

 private:
  static RockSpec rock(const SceneRequest& request, const Atmosphere& air) {
    return {.stone = {0.47f, 0.44f, 0.41f},
            .dark = {0.30f, 0.28f, 0.27f},
            .wetness = air.wetness,
            .seed = derive_seed(request.seed, "rock")};
  }

  static std::vector<CardKind> paint_stones(const SceneRequest& request, const Atmosphere& air) {
    std::vector<CardKind> kinds;
    for (uint64_t i = 0; i < 2; ++i) {
      RockSpec spec = rock(request, air);
      spec.width = scaled(448, request.detail);
      spec.height = scaled(288, request.detail);
      spec.seed += 20 + i;
      kinds.push_back({.texture = paint_stack(spec, 0, air).to_texture(),
                       .width = 2.8f,
                       .height = 1.7f,
                       .shadow = 0.5f,
                       .contact = 1.5f,
                       .foot = 0.10f});
    }
    return kinds;
  }

  static std::vector<Planted> scatter(uint64_t seed) {
    Random random(seed);
    std::vector<Planted> stones = {{.kind = 0, .x = -4.7f, .z = 7.2f, .scale = 1.0f},
                                   {.kind = 1, .x = 5.2f, .z = 8.4f, .scale = 1.2f}};
    for (int i = 0; i < 16; ++i) {
      const Planted stone{.kind = random.below(2),
                          .x = random.uniform(-22, 22),
                          .z = random.uniform(2.5f, 9.0f),
                          .scale = 0.25f + 0.9f * std::pow(random.uniform(), 2.5f),
                          .mirrored = random.below(2) == 1};
      if (std::abs(stone.x) > 3.4f) stones.push_back(stone);
    }
    return stones;
  }

  static TexturePtr paint_grass_tufts(const SceneRequest& request, const Atmosphere& air) {
    return paint_tufts({.cells = 4,
                        .cell_width = scaled(192, request.detail),
                        .cell_height = scaled(160, request.detail),
                        .root = {0.20f, 0.21f, 0.11f},
                        .blade = {0.34f, 0.36f, 0.17f},
                        .tip = {0.52f, 0.50f, 0.28f},
                        .blades = 50,
                        .spread = 1.3f,
                        .flower = {},
                        .seed = derive_seed(request.seed, "grass")},
                       air)
        .to_texture();
  }

  static std::vector<Sprite> sow(uint64_t seed) {
    Random random(seed);
    std::vector<Sprite> tufts;
    for (int i = 0; i < 110; ++i) {
      const float x = random.uniform(-11, 11), z = random.uniform(0, 22), tall = random.uniform(0.10f, 0.30f);
      // Grass holds in the lee, in patches.
      if (std::sin(x * 0.9f + 2) * std::sin(z * 0.7f) < 0.15f) continue;
      tufts.push_back({x, z, tall * 1.8f, tall, random.below(4), {1, 1, 1}});
    }
    return tufts;
  }

  void paint_textures(const SceneRequest& request, const Atmosphere& air) {
    RockSpec tile = rock(request, air);
    tile.width = tile.height = tile_side(1024, request.detail);
    ledge_ = paint_rock_tile(tile, air).to_texture(Wrap::repeat, Wrap::repeat);
    for (uint64_t i = 0; i < 3; ++i) {
      RockSpec spec = rock(request, air);
      spec.width = scaled(512, request.detail);
      spec.height = scaled(i == 2 ? 384 : 704, request.detail);
      spec.seed += 40 + i;
      stack_pictures_.push_back(paint_stack(spec, i == 2 ? 0.45f : 1, air).to_texture());
    }
    const RidgeSpec coast{.width = tile_side(2048, request.detail),
                          .height = scaled(128, request.detail),
                          .metres_wide = 3900,
                          .metres_high = 110,
                          .land = {0.33f, 0.35f, 0.33f},
                          .haze = 0.55f,
                          .distance = 420,
                          .rough = 0.4f,
                          .low = -0.35f,
                          .high = 0.75f,
                          .wooded = 0,
                          .seed = derive_seed(request.seed, "coast")};
    coast_ = paint_ridge(coast, air);
  }

  void place_stacks(uint64_t seed) {
    Random random(seed);
    const float low = drop_ < 5 ? 0.5f : 0.85f;
    stacks_ = {{0, -26, 52, 21, 33 * low, false},
               {1, 37, 74, 24, 36 * low, true},
               {2, -6.5f, 96, 15, 10 * low, false}};
    for (int i = 0; i < 9; ++i) {
      const float x = random.uniform(-kPeriod / 2, kPeriod / 2), z = random.uniform(60, 230);
      // The middle of the first view stays open to the horizon.
      if (std::abs(x) < 0.16f * z + 6) continue;
      const int picture = random.below(3);
      const float width = random.uniform(9, 26);
      stacks_.push_back({picture, x, z, width,
                         width * (picture == 2 ? 0.7f : random.uniform(1.2f, 1.7f)) * low,
                         random.below(2) == 1});
    }
    std::sort(stacks_.begin(), stacks_.end(), [](const Stack& a, const Stack& b) { return a.z > b.z; });
  }

  void emit_stacks(const Camera& camera, double seconds, DrawList& list) const {
    // They keep their distance from a viewer who walks towards them, as the rim does.
    const float ahead = rim_line(camera) - rim_line({});
    for (const Stack& stack : stacks_) {
      const float x = stack.x + kPeriod * std::round((camera.position.x - stack.x) / kPeriod),
                  z = stack.z + ahead;
      const Vec3 across = normalized({z - camera.position.z, 0, camera.position.x - x});
      const Vec3 foot = {x, -drop_ - 0.06f * stack.height, z};
      Mesh mesh = patch(foot - across * (stack.width / 2) + Vec3{0, stack.height, 0}, across * stack.width,
                        {0, -stack.height, 0}, 2, 4);
      if (stack.mirrored) {
        for (Vertex& vertex : mesh.vertices) vertex.u = 1 - vertex.u;
      }
      list.push_back({.mesh = share(std::move(mesh)),
                      .texture = stack_pictures_[static_cast<size_t>(stack.picture)],
                      .layer = Layer::far});
      sea_.emit_surf(camera, x, z - 0.5f, stack.width, seconds, list);
    }
  }

  // The mean line of the rim gives way before a viewer who walks towards it.
  static float rim_line(const Camera& camera) { return 10.5f + std::max(0.0f, camera.position.z - 1); }

  void emit_ledge(const Camera& camera, DrawList& list) const {
    // Columns stand at fixed places of the world, so that humps do not swim when the camera trucks.
    constexpr int kColumns = 88, kRows = 22;
    constexpr float kStep = 1.1f;
    const float x0 = (std::floor(camera.position.x / kStep) - static_cast<float>(kColumns) / 2) * kStep,
                back = camera.position.z - 30;
    Mesh mesh;
    for (int row = 0; row <= kRows + 2; ++row) {
      for (int column = 0; column <= kColumns; ++column) {
        const float x = x0 + kStep * static_cast<float>(column), end = rim_line(camera) + rim(x);
        const float t = std::min(1.0f, static_cast<float>(row) / kRows),
                    z = mix(back, end, 1 - (1 - t) * (1 - t));
        // The two last rows are the wall under the rim.
        const float down = row <= kRows ? 0 : static_cast<float>(row - kRows) * (drop_ + 3) / 2;
        const float v = -z / kTile - down / kTile, shade = row <= kRows ? 1 : 0.55f;
        mesh.vertices.push_back(
            {{x, hump(x, z, end - z) - down, z - 0.15f * down}, x / kTile, v, Rgb{1, 1, 1} * shade, 1});
      }
    }
    for (uint32_t row = 0; row < kRows + 2; ++row) {
      for (uint32_t column = 0; column < kColumns; ++column) {
        const uint32_t a = row * (kColumns + 1) + column, b = a + kColumns + 1;
        mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, b, a + 1, b + 1});
      }
    }
    // Far rows first: humps hide what lies behind them.
    list.push_back(
        {.mesh = share(std::move(mesh)), .texture = ledge_, .layer = Layer::ground, .sort_triangles = true});
  }

  Sky sky_;
  CliffSea sea_;
  float drop_;
  Cards stones_;
  Tufts tufts_;
  TexturePtr ledge_, coast_;
  std::vector<TexturePtr> stack_pictures_;
  std::vector<Stack> stacks_;
  float wind_;
};

}  // namespace

std::unique_ptr<Scene> paint_cliff(const SceneRequest& request) {
  Atmosphere air = atmosphere(request);
  // The sea throws light back up under the rocks.
  air.ambient = air.ambient * Rgb{1.20f, 1.22f, 1.22f};
  air.light.haze_density = std::max(air.light.haze_density * 0.8f, 0.002f);
  return std::make_unique<Cliff>(request, air, request.environment == Environment::ocean ? 1.8f : 7.0f);
}

}  // namespace troupe::stage
