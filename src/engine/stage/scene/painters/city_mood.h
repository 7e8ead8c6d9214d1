// What hour and what weather it is in the street, as numbers that its painters read.
#pragma once

#include "engine/stage/scene/paint/light_field.h"
#include "engine/stage/scene/scene.h"

namespace troupe::stage {

struct CityMood {
  bool dark = false;      ///< lamps, signs and shop windows light the street
  bool neon = false;      ///< saturated signs, coloured shop windows
  float wet = 0;          ///< 0 dry, 1 puddles
  float lit_share = 0.1f; ///< of the windows
  float emission = 1;     ///< brightness of what shines by itself
  Rgb glass = {0.3f, 0.36f, 0.42f};  ///< what an unlit window mirrors
  Rgb sky_top, sky_low;   ///< the sky that shows between the roofs
  paint::LightField light;  ///< without the lamps, which the street adds
  SceneLook look;
};

CityMood city_mood(const SceneRequest& request);

/// Whether the request names the word.
bool asks(const SceneRequest& request, Weather word);
bool asks(const SceneRequest& request, Light word);

}  // namespace troupe::stage
