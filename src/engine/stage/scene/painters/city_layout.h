// Where things stand in the street: houses, shops, signs, lamps, cars. Numbers only.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/stage/raster/vec.h"

namespace troupe::stage {

inline constexpr float kStreetBegin = -44, kStreetEnd = 142;  ///< z, metres
inline constexpr float kKerb = 5, kFront = 7.2f;              ///< |x|
inline constexpr int kShopPictures = 9, kUprightSigns = 12, kFlatSigns = 6, kCarPaints = 3;

struct Shop {
  float z0 = 0, z1 = 0;
  int picture = 0;
  int sign = -1;  ///< flat sign over it, or -1
  bool awning = false;
  Rgb awning_color;
};

struct House {
  float side = -1;  ///< -1 left, +1 right
  float z0 = 0, z1 = 0, front = kFront;
  int style = 0, bays = 4, floors = 5, first_bay = 0;
  float shade = 1;  ///< of its walls
  std::vector<Shop> shops;
};

/// A sign that stands out from a wall and faces along the street.
struct BladeSign {
  Vec3 centre;
  float width = 1;
  int picture = 0;
  float unrest = 0;  ///< 0 steady … 1 about to fail
  float phase = 0;
};

struct StreetLamp {
  float side = -1, z = 0;
};

struct ParkedCar {
  float side = -1, z = 0;
  int paint = 0;
};

struct StreetPlan {
  std::vector<House> houses;
  std::vector<BladeSign> signs;
  std::vector<StreetLamp> lamps;
  std::vector<ParkedCar> cars;
};

float house_height(const House& house);  ///< metres, without the cornice

StreetPlan plan_street(uint64_t seed, int styles);

}  // namespace troupe::stage
