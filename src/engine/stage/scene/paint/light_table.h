// What light, air and sky a request asks for: one table for all painters, so that shots of one hour match.
#pragma once

#include "engine/stage/scene/scene.h"

namespace troupe::stage::paint {

/// The colours of a sky.
struct SkyColors {
  Rgb zenith, middle, horizon;                ///< display-referred
  Rgb sun = {1, 1, 1};                        ///< of the disc and the light around it; the moon's at night
  Vec3 sun_direction = {-0.5f, 0.6f, -0.6f};  ///< unit, from the viewer; z > 0 is in front
  float disc = 1;                             ///< 0 = no disc (overcast) … 1
  float glow = 0.3f;                          ///< light around the disc, 0 … 1
  float stars = 0;                            ///< 0 … 1
  bool moon = false;
  Rgb cloud_lit = {1, 1, 1}, cloud_shade = {0.7f, 0.75f, 0.82f};
  float cover = 0.5f;     ///< share of the sky under cloud, 0 … 1
  float cloud_speed = 4;  ///< metres a second
};

/// Everything that hour, weather, light and style say about a place out of doors; painters change what their
/// place knows better (haze, ambience, exposure under lamps).
struct Atmosphere {
  LightRig light;
  Grade grade;
  SkyColors sky;
  std::vector<Particles> particles;
  /// What a painted surface gets: colour = albedo * (sun * facing + ambient), facing 0 … 1 towards
  /// sun_direction.
  Rgb sun = {0.90f, 0.86f, 0.76f}, ambient = {0.40f, 0.43f, 0.48f};
  float wind = 1;     ///< strength of sway, 0.3 calm … 2.5 gale
  float wetness = 0;  ///< of the ground, 0 … 1
  bool dark = false;  ///< lamps are on

  /// An albedo in this light; `facing` = share of direct light, 0 … 1, `open` = share of the sky seen.
  Rgb lit(Rgb albedo, float facing, float open = 1) const { return albedo * (sun * facing + ambient * open); }
};

Atmosphere atmosphere(const SceneRequest& request);

bool wants(const SceneRequest& request, Weather weather);
bool wants(const SceneRequest& request, Light light);
bool wants(const SceneRequest& request, Style style);

/// Applies only the request's style words to a finish (for places with no sky of their own).
void apply_style(const SceneRequest& request, Grade& grade);

/// Rec. 709 luma of a display-referred colour.
constexpr float luma(Rgb c) { return 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z; }
/// Moves a colour towards its own grey by `share`, 0 … 1; below 0 makes it stronger.
constexpr Rgb grayed(Rgb c, float share) { return mix(c, Rgb{luma(c), luma(c), luma(c)}, share); }

}  // namespace troupe::stage::paint
