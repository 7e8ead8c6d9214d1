#include "engine/stage/scene/paint/light_field.h"

#include <algorithm>

namespace troupe::stage::paint {

Rgb LightField::at(Vec3 position, Vec3 normal) const {
  Rgb light = ambient + sky * (0.5f + 0.5f * normal.y) + sun * std::max(0.0f, dot(normal, sun_direction));
  for (const Lamp& lamp : lamps) {
    const Vec3 to_lamp = lamp.position - position;
    const float square = dot(to_lamp, to_lamp);
    const float far = lamp.reach * 6;
    if (square > far * far) continue;
    const float facing = dot(to_lamp, normal) / (std::sqrt(square) + 1e-3f);
    const float wrapped = std::max(0.0f, 0.35f + 0.65f * facing);
    // The window brings the light to nothing at `far`, so that skipping lamps past it leaves no edge.
    const float window = 1 - square / (far * far);
    light = light + lamp.color * (wrapped * window * window / (1 + square / (lamp.reach * lamp.reach)));
  }
  return light;
}

}  // namespace troupe::stage::paint
