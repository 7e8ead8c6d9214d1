// What hour and what weather it is in the street, as numbers that its painters read.
#pragma once

#include "engine/stage/scene/paint/light_field.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage {

struct CityMood {
  paint::Atmosphere air;
  bool dark = false;                  ///< lamps, signs and shop windows light the street
  bool neon = false;                  ///< saturated signs, coloured shop windows
  float wet = 0;                      ///< 0 dry, 1 puddles everywhere
  float lit_share = 0.08f;            ///< of the windows
  float emission = 0.8f;              ///< brightness of what shines by itself
  float halo = 1;                     ///< strength of the glow around it; dusk leaves less to see
  Rgb glass = {0.42f, 0.50f, 0.58f};  ///< what an unlit window mirrors
  paint::LightField light;            ///< without the lamps, which the street adds
  SceneLook look;
};

CityMood city_mood(const SceneRequest& request);

}  // namespace troupe::stage
