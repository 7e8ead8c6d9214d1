#include "engine/stage/scene/paint/light_field.h"

#include <algorithm>

namespace troupe::stage::paint {
namespace {

// Straight up to 0.7, then bending towards 1.7: a wall right beside a lamp keeps its colour.
float shoulder(float light) { return light < 0.7f ? light : 0.7f + 1 - std::exp(0.7f - light); }

}  // namespace

Rgb LightField::at(Vec3 position, Vec3 normal) const {
  const float facing_sun = std::max(0.0f, dot(normal, sun_direction));
  const float reached = facing_sun > 0 && sun_reaches ? sun_reaches(position) : 1.0f;
  Rgb light = ambient + sky * (0.5f + 0.5f * normal.y) + sun * (facing_sun * reached);
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
  return {shoulder(light.x), shoulder(light.y), shoulder(light.z)};
}

}  // namespace troupe::stage::paint
