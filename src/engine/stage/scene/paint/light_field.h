// Light that a place throws on its own walls and ground: an ambience, a far light and lamps.
#pragma once

#include <functional>
#include <vector>

#include "engine/stage/raster/vec.h"

namespace troupe::stage::paint {

struct Lamp {
  Vec3 position;
  Rgb color = {1, 1, 1};
  float reach = 3;  ///< metres at which half of the light is left
};

struct LightField {
  Rgb ambient = {0.5f, 0.5f, 0.5f};  ///< on every surface
  Rgb sky = {0.2f, 0.2f, 0.2f};      ///< more on surfaces that face up
  Vec3 sun_direction = {0, 1, 0};    ///< unit, towards the far light
  Rgb sun = {0, 0, 0};
  std::function<float(Vec3 position)> sun_reaches;  ///< 0 in shadow … 1; none = everywhere
  std::vector<Lamp> lamps;

  /// The light on a surface at `position` with the unit normal `normal`. Lamps wrap half around a surface, so
  /// that a wall keeps some of the glow of a sign that hangs flat on it. Strong light is bent to stay
  /// under 1.7.
  Rgb at(Vec3 position, Vec3 normal) const;
};

}  // namespace troupe::stage::paint
