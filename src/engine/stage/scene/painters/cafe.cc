// The café: brick, a window on the street, lamps and guests out of focus, and a table before the subjects.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/light_field.h"
#include "engine/stage/scene/paint/light_table.h"
#include "engine/stage/scene/paint/solid.h"
#include "engine/stage/scene/painters/cafe_pictures.h"
#include "engine/stage/scene/painters/city_signs.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

using paint::add_card;
using paint::add_patch;
using paint::LightAt;

constexpr float kHalf = 6.5f, kBack = 10, kFront = -14, kHeight = 3.6f;  // metres
constexpr float kTableHeight = 0.78f;

struct CafeMood {
  bool dark = false;  ///< it is night in the street
  Rgb low, high;      ///< the street's sky
  paint::LightField light;
  SceneLook look;
};

CafeMood cafe_mood(const SceneRequest& request) {
  CafeMood mood;
  const paint::Atmosphere air = paint::atmosphere(request);
  mood.dark = air.dark || request.time == TimeOfDay::sunset || paint::wants(request, Light::candle);
  mood.low = mood.dark ? Rgb{0.16f, 0.13f, 0.22f} : mix(air.sky.horizon, {1, 1, 1}, 0.25f);
  mood.high = mood.dark ? Rgb{0.05f, 0.06f, 0.14f} : air.sky.middle;
  mood.light.ambient = mood.dark ? Rgb{0.46f, 0.34f, 0.245f} : Rgb{0.76f, 0.67f, 0.57f};
  mood.light.sky = {0.06f, 0.05f, 0.04f};
  LightRig& rig = mood.look.light;
  rig.gain = mood.dark ? Rgb{1.16f, 0.93f, 0.72f} : Rgb{1.07f, 0.98f, 0.88f};
  rig.exposure = mood.dark ? 0.86f : 0.95f;
  rig.key_direction = normalized({-0.62f, 0.55f, -0.42f});
  rig.key_color = {1.0f, 0.86f, 0.64f};
  rig.key = 0.6f;
  rig.rim_color = {1.0f, 0.78f, 0.48f};
  rig.rim = 0.6f;
  rig.shadow = 0.35f;
  rig.luminance_cap = 218;
  rig.haze_color = mood.dark ? Rgb{0.28f, 0.17f, 0.09f} : Rgb{0.60f, 0.48f, 0.36f};
  rig.haze_density = 0.016f;
  mood.look.grade = {.bloom = 0.42f,
                     .bloom_threshold = 172,
                     .contrast = 0.12f,
                     .saturation = 1.03f,
                     .vignette = 0.34f,
                     .grain = 4};
  paint::apply_style(request, mood.look.grade);
  mood.look.ambience = "cafe";
  mood.look.surface = Surface::wood;
  mood.look.walk_half_width = 2.6f;
  mood.look.eye_height = 1.3f;  // of somebody who sits at the next table
  mood.look.near_z = 2.2f;
  mood.look.far_z = 6;
  return mood;
}

class Cafe final : public Scene {
 public:
  explicit Cafe(const SceneRequest& request) : mood_(cafe_mood(request)), seed_(request.seed) {
    look_ = mood_.look;
    const float size = static_cast<float>(std::min(request.frame.width, request.frame.height)) / 720;
    detail_ = request.detail * std::clamp(size, 0.5f, 1.5f);
    halo_ = paint_halo();
    Random random(derive_seed(seed_, "cafe"));
    mirrored_ = random.uniform() < 0.5f;
    hang_lamps(random);
    build_room();
    furnish(random);
    lay_table();
  }

  void emit(const Camera& camera, double seconds, DrawList& list) const override {
    // A camera that walks on takes the far end of the room along before it reaches the wall.
    const float shift = std::max(0.0f, camera.position.z - 5);
    const auto t = static_cast<float>(std::fmod(seconds, 3600.0));
    for (const DrawItem& item : room_) list.push_back(moved(item, shift));
    for (const DrawItem& item : glows_) {
      list.push_back(moved(item, shift));
      const float phase = item.mesh->vertices[0].position.x * 7;
      list.back().opacity *= 1 + 0.04f * std::sin(17 * t + phase) + 0.03f * std::sin(29 * t + 2 * phase);
    }
    for (const DrawItem& item : table_) list.push_back(item);
  }

 private:
  static DrawItem moved(DrawItem item, float shift) {
    if (shift <= 0) return item;
    Mesh mesh = *item.mesh;
    for (Vertex& vertex : mesh.vertices) vertex.position.z += shift;
    item.mesh = paint::share(std::move(mesh));
    item.sort_depth += shift;
    return item;
  }

  float sided(float x) const { return mirrored_ ? -x : x; }

  LightAt light() const {
    return [this](Vec3 p, Vec3 n) { return mood_.light.at(p, n); };
  }

  static DrawItem item_of(Mesh mesh, const TexturePtr& texture, Layer layer, float sort_depth, float blur) {
    DrawItem item;
    item.mesh = paint::share(std::move(mesh));
    item.texture = texture;
    item.layer = layer;
    item.sort_depth = sort_depth;
    item.mip_bias = blur;
    return item;
  }

  void stand(Vec3 foot, float width, float height, const TexturePtr& texture, const LightAt& lit,
             float blur) {
    Mesh mesh;
    add_card(mesh, foot, width, height, {}, lit);
    room_.push_back(item_of(std::move(mesh), texture, Layer::world, foot.z, blur));
  }

  void glow(Vec3 centre, float size, Rgb color, float strength, float sort) {
    Mesh mesh;
    add_card(mesh, centre - Vec3{0, size / 2, 0}, size, size, {}, paint::flat_light(color));
    DrawItem item = item_of(std::move(mesh), halo_, Layer::world, sort, 0);
    item.blend = Blend::add;
    item.opacity = strength;
    glows_.push_back(std::move(item));
  }

  void hang_lamps(Random& random) {
    const float strength = mood_.dark ? 1.0f : 0.62f;
    const TexturePtr lamp =
        paint_pendant(random.uniform() < 0.5f ? Rgb{0.10f, 0.09f, 0.08f} : Rgb{0.16f, 0.20f, 0.18f}, detail_);
    const Vec3 places[] = {{-3.4f, 2.05f, 5.2f}, {0.4f, 2.15f, 6.6f}, {3.5f, 2.05f, 5.6f},
                           {-1.8f, 2.1f, 8.4f},  {2.1f, 2.15f, 8.6f}, {-4.9f, 2.1f, 7.6f},
                           {4.9f, 2.1f, 8.0f}};
    for (const Vec3& place : places) {
      stand(place, 0.5f, 1.5f, lamp, paint::flat_light({1, 1, 1}), 0.9f);
      mood_.light.lamps.push_back({place + Vec3{0, -0.15f, 0}, Rgb{1.7f, 1.12f, 0.58f} * strength, 1.9f});
      glow(place + Vec3{0, 0.05f, -0.02f}, 2.7f, {1.0f, 0.66f, 0.32f}, 0.62f * strength, place.z - 0.01f);
    }
    mood_.light.lamps.push_back({{0, 2.6f, 0.6f}, Rgb{0.9f, 0.66f, 0.40f} * strength, 1.6f});
    if (!mood_.dark)
      mood_.light.lamps.push_back({{sided(-2.6f), 1.7f, kBack - 0.8f}, {0.9f, 0.9f, 0.9f}, 2.2f});
  }

  void build_room() {
    const float length = kBack - kFront;
    Mesh walls, ceiling, floor, window, behind;
    // Whatever a seam between two surfaces lets through is wall.
    add_card(behind, {0, -40, kBack + 0.5f}, 200, 80, {0.4f, 0.4f, 0.41f, 0.41f},
             paint::flat_light({0.3f, 0.2f, 0.14f}));
    add_patch(
        walls,
        {{-kHalf, kHeight, kFront}, {0, 0, length}, {0, -kHeight, 0}, {0, 0, length / 4, kHeight / 4}, 22, 5},
        light());
    add_patch(
        walls,
        {{kHalf, kHeight, kBack}, {0, 0, -length}, {0, -kHeight, 0}, {0, 0, length / 4, kHeight / 4}, 22, 5},
        light());
    add_patch(walls,
              {{-kHalf, kHeight, kBack},
               {2 * kHalf, 0, 0},
               {0, -kHeight, 0},
               {0, 0, 2 * kHalf / 4, kHeight / 4},
               20,
               8},
              light());
    const TexturePtr brick = paint_brick_wall(detail_, derive_seed(seed_, "brick"));
    room_.push_back(item_of(std::move(behind), brick, Layer::sky, 0, 0));
    room_.push_back(item_of(std::move(walls), brick, Layer::far, 0, 1.2f));
    const TexturePtr boards = paint_boards(detail_, derive_seed(seed_, "boards"));
    const LightAt dim = [this](Vec3 p, Vec3 n) { return mood_.light.at(p, n) * 0.42f; };
    add_patch(ceiling, {{-kHalf, kHeight, kFront}, {2 * kHalf, 0, 0}, {0, 0, length}, {0, 0, 4, 8}, 10, 20},
              dim);
    room_.push_back(item_of(std::move(ceiling), boards, Layer::far, 0, 1.2f));
    add_patch(
        floor,
        {{-kHalf, 0, kBack}, {2 * kHalf, 0, 0}, {0, 0, -length}, {0, 0, 2 * kHalf / 3, length / 3}, 14, 26},
        light());
    room_.push_back(item_of(std::move(floor), boards, Layer::far, 0, 0.4f));
    const float glass = mood_.dark ? 0.9f : 1.1f;
    add_card(window, {sided(-2.6f), 1.0f, kBack - 0.03f}, 4.4f, 2.3f, {},
             paint::flat_light(Rgb{1, 1, 1} * glass));
    room_.push_back(item_of(std::move(window),
                            paint_street_window(mood_.dark, mood_.low, mood_.high, detail_, seed_),
                            Layer::far, 0, 0.8f));
    Mesh bar;
    add_card(bar, {sided(3.3f), 0, kBack - 0.6f}, 5.0f, 3.4f, {}, [this](Vec3 p, Vec3 n) {
      return mood_.light.at(p, n) * 1.25f + Rgb{0.12f, 0.09f, 0.06f};
    });
    room_.push_back(item_of(std::move(bar), paint_bar_counter(detail_, seed_), Layer::far, 0, 0.8f));
  }

  void furnish(Random& random) {
    const TexturePtr groups[] = {paint_table_group(true, detail_, seed_),
                                 paint_table_group(false, detail_, seed_ + 1),
                                 paint_table_group(true, detail_, seed_ + 2)};
    const Vec3 places[] = {
        {-3.6f, 0, 5.6f}, {3.9f, 0, 6.0f}, {0.5f, 0, 7.0f}, {-1.9f, 0, 8.5f}, {-5.0f, 0, 8.0f}};
    int next = random.below(3);
    for (const Vec3& place : places) {
      stand(
          place, 2.2f, 1.5f, groups[next % 3], [this](Vec3 p, Vec3 n) { return mood_.light.at(p, n) * 1.1f; },
          1.1f);
      glow(place + Vec3{0, 0.83f, -0.02f}, 0.9f, {1.0f, 0.58f, 0.22f}, mood_.dark ? 0.55f : 0.2f,
           place.z - 0.01f);
      ++next;
    }
    const TexturePtr potted = paint_plant(false, detail_, seed_), hanging = paint_plant(true, detail_, seed_);
    stand({sided(-5.7f), 0, 9.2f}, 1.7f, 1.7f, potted, light(), 1.0f);
    stand({sided(5.8f), 0, 4.6f}, 1.5f, 1.5f, potted, light(), 1.2f);
    stand({sided(-0.1f), 2.2f, 9.4f}, 1.3f, 1.3f, hanging, light(), 1.0f);
    Mesh slate, picture;
    for (int i = 0; i < 4; ++i) {  // Pictures on the side walls.
      const float z = 3.4f + 1.9f * static_cast<float>(i), side = i % 2 == 0 ? -1.0f : 1.0f;
      add_patch(picture,
                {{side * (kHalf - 0.03f), 2.4f, side < 0 ? z : z + 0.9f},
                 {0, 0, side < 0 ? 0.9f : -0.9f},
                 {0, -1.1f, 0},
                 {}},
                light());
    }
    room_.push_back(
        item_of(std::move(picture), paint_wall_picture(false, detail_, seed_), Layer::far, 0, 0.8f));
    add_card(slate, {sided(0.5f), 1.35f, kBack - 0.04f}, 0.9f, 1.15f, {}, light());
    room_.push_back(item_of(std::move(slate), paint_wall_picture(true, detail_, seed_), Layer::far, 0, 0.8f));
  }

  /// The table that the subjects sit behind; it hides where their legs would be.
  void lay_table() {
    const TexturePtr top = paint_table_top(detail_, derive_seed(seed_, "table"));
    const LightAt lit = [this](Vec3 p, Vec3 n) { return mood_.light.at(p, n) * 1.05f; };
    const LightAt dark = [this](Vec3 p, Vec3 n) { return mood_.light.at(p, n) * 0.42f; };
    for (int layer = 0; layer < 2; ++layer) {
      Mesh mesh;
      const float y = kTableHeight - (layer == 0 ? 0.045f : 0.0f);
      add_patch(mesh, {{-2.1f, y, 2.3f}, {4.2f, 0, 0}, {0, 0, -1.5f}, {}, 12, 6}, layer == 0 ? dark : lit);
      table_.push_back(item_of(std::move(mesh), top, Layer::front, 0, 0));
    }
    const TexturePtr cups[] = {paint_cup(detail_, {0.92f, 0.89f, 0.82f}),
                               paint_cup(detail_, {0.55f, 0.66f, 0.64f})};
    const Vec3 places[] = {{-0.62f, kTableHeight - 0.012f, 1.92f}, {0.58f, kTableHeight - 0.012f, 1.86f}};
    for (int i = 0; i < 2; ++i) {
      Mesh cup;
      add_card(cup, places[i], 0.15f, 0.15f, {}, lit);
      table_.push_back(item_of(std::move(cup), cups[i], Layer::front, 0, 0.3f));
    }
    Mesh candle, shine;
    add_card(candle, {0.02f, kTableHeight, 2.02f}, 0.10f, 0.15f, {}, paint::flat_light({1, 1, 1}));
    table_.push_back(item_of(std::move(candle), paint_candle_glass(detail_), Layer::front, 0, 0.3f));
    add_card(shine, {0.02f, kTableHeight - 0.2f, 2.01f}, 0.6f, 0.6f, {},
             paint::flat_light({1.0f, 0.6f, 0.25f}));
    table_.push_back(item_of(std::move(shine), halo_, Layer::front, 0, 0));
    table_.back().blend = Blend::add;
    table_.back().opacity = mood_.dark ? 0.4f : 0.18f;
  }

  CafeMood mood_;
  uint64_t seed_;
  float detail_ = 1;
  bool mirrored_ = false;
  TexturePtr halo_;
  std::vector<DrawItem> room_, glows_, table_;
};

}  // namespace

std::unique_ptr<Scene> paint_cafe(const SceneRequest& request) { return std::make_unique<Cafe>(request); }

}  // namespace troupe::stage
