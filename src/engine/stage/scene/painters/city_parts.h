// The street's meshes, made once from its plan.
#pragma once

#include <vector>

#include "engine/stage/scene/paint/solid.h"
#include "engine/stage/scene/painters/city_layout.h"
#include "engine/stage/scene/painters/city_mood.h"

namespace troupe::stage {

/// What hangs in the street's pictures.
struct CityPictures {
  std::vector<TexturePtr> facades, shops, upright_signs, flat_signs, car_rears, car_sides;
  std::vector<Rgb> shop_light, upright_color, flat_color;
  std::vector<float> upright_aspect, flat_aspect;
  TexturePtr rooms, concrete, bar, halo, streak, lamp;
};
CityPictures paint_city_pictures(const CityMood& mood, float detail, uint64_t seed);

/// A thing with a fixed place; it cannot be seen from past `z_end`.
struct Placed {
  DrawItem item;
  float z_end = 1e9f;
};

/// Adds to the light what shines in the street: lamps, signs, shop windows.
void add_street_lights(const StreetPlan& plan, const CityPictures& pictures, const CityMood& mood,
                       paint::LightField& light);
void add_houses(const StreetPlan& plan, const CityPictures& pictures, const CityMood& mood,
                const paint::LightField& light, uint64_t seed, std::vector<Placed>& out);
void add_street_furniture(const StreetPlan& plan, const CityPictures& pictures, const CityMood& mood,
                          const paint::LightField& light, std::vector<Placed>& out);
void add_street_ground(const CityMood& mood, const paint::LightField& light, float detail, uint64_t seed,
                       std::vector<Placed>& out);
void add_skyline(const CityMood& mood, const TexturePtr& halo, float detail, uint64_t seed,
                 std::vector<Placed>& out);

}  // namespace troupe::stage
