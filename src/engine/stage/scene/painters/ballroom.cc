// The ballroom: arcades to both sides, windows behind them, chandeliers over a marble floor that mirrors all.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/light_field.h"
#include "engine/stage/scene/paint/light_table.h"
#include "engine/stage/scene/paint/solid.h"
#include "engine/stage/scene/painters/ballroom_pictures.h"
#include "engine/stage/scene/painters/city_signs.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

using paint::add_card;
using paint::add_patch;
using paint::LightAt;
using paint::Patch;

constexpr float kBay = 5, kWall = 10, kRow = 6.3f, kHeight = 8.8f;  // metres: |x| of walls and of columns
constexpr int kFirstBay = -8, kBays = 15;                           // along z
constexpr float kBegin = kBay * kFirstBay, kEnd = kBay * (kFirstBay + kBays);
constexpr float kColumn = 5.4f;  // height of a column

struct HallMood {
  bool lit = true;  ///< candles burn
  Rgb sky_low, sky_high;
  paint::LightField light;
  SceneLook look;
};

void daylight(HallMood& mood, const paint::Atmosphere& air) {
  mood.sky_low = mix(air.sky.horizon, {1, 1, 1}, 0.3f);
  mood.sky_high = air.sky.middle;
  mood.light.ambient = Rgb{0.58f, 0.55f, 0.50f} * mix(Rgb{1, 1, 1}, air.light.gain, 0.6f);
  mood.light.sky = {0.14f, 0.13f, 0.12f};
  LightRig& rig = mood.look.light;
  rig = air.light;
  rig.exposure = std::max(0.86f, air.light.exposure);
  rig.haze_color = Rgb{0.62f, 0.57f, 0.50f} * mix(Rgb{1, 1, 1}, air.light.gain, 0.6f);
  rig.haze_density = 0.006f;
}

void candlelight(HallMood& mood) {
  mood.sky_low = {0.10f, 0.14f, 0.30f};
  mood.sky_high = {0.03f, 0.05f, 0.14f};
  mood.light.ambient = {0.34f, 0.235f, 0.135f};
  mood.light.sky = {0.05f, 0.04f, 0.02f};
  LightRig& rig = mood.look.light;
  rig.gain = {1.20f, 0.90f, 0.64f};
  rig.exposure = 0.90f;
  rig.key_direction = normalized({-0.45f, 0.82f, -0.36f});
  rig.key_color = {1.0f, 0.80f, 0.50f};
  rig.key = 0.6f;
  rig.rim_color = {1.0f, 0.72f, 0.36f};
  rig.rim = 0.8f;
  rig.saturation = 0.95f;
  rig.shadow = 0.42f;
  rig.luminance_cap = 210;
  rig.haze_color = {0.36f, 0.22f, 0.10f};
  rig.haze_density = 0.011f;
}

HallMood hall_mood(const SceneRequest& request) {
  HallMood mood;
  const paint::Atmosphere air = paint::atmosphere(request);
  const bool night = air.dark || request.time == TimeOfDay::sunset;
  // A hall that nobody gave an hour is seen by candles: that is what it was built for.
  mood.lit = night || paint::wants(request, Light::candle) || paint::wants(request, Light::dramatic);
  if (mood.lit) {
    candlelight(mood);
    if (!night) mood.sky_low = {0.52f, 0.34f, 0.30f}, mood.sky_high = {0.20f, 0.20f, 0.38f};
  } else {
    daylight(mood, air);
  }
  Grade& grade = mood.look.grade;
  grade = {.bloom = 0.5f,
           .bloom_threshold = 165,
           .contrast = 0.14f,
           .saturation = 1.04f,
           .vignette = 0.36f,
           .grain = 5};
  paint::apply_style(request, grade);
  for (const Particles& particle : air.particles) {
    if (particle.kind == Particles::Kind::dust || particle.kind == Particles::Kind::embers)
      mood.look.particles.push_back(particle);
  }
  mood.look.ambience = "ballroom";
  mood.look.surface = Surface::stone;
  mood.look.reflection = 0.42f;
  mood.look.reflection_blur = 1.7f;
  mood.look.walk_half_width = 4;
  mood.look.far_z = 24;
  return mood;
}

struct Chandelier {
  Vec3 hook;  ///< where its picture's lower edge hangs
  float size = 4, phase = 0;
};

std::vector<Chandelier> hang_chandeliers() {
  std::vector<Chandelier> all;
  float phase = 0;
  for (float z = kBegin + 3.5f; z < kEnd - 4; z += 9, phase += 2.1f)
    all.push_back({{0, 4.25f, z}, 3.7f, phase});
  return all;
}

float candle_flicker(double seconds, float phase) {
  const auto t = static_cast<float>(std::fmod(seconds, 3600.0));
  return 1 + 0.05f * std::sin(19.0f * t + phase) + 0.04f * std::sin(31.0f * t + 1.7f * phase) +
         0.03f * std::sin(4.1f * t + phase);
}

class Ballroom final : public Scene {
 public:
  explicit Ballroom(const SceneRequest& request)
      : mood_(hall_mood(request)), chandeliers_(hang_chandeliers()) {
    look_ = mood_.look;
    const float size = static_cast<float>(std::min(request.frame.width, request.frame.height)) / 720;
    detail_ = request.detail * std::clamp(size, 0.5f, 1.5f);
    seed_ = request.seed;
    halo_ = paint_halo();
    sconce_ = paint_sconce(mood_.lit, detail_);
    light_lamps();
    build_shell();
    build_arcades();
    build_floor();
    chandelier_ = paint_chandelier(mood_.lit, detail_, seed_);
  }

  void emit(const Camera& camera, double seconds, DrawList& list) const override {
    for (const DrawItem& item : fixed_) list.push_back(item);
    for (const Chandelier& lamp : chandeliers_) {
      if (lamp.hook.z > camera.position.z) emit_chandelier(lamp, seconds, list);
    }
    if (!mood_.lit) return;
    for (DrawItem glow : glows_) {
      glow.opacity *= candle_flicker(seconds, glow.sort_depth * 3 + glow.mesh->vertices[0].position.x);
      list.push_back(std::move(glow));
    }
  }

 private:
  LightAt light() const {
    return [this](Vec3 p, Vec3 n) { return mood_.light.at(p, n); };
  }

  void light_lamps() {
    if (mood_.lit) {
      for (const Chandelier& lamp : chandeliers_)
        mood_.light.lamps.push_back({lamp.hook + Vec3{0, 1.2f, 0}, {1.25f, 0.84f, 0.42f}, 4.2f});
      for (float z = kBegin; z < kEnd; z += kBay) {
        for (const float side : {-1.0f, 1.0f})
          mood_.light.lamps.push_back({{side * (kWall - 0.5f), 3.2f, z}, {0.85f, 0.50f, 0.20f}, 1.5f});
      }
      return;
    }
    for (float z = kBegin + kBay / 2; z < kEnd; z += kBay) {
      mood_.light.lamps.push_back(
          {{-kWall + 1, 4.2f, z}, Rgb{0.8f, 0.76f, 0.68f} * mood_.look.light.gain, 3.5f});
    }
  }

  DrawItem& add(Mesh mesh, const TexturePtr& texture, Layer layer, float sort_depth = 0) {
    DrawItem item;
    item.mesh = paint::share(std::move(mesh));
    item.texture = texture;
    item.layer = layer;
    item.sort_depth = sort_depth;
    fixed_.push_back(std::move(item));
    return fixed_.back();
  }

  void build_shell() {
    const TexturePtr bay = paint_wall_bay(detail_, derive_seed(seed_, "bay"));
    const float length = kEnd - kBegin;
    Mesh ceiling, walls, under;
    // Under the polished floor lies a plain one, for where the mirror image leaves a gap at the walls' feet.
    add_patch(under,
              {{-2 * kWall, -0.01f, kEnd + kWall},
               {4 * kWall, 0, 0},
               {0, 0, -length - kWall},
               {0.5f, 0.96f, 0.501f, 0.961f},
               8,
               30},
              light());
    add_card(under, {0, -30, kEnd + 1}, 120, 80, {0.5f, 0.96f, 0.501f, 0.961f}, light());
    add(std::move(under), bay, Layer::sky);
    add_patch(
        ceiling,
        {{-kWall, kHeight, kBegin}, {2 * kWall, 0, 0}, {0, 0, length}, {0, 0, 8, length / 2.5f}, 10, 40},
        light());
    add(std::move(ceiling), paint_coffer(detail_), Layer::far);
    add_patch(walls,
              {{-kWall, kHeight, kBegin}, {0, 0, length}, {0, -kHeight, 0}, {0, 0, kBays, 1}, kBays * 3, 7},
              light());
    add_patch(walls,
              {{kWall, kHeight, kEnd}, {0, 0, -length}, {0, -kHeight, 0}, {0, 0, kBays, 1}, kBays * 3, 7},
              light());
    add_patch(
        walls,
        {{-kWall, kHeight, kEnd}, {2 * kWall, 0, 0}, {0, -kHeight, 0}, {0, 0, 2 * kWall / kBay, 1}, 12, 7},
        light());
    add(std::move(walls), bay, Layer::far);
    Mesh windows;
    const LightAt own = paint::flat_light({1, 1, 1});
    constexpr float kTop = kHeight - 1.92f, kTall = 4.8f, kWide = 2.2f;
    for (int i = 0; i < kBays; ++i) {
      const float z = kBegin + kBay * (static_cast<float>(i) + 0.5f);
      add_patch(windows, {{-kWall + 0.02f, kTop, z - kWide / 2}, {0, 0, kWide}, {0, -kTall, 0}, {}}, own);
      add_patch(windows, {{kWall - 0.02f, kTop, z + kWide / 2}, {0, 0, -kWide}, {0, -kTall, 0}, {}}, own);
    }
    for (float x = -kWall + kBay / 2; x < kWall; x += kBay)
      add_card(windows, {x, kTop - kTall, kEnd - 0.02f}, kWide, kTall, {}, own);
    add(std::move(windows), paint_arched_window(mood_.sky_low, mood_.sky_high, detail_), Layer::far).haze =
        0.7f;
  }

  void add_sconce(Vec3 foot, float sort) {
    Mesh mesh;
    add_card(mesh, foot, 0.7f, 1.4f, {},
             paint::flat_light(mood_.lit ? Rgb{1, 1, 1} : Rgb{0.6f, 0.58f, 0.55f}));
    add(std::move(mesh), sconce_, Layer::world, sort);
    if (mood_.lit) add_glow(foot + Vec3{0, 0.95f, -0.02f}, 3.2f, {1.0f, 0.60f, 0.24f}, 0.62f, sort);
  }

  void add_glow(Vec3 centre, float size, Rgb color, float strength, float sort) {
    Mesh mesh;
    add_card(mesh, centre - Vec3{0, size / 2, 0}, size, size, {}, paint::flat_light(color));
    DrawItem glow;
    glow.mesh = paint::share(std::move(mesh));
    glow.texture = halo_;
    glow.blend = Blend::add;
    glow.opacity = strength;
    glow.sort_depth = sort - 0.01f;
    glows_.push_back(std::move(glow));
  }

  void build_arcades() {
    const TexturePtr column = paint_column(detail_, derive_seed(seed_, "column")),
                     arch = paint_arch(detail_, derive_seed(seed_, "arch"));
    for (int i = 0; i <= kBays; ++i) {
      const float z = kBegin + kBay * static_cast<float>(i);
      for (const float side : {-1.0f, 1.0f}) {
        const float x = side * kRow;
        Mesh shaft, span;
        // A column is round: whatever side a lamp is on, some of it faces the light.
        const LightAt round = [this](Vec3 p, Vec3 n) {
          return mood_.light.at(p, n) * 1.2f + mood_.light.at(p, {-n.z, 0, 0}) * 0.4f;
        };
        add_patch(shaft, {{x - 0.46f, kColumn, z}, {0.92f, 0, 0}, {0, -kColumn, 0}, {}, 1, 5}, round);
        add(std::move(shaft), column, Layer::world, z);
        add_sconce({side * (kRow - 0.02f), 2.15f, z - 0.05f}, z - 0.02f);
        if (i == kBays) continue;
        const Vec3 corner = {x, kHeight, side < 0 ? z : z + kBay};
        add_patch(span, {corner, {0, 0, side < 0 ? kBay : -kBay}, {0, kColumn - kHeight, 0}, {}, 4, 3},
                  light());
        add(std::move(span), arch, Layer::world, z + kBay + 0.1f);
      }
    }
  }

  void build_floor() {
    const float length = kEnd - kBegin;
    Mesh floor;
    const LightAt brighter = [this](Vec3 p, Vec3 n) { return mood_.light.at(p, n) * 1.12f; };
    add_patch(floor,
              {{-kWall, 0, kEnd},
               {2 * kWall, 0, 0},
               {0, 0, -length},
               {0, 0, 2 * kWall / 2.4f, length / 2.4f},
               16,
               60},
              brighter);
    add(std::move(floor), paint_marble(look_.reflection, detail_, derive_seed(seed_, "marble")),
        Layer::ground);
  }

  void emit_chandelier(const Chandelier& lamp, double seconds, DrawList& list) const {
    Mesh body;
    add_card(body, lamp.hook, lamp.size, lamp.size, {},
             paint::flat_light(mood_.lit ? Rgb{1.1f, 1.05f, 1} : Rgb{0.75f, 0.74f, 0.72f}));
    add_patch(body,
              {lamp.hook + Vec3{-0.03f, kHeight - lamp.hook.y, 0},
               {0.06f, 0, 0},
               {0, lamp.hook.y + lamp.size - kHeight, 0},
               {0.497f, 0.02f, 0.503f, 0.04f}},
              paint::flat_light({0.8f, 0.75f, 0.7f}));
    DrawItem item;
    item.mesh = paint::share(std::move(body));
    item.texture = chandelier_;
    item.sort_depth = lamp.hook.z;
    item.haze = 0.5f;
    list.push_back(item);
    if (!mood_.lit) return;
    const float on = candle_flicker(seconds, lamp.phase);
    for (int ring = 0; ring < 2; ++ring) {
      const float wide = lamp.size * (ring == 0 ? 1.5f : 3.6f), high = lamp.size * (ring == 0 ? 0.9f : 2.3f);
      Mesh glow;
      add_card(glow, lamp.hook + Vec3{0, lamp.size * 0.46f - high / 2, -0.01f}, wide, high, {},
               paint::flat_light({1.0f, 0.66f, 0.30f}));
      item.mesh = paint::share(std::move(glow));
      item.texture = halo_;
      item.blend = Blend::add;
      item.opacity = (ring == 0 ? 0.55f : 0.42f) * on;
      item.sort_depth = lamp.hook.z - 0.01f;
      list.push_back(item);
    }
  }

  HallMood mood_;
  std::vector<Chandelier> chandeliers_;
  float detail_ = 1;
  uint64_t seed_ = 0;
  TexturePtr halo_, sconce_, chandelier_;
  std::vector<DrawItem> fixed_, glows_;
};

}  // namespace

std::unique_ptr<Scene> paint_ballroom(const SceneRequest& request) {
  return std::make_unique<Ballroom>(request);
}

}  // namespace troupe::stage
