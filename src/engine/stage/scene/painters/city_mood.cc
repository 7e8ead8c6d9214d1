#include "engine/stage/scene/painters/city_mood.h"

#include <algorithm>

namespace troupe::stage {
namespace {

// Street light by day: the sun comes over one side's roofs, so that one row of fronts is bright.
void daylight(const SceneRequest& request, CityMood& mood) {
  const bool low = request.time == TimeOfDay::golden || request.time == TimeOfDay::sunset;
  mood.glass = paint::grayed(mix(mood.air.sky.middle, mood.air.sky.horizon, 0.5f), 0.35f) * 0.62f;
  mood.light.ambient = mood.air.ambient * (low ? 1.5f : 1.6f);
  mood.light.sky = mood.air.ambient * 0.55f;
  mood.light.sun_direction = normalized(low ? Vec3{0.62f, 0.30f, 0.42f} : Vec3{0.33f, 0.88f, -0.33f});
  mood.light.sun = mood.air.sun * (low ? 1.3f : 1.6f);
  mood.lit_share = request.time == TimeOfDay::sunset ? 0.34f : low ? 0.16f : 0.08f;
  mood.emission = low ? 0.95f : 0.8f;
  mood.dark = request.time == TimeOfDay::sunset;
  mood.halo = 0.32f;
  if (low) mood.air.light.haze_density = 0.009f;
}

// A city lights its own air: low cloud and haze glow, and nothing is as dark as the country at night.
void night(CityMood& mood, bool blue_hour) {
  paint::Atmosphere& air = mood.air;
  mood.dark = true;
  mood.lit_share = 0.42f;
  mood.emission = 1;
  mood.glass = blue_hour ? Rgb{0.10f, 0.13f, 0.22f} : Rgb{0.05f, 0.055f, 0.10f};
  mood.light.ambient = blue_hour ? Rgb{0.19f, 0.23f, 0.37f} : Rgb{0.12f, 0.11f, 0.19f};
  mood.light.sky = {0.03f, 0.03f, 0.07f};
  air.light.haze_color = blue_hour ? Rgb{0.26f, 0.30f, 0.50f} : Rgb{0.19f, 0.12f, 0.29f};
  air.light.haze_density = 0.0115f;
  mood.halo = blue_hour ? 0.55f : mood.neon ? 1.0f : 0.75f;
  if (!blue_hour) {
    air.sky.zenith = {0.020f, 0.020f, 0.062f};
    air.sky.middle = {0.060f, 0.045f, 0.125f};
    air.sky.horizon = {0.23f, 0.14f, 0.32f};
    air.sky.cloud_lit = {0.20f, 0.14f, 0.27f};
    air.sky.cloud_shade = {0.07f, 0.055f, 0.13f};
    air.sky.moon = false;
    air.sky.disc = 0;
    air.sky.glow = 0;
    air.sky.stars *= 0.25f;
  }
  LightRig& rig = air.light;
  rig.exposure = std::max(rig.exposure, mood.neon ? 0.64f : 0.56f);
  rig.key = 0.75f;
  rig.rim = std::max(rig.rim, 1.1f);
  rig.shadow = 0.32f;
  if (!mood.neon) {
    rig.key_direction = normalized({-0.75f, 0.45f, -0.5f});
    rig.key_color = {1.0f, 0.82f, 0.58f};
  }
  Grade& grade = air.grade;
  grade.bloom = std::max(grade.bloom, 0.6f);
  grade.bloom_threshold = 150;
  grade.contrast += 0.06f;
  grade.exposure *= 1.12f;
  grade.saturation *= 1.14f;
}

void wet_ground(CityMood& mood) {
  mood.wet = mood.air.wetness;
  if (mood.dark && mood.neon)
    mood.wet = std::max(mood.wet, 0.85f);  // Neon asks for a street that mirrors it.
  SceneLook& look = mood.look;
  look.surface = mood.wet > 0 ? Surface::wet : Surface::asphalt;
  look.reflection = 0.92f * mood.wet;
  look.reflection_blur = 2.0f;
}

}  // namespace

CityMood city_mood(const SceneRequest& request) {
  // "Neon lights" without an hour means the hour when they show.
  const bool neon_asked = paint::wants(request, Light::neon);
  const bool by_night = request.time == TimeOfDay::night || request.time == TimeOfDay::blue;
  SceneRequest dusk = request;
  if (neon_asked && !by_night)
    dusk.time = request.time == TimeOfDay::sunset ? TimeOfDay::blue : TimeOfDay::night;
  CityMood mood;
  mood.neon = neon_asked || request.time == TimeOfDay::night;
  if (mood.neon && !neon_asked) dusk.light.push_back(Light::neon);
  mood.air = paint::atmosphere(dusk);
  if (by_night || neon_asked) {
    night(mood, dusk.time == TimeOfDay::blue);
  } else {
    daylight(request, mood);
    if (mood.air.sky.disc < 0.3f) mood.lit_share = std::max(mood.lit_share, 0.3f);
  }
  wet_ground(mood);
  mood.look.light = mood.air.light;
  mood.look.grade = mood.air.grade;
  mood.look.particles = mood.air.particles;
  mood.look.ambience = mood.air.wetness > 0 ? "rain_city" : "city";
  mood.look.walk_half_width = 2.6f;
  mood.look.far_z = 60;
  return mood;
}

}  // namespace troupe::stage
