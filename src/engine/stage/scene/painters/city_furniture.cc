#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/painters/city_parts.h"

namespace troupe::stage {
namespace {

using paint::add_bar;
using paint::add_card;
using paint::add_patch;
using paint::LightAt;

constexpr float kLampHeight = 6.2f;

Placed placed(Mesh mesh, const TexturePtr& texture, float z, float z_end) {
  Placed thing;
  thing.item.mesh = paint::share(std::move(mesh));
  thing.item.texture = texture;
  thing.item.sort_depth = z;
  thing.z_end = z_end;
  return thing;
}

void add_halo(const CityPictures& pictures, Vec3 centre, float size, Rgb color, float strength, float z,
              std::vector<Placed>& out) {
  Mesh mesh;
  add_card(mesh, {centre.x, centre.y - size / 2, centre.z}, size, size, {}, paint::flat_light(color));
  Placed thing = placed(std::move(mesh), pictures.halo, z, centre.z);
  thing.item.blend = Blend::add;
  thing.item.opacity = strength;
  thing.item.reflects = false;
  out.push_back(std::move(thing));
}

void add_lamp(const StreetLamp& lamp, const CityPictures& pictures, const CityMood& mood,
              const LightAt& light, std::vector<Placed>& out) {
  const float x = lamp.side * 5.35f, head = lamp.side * 4.1f;
  Mesh pole;
  const LightAt dim = [&](Vec3 p, Vec3 n) { return light(p, n) * 1.6f; };
  add_bar(pole, {x, 0, lamp.z}, {x, kLampHeight, lamp.z}, 0.15f, {0, 0, 1, 1}, dim);
  add_bar(pole, {x, 0, lamp.z}, {x, 0.9f, lamp.z}, 0.24f, {0, 0, 1, 1}, dim);
  add_bar(pole, {x, kLampHeight - 0.05f, lamp.z}, {head, kLampHeight + 0.25f, lamp.z}, 0.10f, {0, 0, 1, 1},
          dim);
  out.push_back(placed(std::move(pole), pictures.bar, lamp.z, lamp.z));
  Mesh bulb;
  add_card(bulb, {head, kLampHeight + 0.02f, lamp.z}, 0.8f, 0.36f, {},
           mood.dark ? paint::flat_light({1.2f, 1.15f, 1}) : light);
  out.push_back(placed(std::move(bulb), pictures.lamp, lamp.z - 0.01f, lamp.z));
  if (!mood.dark) return;
  add_halo(pictures, {head, kLampHeight + 0.12f, lamp.z}, 3.4f, {1.0f, 0.86f, 0.62f}, 0.8f * mood.halo,
           lamp.z - 0.02f, out);
}

void add_car(const ParkedCar& car, const CityPictures& pictures, const CityMood& mood, const LightAt& light,
             std::vector<Placed>& out) {
  const float x = car.side * 4.05f, inner = x - car.side * 0.94f, length = 4.5f;
  const size_t paint = static_cast<size_t>(car.paint);
  const LightAt shine = [&](Vec3 p, Vec3 n) { return light(p, n) * 1.25f + Rgb{0.02f, 0.02f, 0.03f}; };
  Mesh shade;  // Darkness under the car roots it in the street.
  add_patch(shade, {{x - 1.5f, 0.012f, car.z + length + 0.5f}, {3, 0, 0}, {0, 0, -length - 1}, {}, 1, 1},
            paint::flat_light({0, 0, 0}), 0.85f);
  Placed dark = placed(std::move(shade), pictures.halo, car.z + length + 0.1f, car.z + length);
  dark.item.reflects = false;
  out.push_back(std::move(dark));
  Mesh side;
  const float nose = car.z + length;
  if (car.side < 0) {
    add_patch(side, {{inner, 1.5f, car.z}, {0, 0, length}, {0, -1.5f, 0}, {0, 0, 1, 1}, 3, 1}, shine);
  } else {
    add_patch(side, {{inner, 1.5f, nose}, {0, 0, -length}, {0, -1.5f, 0}, {1, 0, 0, 1}, 3, 1}, shine);
  }
  out.push_back(placed(std::move(side), pictures.car_sides[paint], car.z + 0.02f, nose));
  Mesh rear;
  add_card(rear, {x, 0, car.z + 0.12f}, 1.88f, 1.5f, {}, shine);
  out.push_back(placed(std::move(rear), pictures.car_rears[paint], car.z, nose));
  if (!mood.dark) return;
  for (const float lamp : {-0.70f, 0.70f})
    add_halo(pictures, {x + lamp, 0.7f, car.z + 0.1f}, 1.1f, {1.0f, 0.12f, 0.08f}, 0.55f, car.z - 0.01f, out);
}

/// Wires that hang across the street between the houses.
void add_wires(const CityPictures& pictures, const LightAt& light, std::vector<Placed>& out) {
  Random random(77);
  for (float z = 9; z < 100; z += random.uniform(6, 15)) {
    Mesh mesh;
    const float left = random.uniform(7.5f, 11), right = random.uniform(7.5f, 11),
                skew = random.uniform(-4, 4);
    const float sag = random.uniform(0.5f, 1.3f);
    Vec3 last;
    for (int i = 0; i <= 14; ++i) {
      const float t = static_cast<float>(i) / 14;
      const Vec3 at = {mix(-kFront, kFront, t), mix(left, right, t) - sag * 4 * t * (1 - t),
                       z + skew * (t - 0.5f)};
      if (i > 0) add_bar(mesh, last, at, 0.055f, {0, 0, 1, 1}, light);
      last = at;
    }
    out.push_back(placed(std::move(mesh), pictures.bar, z, z + 4));
    out.back().item.reflects = false;
  }
}

void paint_tower(paint::Canvas& canvas, Random& random, float x, float w, float top, const CityMood& mood,
                 Rgb tone) {
  const float h = static_cast<float>(canvas.height());
  canvas.rect(x, top, w, h - top, tone);
  if (random.uniform() < 0.5f) canvas.rect(x + w * 0.25f, top - h * 0.035f, w * 0.5f, h * 0.04f, tone);
  if (random.uniform() < 0.4f) canvas.rect(x + w * 0.48f, top - h * 0.11f, w * 0.035f, h * 0.11f, tone);
  canvas.rect(x, top, w * 0.3f, h - top, tone * 1.22f, 0.5f);
  const float step = std::max(3.0f, h * 0.011f);
  for (float y = top + step; y < h; y += step) {
    for (float wx = x + step * 0.5f; wx < x + w - step * 0.6f; wx += step * 0.9f) {
      const bool lit = random.uniform() < (mood.dark ? 0.34f : 0.04f);
      const float warm = random.uniform();
      const Rgb light =
          mix(Rgb{1.0f, 0.74f, 0.42f}, Rgb{0.70f, 0.85f, 1.0f}, warm * warm) * random.uniform(0.35f, 0.9f);
      canvas.rect(wx, y, step * 0.46f, step * 0.5f, lit ? light : tone * 0.8f, lit ? 0.9f : 0.5f);
    }
  }
}

Mesh skyline_mesh(float z, float half, float height) {
  Mesh mesh;
  add_patch(mesh, {{-half, height, z}, {2 * half, 0, 0}, {0, -height - 2, 0}, {0, 0, 1, 1}, 8, 3},
            paint::flat_light({1, 1, 1}));
  return mesh;
}

}  // namespace

void add_street_lights(const StreetPlan& plan, const CityPictures& pictures, const CityMood& mood,
                       paint::LightField& light) {
  if (!mood.dark) return;
  const float wash = (mood.neon ? 1.15f : 0.8f) * mood.emission * std::min(1.0f, 0.4f + mood.halo);
  for (const StreetLamp& lamp : plan.lamps) {
    light.lamps.push_back(
        {{lamp.side * 4.1f, kLampHeight, lamp.z}, Rgb{1.0f, 0.80f, 0.54f} * (mood.neon ? 1.0f : 1.5f), 4.6f});
  }
  for (const BladeSign& sign : plan.signs) {
    light.lamps.push_back({sign.centre - Vec3{0, 0, 0.7f},
                           pictures.upright_color[static_cast<size_t>(sign.picture)] * wash, 3.2f});
  }
  for (const House& house : plan.houses) {
    for (const Shop& shop : house.shops) {
      const float x = house.side * (house.front - 0.9f), z = (shop.z0 + shop.z1) / 2;
      light.lamps.push_back(
          {{x, 1.7f, z}, pictures.shop_light[static_cast<size_t>(shop.picture)] * 1.7f, 2.4f});
      if (shop.sign < 0) continue;
      light.lamps.push_back({{house.side * (house.front - 0.9f), 3.8f, z},
                             pictures.flat_color[static_cast<size_t>(shop.sign)] * wash,
                             1.8f});
    }
  }
}

void add_street_furniture(const StreetPlan& plan, const CityPictures& pictures, const CityMood& mood,
                          const paint::LightField& field, std::vector<Placed>& out) {
  const LightAt light = [&](Vec3 p, Vec3 n) { return field.at(p, n); };
  for (const StreetLamp& lamp : plan.lamps) add_lamp(lamp, pictures, mood, light, out);
  for (const ParkedCar& car : plan.cars) add_car(car, pictures, mood, light, out);
  add_wires(pictures, light, out);
}

void add_skyline(const CityMood& mood, const TexturePtr& halo, float detail, uint64_t seed,
                 std::vector<Placed>& out) {
  Random random(derive_seed(seed, "skyline"));
  const Rgb haze = mood.air.light.haze_color;
  for (int row = 0; row < 2; ++row) {
    const int width = paint::scaled(512, detail), height = paint::scaled(384, detail);
    paint::Canvas canvas(width, height);
    const float w = static_cast<float>(width), h = static_cast<float>(height);
    const Rgb tone =
        mix(mood.dark ? Rgb{0.05f, 0.045f, 0.09f} : mood.air.ambient * 0.95f, haze, row == 0 ? 0.55f : 0.25f);
    for (float x = -w * 0.02f; x < w;) {
      const float wide = w * random.uniform(0.04f, 0.10f);
      paint_tower(canvas, random, x, wide, h * random.uniform(0.14f, row == 0 ? 0.6f : 0.72f), mood,
                  tone * random.uniform(0.85f, 1.15f));
      x += wide * random.uniform(0.8f, 1.05f);
    }
    canvas.blur(0.6f * detail);
    canvas.clear_rim(1);
    Placed far =
        placed(skyline_mesh(row == 0 ? 300.0f : 190.0f, row == 0 ? 130.0f : 75.0f, row == 0 ? 150.0f : 62.0f),
               canvas.to_texture(), 0, 1e9f);
    far.item.layer = Layer::far;
    far.item.haze = 0.38f;
    out.push_back(std::move(far));
  }
  const bool sunny = mood.air.sky.disc > 0.3f && mood.air.sky.glow > 0.5f;
  if (!mood.dark && !sunny) return;
  // The street's own light, or the low sun's, hangs in the air at its end.
  const Rgb night_glows[] = {mood.neon ? Rgb{0.72f, 0.30f, 0.62f} : Rgb{0.70f, 0.52f, 0.36f},
                             {0.30f, 0.34f, 0.62f}};
  const Rgb sun_glows[] = {mood.air.sky.sun * 0.9f, mood.air.sky.sun * 0.5f};
  const Rgb* glows = sunny ? sun_glows : night_glows;
  for (int i = 0; i < 2; ++i) {
    Mesh mesh;
    const float wide = i == 0 ? 60.0f : 84.0f, high = i == 0 ? 34.0f : 44.0f;
    add_card(mesh, {0, sunny ? 9 - high * 0.5f : -high * 0.42f, 150}, wide, high, {},
             paint::flat_light(glows[i]));
    Placed glow = placed(std::move(mesh), halo, 0, 1e9f);
    glow.item.layer = Layer::far;
    glow.item.blend = Blend::add;
    glow.item.haze = 0;
    glow.item.opacity = 0.55f;
    out.push_back(std::move(glow));
  }
}

}  // namespace troupe::stage
