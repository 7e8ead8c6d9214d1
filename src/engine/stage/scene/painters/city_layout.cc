#include "engine/stage/scene/painters/city_layout.h"

#include "base/random.h"
#include "engine/stage/scene/painters/city_facades.h"
#include "engine/stage/scene/painters/city_shops.h"

namespace troupe::stage {
namespace {

/// Never what one of the two before was, so that no two neighbours look alike.
int other_than(Random& random, int count, int before, int before_that) {
  int pick = random.below(count);
  while (count > 2 && (pick == before || pick == before_that)) pick = (pick + 1) % count;
  return pick;
}

void add_shops(House& house, Random& random, int& last_shop, int& last_sign) {
  const float length = house.z1 - house.z0;
  const int count = length > 12 ? 3 : length > 6.5f ? 2 : 1;
  for (int i = 0; i < count; ++i) {
    Shop shop;
    shop.z0 = house.z0 + length * static_cast<float>(i) / static_cast<float>(count);
    shop.z1 = house.z0 + length * static_cast<float>(i + 1) / static_cast<float>(count);
    shop.picture = last_shop = other_than(random, kShopPictures, last_shop, -1);
    if (random.uniform() < 0.62f) shop.sign = last_sign = other_than(random, kFlatSigns, last_sign, -1);
    shop.awning = shop.sign < 0 && random.uniform() < 0.7f;
    const Rgb cloths[] = {
        {0.55f, 0.10f, 0.12f}, {0.10f, 0.28f, 0.22f}, {0.14f, 0.20f, 0.42f}, {0.62f, 0.50f, 0.30f}};
    shop.awning_color = cloths[random.below(4)];
    house.shops.push_back(shop);
  }
}

void add_houses(StreetPlan& plan, float side, int styles, Random random) {
  int style = -1, style_before = -1, shop = -1, sign = -1, floors = 0;
  for (float z = kStreetBegin - random.uniform(0, 6); z < kStreetEnd;) {
    House house;
    house.side = side;
    house.bays = 3 + random.below(3);
    house.z0 = z;
    house.z1 = z + kBayWidth * static_cast<float>(house.bays);
    const float setbacks[] = {0, 0, 0.35f, 0.8f};
    house.front = kFront + setbacks[random.below(4)];
    const int pick = other_than(random, styles, style, style_before);
    style_before = style;
    house.style = style = pick;
    // High and low houses take turns, so that the roofs make a skyline.
    floors = floors > 7 ? 3 + random.below(4) : 5 + random.below(9);
    house.floors = floors;
    house.first_bay = random.below(4);
    house.shade = random.uniform(0.82f, 1.12f);
    add_shops(house, random, shop, sign);
    plan.houses.push_back(house);
    z = house.z1;
  }
}

void add_signs(StreetPlan& plan, float side, Random random) {
  int last = 0, before = 0;
  for (float z = kStreetBegin + random.uniform(0, 4); z < kStreetEnd - 20;) {
    BladeSign sign;
    // The two sides share no picture, so that no pair of twins hangs face to face.
    const int half = kUprightSigns / 2;
    const int pick = other_than(random, half, last % half, before % half) + (side > 0 ? half : 0);
    before = last;
    sign.picture = last = pick;
    sign.width = random.uniform(0.85f, 1.5f);
    const float out = random.uniform(0.15f, 0.5f);
    sign.centre = {side * (kFront - out - sign.width / 2), random.uniform(5.6f, 9.4f), z};
    sign.unrest = random.uniform() < 0.16f ? 1.0f : random.uniform(0, 0.12f);
    sign.phase = random.uniform(0, 60);
    plan.signs.push_back(sign);
    z += random.uniform(2.6f, 6.5f);
  }
}

}  // namespace

float house_height(const House& house) {
  return kShopHeight + kFloorHeight * static_cast<float>(house.floors);
}

StreetPlan plan_street(uint64_t seed, int styles) {
  StreetPlan plan;
  add_houses(plan, -1, styles, Random(derive_seed(seed, "left houses")));
  add_houses(plan, 1, styles, Random(derive_seed(seed, "right houses")));
  add_signs(plan, -1, Random(derive_seed(seed, "left signs")));
  add_signs(plan, 1, Random(derive_seed(seed, "right signs")));
  float side = -1;
  for (float z = kStreetBegin + 3; z < kStreetEnd - 10; z += 11, side = -side)
    plan.lamps.push_back({side, z});
  Random random(derive_seed(seed, "cars"));
  side = random.uniform() < 0.5f ? -1.0f : 1.0f;
  for (float z = 15; z < 110; z += random.uniform(6.5f, 14), side = random.uniform() < 0.6f ? -side : side) {
    plan.cars.push_back({side, z, random.below(kCarPaints)});
  }
  return plan;
}

}  // namespace troupe::stage
