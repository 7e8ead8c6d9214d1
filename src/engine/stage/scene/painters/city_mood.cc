#include "engine/stage/scene/painters/city_mood.h"

#include <algorithm>

namespace troupe::stage {
namespace {

template <class Word>
bool contains(const std::vector<Word>& words, Word word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void daylight(CityMood& mood) {
  mood.glass = {0.42f, 0.50f, 0.58f};
  mood.sky_top = {0.30f, 0.50f, 0.78f};
  mood.sky_low = {0.80f, 0.88f, 0.94f};
  mood.light.ambient = {0.46f, 0.50f, 0.56f};
  mood.light.sky = {0.22f, 0.24f, 0.27f};
  mood.light.sun_direction = normalized({0.62f, 0.72f, -0.30f});
  mood.light.sun = {0.80f, 0.74f, 0.64f};
  mood.emission = 0.75f;
  LightRig& rig = mood.look.light;
  rig.key_direction = mood.light.sun_direction;
  rig.haze_color = {0.74f, 0.82f, 0.90f};
  rig.haze_density = 0.007f;
  rig.luminance_cap = 232;
}

void low_sun(CityMood& mood, bool sunset) {
  daylight(mood);
  mood.glass = sunset ? Rgb{0.50f, 0.34f, 0.36f} : Rgb{0.60f, 0.50f, 0.38f};
  mood.sky_top = sunset ? Rgb{0.25f, 0.22f, 0.42f} : Rgb{0.42f, 0.52f, 0.68f};
  mood.sky_low = sunset ? Rgb{1.0f, 0.56f, 0.30f} : Rgb{1.0f, 0.86f, 0.58f};
  mood.light.ambient = sunset ? Rgb{0.34f, 0.28f, 0.34f} : Rgb{0.44f, 0.41f, 0.42f};
  mood.light.sky = sunset ? Rgb{0.22f, 0.15f, 0.14f} : Rgb{0.24f, 0.20f, 0.16f};
  mood.light.sun_direction = normalized({0.55f, 0.28f, 0.55f});
  mood.light.sun = sunset ? Rgb{0.95f, 0.48f, 0.22f} : Rgb{1.15f, 0.82f, 0.48f};
  mood.lit_share = sunset ? 0.34f : 0.16f;
  mood.emission = sunset ? 1.0f : 0.85f;
  mood.dark = sunset;
  LightRig& rig = mood.look.light;
  rig.key_direction = mood.light.sun_direction;
  rig.gain = sunset ? Rgb{1.22f, 0.92f, 0.78f} : Rgb{1.18f, 0.93f, 0.74f};
  rig.exposure = sunset ? 0.66f : 0.88f;
  rig.key_color = {1.0f, 0.8f, 0.55f};
  rig.rim_color = sunset ? Rgb{1.0f, 0.6f, 0.3f} : Rgb{1.0f, 0.82f, 0.5f};
  rig.rim = sunset ? 1.3f : 1.0f;
  rig.haze_color = sunset ? Rgb{0.86f, 0.50f, 0.36f} : Rgb{0.96f, 0.80f, 0.58f};
  rig.haze_density = 0.012f;
  mood.look.grade.bloom = 0.4f;
}

void night(CityMood& mood, bool blue_hour) {
  mood.dark = true;
  mood.lit_share = 0.42f;
  mood.glass = {0.055f, 0.06f, 0.10f};
  mood.sky_top = blue_hour ? Rgb{0.07f, 0.12f, 0.30f} : Rgb{0.022f, 0.022f, 0.065f};
  mood.sky_low = blue_hour ? Rgb{0.34f, 0.40f, 0.62f} : Rgb{0.23f, 0.14f, 0.32f};
  mood.light.ambient = blue_hour ? Rgb{0.20f, 0.24f, 0.38f} : Rgb{0.115f, 0.105f, 0.185f};
  mood.light.sky = {0.03f, 0.03f, 0.07f};
  mood.light.sun_direction = {0, 1, 0};
  LightRig& rig = mood.look.light;
  rig.gain = {0.86f, 0.95f, 1.18f};
  rig.exposure = mood.neon ? 0.64f : 0.54f;
  rig.key_direction = normalized({-0.75f, 0.45f, -0.5f});
  rig.key_color = mood.neon ? Rgb{1.0f, 0.42f, 0.88f} : Rgb{1.0f, 0.82f, 0.58f};
  rig.key = 0.75f;
  rig.rim_color = mood.neon ? Rgb{0.25f, 0.85f, 1.0f} : Rgb{0.55f, 0.70f, 1.0f};
  rig.rim_direction = normalized({0.8f, 0.35f, 0.5f});
  rig.rim = 1.1f;
  rig.saturation = 0.9f;
  rig.shadow = 0.32f;
  rig.haze_color = blue_hour ? Rgb{0.30f, 0.36f, 0.56f} : Rgb{0.20f, 0.13f, 0.30f};
  rig.haze_density = 0.0115f;
  Grade& grade = mood.look.grade;
  grade.bloom = 0.55f;
  grade.bloom_threshold = 165;
  grade.contrast = 0.14f;
  grade.saturation = 1.06f;
  grade.vignette = 0.34f;
  grade.grain = 6;
}

void overcast(CityMood& mood) {
  if (mood.dark) return;
  mood.sky_top = mix(mood.sky_top, {0.52f, 0.55f, 0.58f}, 0.8f);
  mood.sky_low = mix(mood.sky_low, {0.74f, 0.76f, 0.77f}, 0.75f);
  mood.light.sun = mood.light.sun * 0.12f;
  mood.light.ambient = mood.light.ambient * 0.98f;
  mood.glass = {0.36f, 0.39f, 0.41f};
  mood.lit_share = std::max(mood.lit_share, 0.3f);
  mood.emission = 1;
  LightRig& rig = mood.look.light;
  rig.exposure *= 0.82f;
  rig.key *= 0.5f;
  rig.shadow = 0.25f;
  rig.haze_color = mix(rig.haze_color, {0.66f, 0.69f, 0.71f}, 0.7f);
  rig.haze_density = std::max(rig.haze_density, 0.014f);
}

void weather(const SceneRequest& request, CityMood& mood) {
  SceneLook& look = mood.look;
  const bool storm = asks(request, Weather::storm), rain = storm || asks(request, Weather::rain);
  if (rain || asks(request, Weather::overcast) || asks(request, Weather::fog)) overcast(mood);
  if (rain) {
    mood.wet = 1;
    look.particles.push_back({Particles::Kind::rain, storm ? 1.5f : 0.9f, storm ? 0.34f : 0.18f,
                              mood.dark ? Rgb{0.82f, 0.86f, 1.0f} : Rgb{0.9f, 0.93f, 0.96f}});
    look.ambience = "rain_city";
  } else if (mood.dark && mood.neon) {
    mood.wet = 0.85f;  // Neon asks for a street that mirrors it.
  }
  if (asks(request, Weather::snowfall)) look.particles.push_back({Particles::Kind::snow, 1, 0.1f});
  if (asks(request, Weather::leaves)) look.particles.push_back({Particles::Kind::leaves, 0.7f, 0.5f});
  if (asks(request, Weather::dust)) look.particles.push_back({Particles::Kind::dust, 0.8f, 0.2f});
  if (asks(request, Weather::fog)) look.light.haze_density *= 2.6f;
}

}  // namespace

bool asks(const SceneRequest& request, Weather word) { return contains(request.weather, word); }
bool asks(const SceneRequest& request, Light word) { return contains(request.light, word); }

CityMood city_mood(const SceneRequest& request) {
  CityMood mood;
  mood.look.ambience = "city";
  const bool is_night = request.time == TimeOfDay::night || request.time == TimeOfDay::blue;
  mood.neon = asks(request, Light::neon) || request.time == TimeOfDay::night;
  switch (request.time) {
    case TimeOfDay::day:
      daylight(mood);
      break;
    case TimeOfDay::golden:
      low_sun(mood, false);
      break;
    case TimeOfDay::sunset:
      low_sun(mood, true);
      break;
    case TimeOfDay::night:
      night(mood, false);
      break;
    case TimeOfDay::blue:
      night(mood, true);
      break;
  }
  // "Neon lights" without an hour means the hour when they show.
  if (!is_night && asks(request, Light::neon)) night(mood, request.time == TimeOfDay::sunset);
  weather(request, mood);
  mood.look.surface = mood.wet > 0 ? Surface::wet : Surface::asphalt;
  mood.look.reflection = 0.92f * mood.wet;
  mood.look.reflection_blur = 2.0f;
  mood.look.walk_half_width = 2.6f;
  mood.look.far_z = 60;
  return mood;
}

}  // namespace troupe::stage
