#include "engine/stage/scene/paint/light_table.h"

#include <algorithm>
#include <cmath>

namespace troupe::stage::paint {
namespace {

template <typename T>
bool has(const std::vector<T>& words, T word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A direction by degrees to the right of straight ahead and above the horizon.
Vec3 direction(float azimuth, float elevation) {
  constexpr float kDegree = 3.14159265f / 180;
  const float a = azimuth * kDegree, e = elevation * kDegree;
  return {std::sin(a) * std::cos(e), std::sin(e), std::cos(a) * std::cos(e)};
}

Atmosphere day() {
  Atmosphere a;
  a.sky = {.zenith = {0.17f, 0.39f, 0.74f},
           .middle = {0.42f, 0.65f, 0.91f},
           .horizon = {0.80f, 0.89f, 0.96f},
           .sun = {1.0f, 0.97f, 0.88f},
           .sun_direction = direction(-128, 44),
           .glow = 0.25f,
           .cloud_lit = {1.0f, 0.99f, 0.97f},
           .cloud_shade = {0.70f, 0.77f, 0.86f}};
  a.light.key_direction = normalized({-0.55f, 0.70f, -0.45f});
  a.light.key_color = {1.0f, 0.97f, 0.90f};
  a.light.haze_color = {0.74f, 0.83f, 0.92f};
  a.light.haze_density = 0.0035f;
  a.grade.vignette = 0.22f;
  return a;
}

Atmosphere golden() {
  Atmosphere a;
  a.sky = {.zenith = {0.30f, 0.44f, 0.70f},
           .middle = {0.80f, 0.68f, 0.64f},
           .horizon = {1.0f, 0.83f, 0.53f},
           .sun = {1.0f, 0.86f, 0.55f},
           .sun_direction = direction(13, 7),
           .glow = 0.9f,
           .cloud_lit = {1.0f, 0.82f, 0.62f},
           .cloud_shade = {0.66f, 0.56f, 0.62f}};
  a.light = {.gain = {1.18f, 0.93f, 0.74f},
             .exposure = 0.88f,
             .key_direction = normalized({0.75f, 0.42f, -0.30f}),
             .key_color = {1.0f, 0.82f, 0.55f},
             .rim_color = {1.0f, 0.80f, 0.48f},
             .rim = 0.9f,
             .rim_direction = std::nullopt,
             .shadow = 0.55f,
             .haze_color = {0.97f, 0.78f, 0.52f},
             .haze_density = 0.0065f};
  a.grade = {.bloom = 0.45f,
             .bloom_threshold = 172,
             .contrast = 0.15f,
             .saturation = 1.05f,
             .gain = {1.03f, 1.0f, 0.95f},
             .vignette = 0.32f};
  a.sun = {1.06f, 0.78f, 0.44f};
  a.ambient = {0.43f, 0.40f, 0.42f};
  return a;
}

Atmosphere sunset() {
  Atmosphere a;
  a.sky = {.zenith = {0.22f, 0.22f, 0.45f},
           .middle = {0.74f, 0.45f, 0.50f},
           .horizon = {1.0f, 0.64f, 0.33f},
           .sun = {1.0f, 0.72f, 0.36f},
           .sun_direction = direction(-7, 2.6f),
           .glow = 1,
           .cloud_lit = {1.0f, 0.56f, 0.40f},
           .cloud_shade = {0.42f, 0.28f, 0.42f}};
  a.light = {.gain = {1.20f, 0.88f, 0.80f},
             .exposure = 0.62f,
             .key_direction = normalized({-0.80f, 0.35f, -0.25f}),
             .key_color = {1.0f, 0.66f, 0.46f},
             .rim_color = {1.0f, 0.62f, 0.36f},
             .rim = 1.4f,
             .rim_direction = std::nullopt,
             .shadow = 0.5f,
             .haze_color = {0.90f, 0.60f, 0.47f},
             .haze_density = 0.006f};
  a.grade = {.bloom = 0.5f,
             .bloom_threshold = 165,
             .contrast = 0.16f,
             .saturation = 1.06f,
             .gain = {1.03f, 0.99f, 0.98f},
             .vignette = 0.35f};
  a.sun = {0.86f, 0.56f, 0.40f};
  a.ambient = {0.37f, 0.34f, 0.41f};
  return a;
}

Atmosphere night() {
  Atmosphere a;
  a.sky = {.zenith = {0.010f, 0.018f, 0.055f},
           .middle = {0.028f, 0.050f, 0.115f},
           .horizon = {0.085f, 0.125f, 0.215f},
           .sun = {0.86f, 0.90f, 1.0f},
           .sun_direction = direction(19, 19),
           .glow = 0.35f,
           .stars = 1,
           .moon = true,
           .cloud_lit = {0.20f, 0.25f, 0.36f},
           .cloud_shade = {0.045f, 0.060f, 0.11f}};
  a.light = {.gain = {0.80f, 0.98f, 1.22f},
             .exposure = 0.46f,
             .key_direction = normalized({0.62f, 0.62f, -0.30f}),
             .key_color = {0.75f, 0.86f, 1.0f},
             .rim_color = {0.62f, 0.76f, 1.0f},
             .rim = 0.7f,
             .rim_direction = std::nullopt,
             .saturation = 0.80f,
             .shadow = 0.35f,
             .haze_color = {0.070f, 0.105f, 0.185f},
             .haze_density = 0.009f};
  a.grade = {.bloom = 0.4f,
             .bloom_threshold = 150,
             .contrast = 0.10f,
             .saturation = 0.92f,
             .gain = {0.97f, 1.0f, 1.06f},
             .lift = 0.01f,
             .vignette = 0.38f,
             .grain = 7};
  a.sun = {0.25f, 0.31f, 0.45f};
  a.ambient = {0.105f, 0.14f, 0.225f};
  a.dark = true;
  return a;
}

Atmosphere blue_hour() {
  Atmosphere a;
  a.sky = {.zenith = {0.045f, 0.095f, 0.27f},
           .middle = {0.13f, 0.22f, 0.46f},
           .horizon = {0.56f, 0.48f, 0.56f},
           .sun = {1.0f, 0.72f, 0.56f},
           .sun_direction = direction(16, -4),
           .disc = 0,
           .glow = 0.4f,
           .stars = 0.25f,
           .cloud_lit = {0.42f, 0.38f, 0.52f},
           .cloud_shade = {0.12f, 0.16f, 0.32f}};
  a.light = {.gain = {0.84f, 0.96f, 1.20f},
             .exposure = 0.56f,
             .key_direction = normalized({0.5f, 0.75f, -0.35f}),
             .key_color = {0.78f, 0.86f, 1.0f},
             .rim_color = {0.72f, 0.74f, 1.0f},
             .rim = 0.5f,
             .rim_direction = std::nullopt,
             .saturation = 0.85f,
             .shadow = 0.3f,
             .haze_color = {0.23f, 0.28f, 0.44f},
             .haze_density = 0.008f};
  a.grade = {
      .bloom = 0.42f, .bloom_threshold = 155, .gain = {0.97f, 1.0f, 1.05f}, .vignette = 0.35f, .grain = 6};
  a.sun = {0.17f, 0.18f, 0.26f};
  a.ambient = {0.27f, 0.32f, 0.46f};
  a.dark = true;
  return a;
}

Atmosphere of_hour(TimeOfDay time) {
  switch (time) {
    case TimeOfDay::golden:
      return golden();
    case TimeOfDay::sunset:
      return sunset();
    case TimeOfDay::night:
      return night();
    case TimeOfDay::blue:
      return blue_hour();
    case TimeOfDay::day:
      break;
  }
  return day();
}

// Draws a lid of cloud over the sky: greyer by `share`, `dim` times as bright, the sun spread over all of it.
void cloud_over(Atmosphere& a, float share, float dim, Rgb cast) {
  // A night has little left to lose.
  if (a.dark) dim = mix(dim, 1.0f, 0.8f);
  const auto gray = [&](Rgb c) { return mix(c, grayed(c, 0.85f) * cast, share) * mix(1.0f, dim, share); };
  const Rgb lid = mix(a.sky.middle, a.sky.horizon, 0.55f);
  a.sky.zenith = gray(mix(a.sky.zenith, lid, 0.7f * share));
  a.sky.middle = gray(mix(a.sky.middle, lid, 0.6f * share));
  a.sky.horizon = gray(a.sky.horizon);
  a.sky.cloud_lit = gray(a.sky.cloud_lit);
  a.sky.cloud_shade = gray(a.sky.cloud_shade) * mix(1.0f, 0.8f, share);
  a.sky.cover = mix(a.sky.cover, 1.0f, share);
  a.sky.disc *= 1 - share;
  a.sky.glow *= 1 - 0.8f * share;
  a.sky.stars *= 1 - share;
  a.light.haze_color = gray(a.light.haze_color);
  a.light.gain = mix(a.light.gain, grayed(a.light.gain, 0.8f) * cast, share);
  a.light.key *= 1 - 0.5f * share;
  a.light.rim *= 1 - 0.5f * share;
  a.light.shadow *= 1 - 0.55f * share;
  a.ambient = gray(a.ambient + a.sun * (0.42f * share));
  a.sun = gray(a.sun) * (1 - 0.8f * share);
}

void apply_fog(Atmosphere& a) {
  a.light.haze_density = std::max(a.light.haze_density * 4, 0.032f);
  a.light.haze_color = grayed(mix(a.light.haze_color, a.sky.horizon, 0.35f), 0.4f);
  a.sky.horizon = a.light.haze_color;
  a.sky.middle = mix(a.sky.middle, a.light.haze_color, 0.9f);
  a.sky.zenith = mix(a.sky.zenith, a.light.haze_color, 0.75f);
  a.sky.disc *= 0.35f;
  a.sky.cover *= 0.3f;
  a.sky.stars *= 0.2f;
  a.light.contrast *= 0.94f;
  a.light.black_lift = 0.06f;
  a.wind *= 0.5f;
}

void apply_sky_weather(const SceneRequest& r, Atmosphere& a) {
  if (wants(r, Weather::storm)) {
    cloud_over(a, 1, 0.70f, {0.92f, 1.0f, 1.08f});
    a.sky.cloud_shade = a.sky.cloud_shade * 0.66f;
    a.sky.zenith = a.sky.zenith * 0.75f;
    a.light.exposure *= 0.62f;
    a.light.haze_density *= 2;
    a.sky.cloud_speed = 14;
    a.grade.contrast += 0.05f;
    a.wind = 2.5f;
    a.wetness = 1;
  } else if (wants(r, Weather::rain)) {
    cloud_over(a, 0.85f, 0.74f, {0.96f, 1.0f, 1.04f});
    a.light.exposure *= 0.76f;
    a.light.haze_density *= 1.8f;
    a.wetness = 1;
  } else if (wants(r, Weather::snowfall)) {
    cloud_over(a, 0.8f, 0.88f, {0.98f, 1.0f, 1.03f});
    a.light.exposure *= 0.88f;
    a.light.haze_density *= 2.4f;
  } else if (wants(r, Weather::overcast)) {
    cloud_over(a, 0.85f, 0.86f, {0.98f, 1.0f, 1.02f});
    a.light.exposure *= 0.84f;
  } else if (wants(r, Weather::clear)) {
    a.sky.cover = 0.08f;
  }
  if (wants(r, Weather::fog)) apply_fog(a);
  if (wants(r, Weather::wind)) {
    a.wind = 2.5f;
    a.sky.cloud_speed = std::max(a.sky.cloud_speed, 10.0f);
  }
}

void add_particles(const SceneRequest& r, Atmosphere& a) {
  using Kind = Particles::Kind;
  const float gust = a.wind > 2 ? 0.5f : 0.2f;
  const Rgb air = mix(Rgb{1, 1, 1}, a.light.gain, 0.6f) * std::min(1.0f, 0.35f + 0.65f * a.light.exposure);
  if (wants(r, Weather::storm))
    a.particles.push_back({Kind::rain, 1.5f, 0.5f, air});
  else if (wants(r, Weather::rain))
    a.particles.push_back({Kind::rain, 1, gust, air});
  if (wants(r, Weather::snowfall)) a.particles.push_back({Kind::snow, 1, gust, air});
  if (wants(r, Weather::leaves) && r.season == Season::spring) {
    a.particles.push_back({Kind::petals, 1, gust + 0.2f, Rgb{1.0f, 0.80f, 0.86f} * air});
  } else if (wants(r, Weather::leaves) || (wants(r, Weather::wind) && r.season == Season::autumn)) {
    a.particles.push_back({Kind::leaves, 1, gust + 0.2f, Rgb{0.86f, 0.52f, 0.20f} * air});
  }
  if (wants(r, Weather::dust)) {
    const bool embers = a.dark;
    a.particles.push_back(
        {embers ? Kind::embers : Kind::dust, 1, gust, embers ? Rgb{1.0f, 0.6f, 0.25f} : air});
  }
}

void apply_light(const SceneRequest& r, Atmosphere& a) {
  LightRig& l = a.light;
  if (wants(r, Light::neon)) {
    l.gain = mix(l.gain, Rgb{1.05f, 0.94f, 1.12f}, 0.7f);
    l.exposure = std::max(l.exposure, 0.60f);
    l.key_direction = normalized({-0.85f, 0.30f, -0.35f});
    l.key_color = {1.0f, 0.36f, 0.86f};
    l.rim_color = {0.30f, 0.90f, 1.0f};
    l.rim_direction = normalized({0.9f, 0.25f, 0.30f});
    l.rim = 1.2f;
  }
  if (wants(r, Light::candle)) {
    l.gain = {1.22f, 0.90f, 0.62f};
    l.exposure = a.dark ? 0.78f : 0.92f;
    l.key_color = {1.0f, 0.76f, 0.45f};
    l.luminance_cap = 210;
  }
  if (wants(r, Light::soft)) {
    l.key *= 0.7f;
    l.shadow *= 0.7f;
    a.grade.contrast -= 0.08f;
    a.grade.bloom += 0.08f;
  }
  if (wants(r, Light::dramatic)) {
    l.key = std::min(1.0f, l.key * 1.4f);
    l.key_direction = normalized({l.key_direction.x < 0 ? -0.9f : 0.9f, 0.35f, -0.15f});
    a.grade.contrast += 0.12f;
    a.grade.vignette += 0.1f;
  }
  if (wants(r, Light::backlit)) {
    l.exposure = std::min(l.exposure, 0.45f);
    l.rim *= 1.6f;
  }
  if (wants(r, Light::spot)) {
    l.key = std::min(1.0f, l.key * 1.3f);
    l.key_direction = normalized({-0.15f, 0.95f, -0.25f});
    a.grade.vignette += 0.2f;
  }
  if (wants(r, Light::studio)) {
    l.gain = mix(l.gain, Rgb{1, 1, 1}, 0.7f);
    l.key_direction = normalized({-0.6f, 0.6f, -0.55f});
  }
}

}  // namespace

bool wants(const SceneRequest& r, Weather weather) { return has(r.weather, weather); }
bool wants(const SceneRequest& r, Light light) { return has(r.light, light); }
bool wants(const SceneRequest& r, Style style) { return has(r.style, style); }

void apply_style(const SceneRequest& r, Grade& g) {
  for (const Style style : r.style) {
    switch (style) {
      case Style::cinematic:
        g.contrast += 0.05f;
        g.grain += 1;
        g.vignette += 0.05f;
        break;
      case Style::warm:
        g.gain = g.gain * Rgb{1.06f, 1.0f, 0.90f};
        break;
      case Style::cool:
        g.gain = g.gain * Rgb{0.92f, 1.0f, 1.08f};
        break;
      case Style::vintage:
        g.saturation *= 0.7f;
        g.lift += 0.05f;
        g.grain += 4;
        g.gain = g.gain * Rgb{1.06f, 1.0f, 0.86f};
        break;
      case Style::bw:
        g.saturation = 0;
        g.contrast += 0.06f;
        break;
      case Style::vivid:
        g.saturation *= 1.25f;
        break;
      case Style::pastel:
        g.bloom += 0.2f;
        g.contrast -= 0.10f;
        g.saturation *= 0.85f;
        g.lift += 0.04f;
        break;
      case Style::dark:
        g.exposure *= 0.75f;
        g.vignette += 0.1f;
        break;
      case Style::anime:
        g.grain = 0;
        g.saturation *= 1.15f;
        g.contrast -= 0.04f;
        break;
      case Style::happy:
        g.exposure *= 1.05f;
        g.saturation *= 1.08f;
        break;
      case Style::sad:
        g.saturation *= 0.72f;
        g.exposure *= 0.94f;
        break;
      case Style::tense:
        g.exposure *= 0.9f;
        g.contrast += 0.06f;
        g.saturation *= 0.9f;
        break;
      case Style::romantic:
        g.bloom += 0.12f;
        g.gain = g.gain * Rgb{1.05f, 0.99f, 0.95f};
        break;
      case Style::slowmo:
      case Style::timelapse:
        break;
    }
  }
  g.bloom = std::clamp(g.bloom, 0.0f, 1.0f);
  g.contrast = std::clamp(g.contrast, 0.0f, 0.4f);
  g.lift = std::clamp(g.lift, 0.0f, 0.1f);
  g.vignette = std::clamp(g.vignette, 0.0f, 0.6f);
  g.grain = std::clamp(g.grain, 0.0f, 12.0f);
}

Atmosphere atmosphere(const SceneRequest& request) {
  Atmosphere a = of_hour(request.time);
  a.light.rim_direction = a.sky.sun_direction;
  apply_sky_weather(request, a);
  apply_light(request, a);
  add_particles(request, a);
  if (wants(request, Style::timelapse)) a.sky.cloud_speed *= 12;
  apply_style(request, a.grade);
  return a;
}

}  // namespace troupe::stage::paint
