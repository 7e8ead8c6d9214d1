// The city street: houses to both sides of a road that runs away from the viewer, with signs, lamps and cars.
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/random.h"
#include "engine/stage/scene/paint/sky.h"
#include "engine/stage/scene/painters/city_facades.h"
#include "engine/stage/scene/painters/city_parts.h"
#include "engine/stage/scene/painters/city_ripples.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

/// What of a lamp's light comes through at this moment: a hum that nobody notices, and drop-outs of the
/// restless.
float flicker(float unrest, float phase, double seconds) {
  const float t = static_cast<float>(seconds);
  const float hum = 1 - 0.05f * (0.5f + 0.5f * std::sin(9.0f * t + phase));
  if (unrest < 0.5f) return hum;
  const float burst = std::sin(1.7f * t + phase) + std::sin(0.73f * t + 2 * phase);
  const float buzz = std::sin(41.0f * t + phase) * std::sin(29.0f * t);
  return burst > 1.1f && buzz > 0.05f ? 0.25f : hum;
}

struct ShiningSign {
  DrawItem board, halo, streak;
  float unrest = 0, phase = 0, z = 0;
};

ShiningSign make_sign(const BladeSign& plan, const CityPictures& pictures, const CityMood& mood,
                      const paint::LightField& field) {
  const size_t picture = static_cast<size_t>(plan.picture);
  const float high = plan.width * pictures.upright_aspect[picture];
  const Vec3 foot = plan.centre - Vec3{0, high / 2, 0};
  const Rgb color = pictures.upright_color[picture];
  const paint::LightAt lit = [&](Vec3 p, Vec3 n) { return field.at(p, n); };
  ShiningSign sign{{}, {}, {}, plan.unrest, plan.phase, plan.centre.z};
  Mesh board, halo, streak;
  paint::add_card(board, foot, plan.width, high, {},
                  mood.dark ? paint::flat_light({1.15f, 1.15f, 1.15f}) : lit);
  sign.board.mesh = paint::share(std::move(board));
  sign.board.texture = pictures.upright_signs[picture];
  sign.board.sort_depth = plan.centre.z;
  sign.board.haze = 0.55f;
  const float wide = plan.width * 4.6f, tall = high + plan.width * 3.4f;
  paint::add_card(halo, {plan.centre.x, plan.centre.y - tall / 2, plan.centre.z}, wide, tall, {},
                  paint::flat_light(color));
  sign.halo = sign.board;
  sign.halo.mesh = paint::share(std::move(halo));
  sign.halo.texture = pictures.halo;
  sign.halo.sort_depth -= 0.01f;
  sign.halo.blend = Blend::add;
  sign.halo.reflects = false;
  // Rough water draws a light out into a streak towards the viewer, below where a mirror would show it.
  const float head = foot.y * 0.55f, end = (plan.centre.y + high / 2) * 1.25f;
  paint::add_patch(streak,
                   {{plan.centre.x - plan.width * 0.8f, -head, plan.centre.z},
                    {plan.width * 1.6f, 0, 0},
                    {0, head - end, 0},
                    {},
                    1,
                    4},
                   paint::flat_light(color));
  sign.streak = sign.halo;
  sign.streak.mesh = paint::share(std::move(streak));
  sign.streak.texture = pictures.streak;
  sign.streak.layer = Layer::shadow;
  return sign;
}

/// Which points the houses on the right leave in the sun that stands over their roofs. They count for half of
/// their height: true shade would fill the street from wall to wall.
std::function<float(Vec3)> roof_shadow(const StreetPlan& plan, Vec3 sun) {
  return [houses = plan.houses, sun](Vec3 p) {
    const float run = (kFront - p.x) / sun.x;
    if (run <= 0) return 1.0f;
    const float z = p.z + run * sun.z, y = p.y + run * sun.y;
    for (const House& house : houses) {
      if (house.side > 0 && z >= house.z0 && z < house.z1)
        return smoothstep(-1.5f, 1.5f, y - 0.5f * house_height(house));
    }
    return 1.0f;
  };
}

class City final : public Scene {
 public:
  explicit City(const SceneRequest& request) : mood_(city_mood(request)), sky_(request, mood_.air) {
    look_ = mood_.look;
    const float size = static_cast<float>(std::min(request.frame.width, request.frame.height)) / 720;
    const float detail = request.detail * std::clamp(size, 0.5f, 1.05f);
    const StreetPlan plan = plan_street(request.seed, static_cast<int>(facade_styles().size()));
    const CityPictures pictures = paint_city_pictures(mood_, detail, request.seed);
    paint::LightField light = mood_.light;
    add_street_lights(plan, pictures, mood_, light);
    if (request.time == TimeOfDay::day) light.sun_reaches = roof_shadow(plan, light.sun_direction);
    add_skyline(mood_, pictures.halo, detail, request.seed, things_);
    add_street_ground(mood_, light, detail, request.seed, things_);
    add_houses(plan, pictures, mood_, light, request.seed, things_);
    add_street_furniture(plan, pictures, mood_, light, things_);
    for (const BladeSign& sign : plan.signs) signs_.push_back(make_sign(sign, pictures, mood_, light));
    if (mood_.air.wetness > 0)
      ripples_.emplace(mood_.dark ? Rgb{0.55f, 0.55f, 0.75f} : Rgb{0.62f, 0.66f, 0.70f}, mood_.air.wetness);
  }

  void emit(const Camera& camera, double seconds, DrawList& list) const override {
    sky_.emit(camera, seconds, list);
    for (const Placed& thing : things_) {
      if (thing.z_end > camera.position.z) list.push_back(thing.item);
    }
    if (ripples_) ripples_->emit(camera, seconds, list);
    for (const ShiningSign& sign : signs_) {
      if (sign.z > camera.position.z) emit_sign(sign, seconds, list);
    }
  }

 private:
  void emit_sign(const ShiningSign& sign, double seconds, DrawList& list) const {
    list.push_back(sign.board);
    if (!mood_.dark) return;
    const float on = flicker(sign.unrest, sign.phase, seconds);
    if (on < 0.9f) list.back().opacity = 0.35f + 0.65f * on;
    list.push_back(sign.halo);
    list.back().opacity = 0.85f * on * mood_.halo;
    if (mood_.wet <= 0) return;
    list.push_back(sign.streak);
    list.back().opacity = 0.75f * on * mood_.wet * mood_.halo;
  }

  CityMood mood_;
  paint::Sky sky_;
  std::vector<Placed> things_;
  std::vector<ShiningSign> signs_;
  std::optional<RainRipples> ripples_;  ///< while it rains
};

}  // namespace

std::unique_ptr<Scene> paint_city(const SceneRequest& request) { return std::make_unique<City>(request); }

}  // namespace troupe::stage
