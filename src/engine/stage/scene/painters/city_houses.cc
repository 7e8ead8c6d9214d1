#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/painters/city_facades.h"
#include "engine/stage/scene/painters/city_parts.h"
#include "engine/stage/scene/painters/city_shops.h"

namespace troupe::stage {
namespace {

using paint::add_box;
using paint::add_patch;
using paint::LightAt;
using paint::UvRect;

constexpr float kFineEnd = 48;  // metres; beyond, window bars are thinner than a pixel

/// A patch of a house's front plane, `out` metres before it. Its left edge as the street sees it has u0.
paint::Patch front_patch(const House& house, float z0, float z1, float foot, float top, float out, UvRect uv,
                         int columns, int rows) {
  const float x = house.side * (house.front - out);
  const float begin = house.side < 0 ? z0 : z1, end = house.side < 0 ? z1 : z0;
  return {{x, top, begin}, {0, 0, end - begin}, {0, foot - top, 0}, uv, columns, rows};
}

/// A part of the wall that closes a house towards the viewer, `out` metres from its front to the houses'
/// backs.
void end_wall(Mesh& mesh, const House& house, float width, float foot, float top, const LightAt& light) {
  const float near_x = house.side * house.front, far_x = house.side * (house.front + width);
  const float height = house_height(house), v = static_cast<float>(house.floors) / kFacadeFloors / height;
  const UvRect uv = {0.06f, (height - top) * v, 0.06f + 0.007f * width, (height - foot) * v};
  add_patch(
      mesh,
      {{std::min(near_x, far_x), top, house.z0}, {width, 0, 0}, {0, foot - top, 0}, uv, width > 3 ? 4 : 1, 4},
      light);
}

/// `before`: the house that stands before this one and hides most of its end wall; may be null.
Mesh wall_mesh(const House& house, const House* before, const LightAt& light) {
  Mesh mesh;
  const float u0 = static_cast<float>(house.first_bay) / kFacadeBays;
  const float u1 = u0 + static_cast<float>(house.bays) / kFacadeBays;
  const float v1 = static_cast<float>(house.floors) / kFacadeFloors;
  const float top = house_height(house);
  const LightAt shaded = [&](Vec3 p, Vec3 n) { return light(p, n) * house.shade; };
  add_patch(mesh,
            front_patch(house, house.z0, house.z1, kShopHeight, top, 0, {u0, 0, u1, v1}, house.bays * 2,
                        house.floors * 2),
            shaded);
  const float hidden = before ? std::min(top, house_height(*before)) : 0;
  if (hidden < top) end_wall(mesh, house, 12, hidden, top, shaded);
  if (before && before->front > house.front)
    end_wall(mesh, house, before->front - house.front, 0, hidden, shaded);
  return mesh;
}

Mesh lit_windows(const House& house, const FacadeStyle& style, const CityMood& mood, Random random) {
  Mesh mesh;
  for (int floor = 0; floor < house.floors; ++floor) {
    const bool office = random.uniform() < 0.12f;  // A whole floor that works late.
    for (int bay = 0; bay < house.bays; ++bay) {
      const float share = office ? 0.85f : mood.lit_share;
      const bool lit = random.uniform() < share;
      const int room = random.below(kRoomColumns * kRoomRows);
      const float strength = mood.emission * random.uniform(0.5f, 1.0f);
      if (!lit) continue;
      const float bay_z = house.side < 0 ? house.z0 + kBayWidth * static_cast<float>(bay)
                                         : house.z1 - kBayWidth * static_cast<float>(bay + 1);
      const float half = style.window.width * kBayWidth / 2 - 0.07f, middle = bay_z + kBayWidth / 2;
      const float top =
          house_height(house) - kFloorHeight * (static_cast<float>(floor) + style.window.top) - 0.07f;
      const float foot = top - style.window.height * kFloorHeight + 0.14f;
      add_patch(mesh, front_patch(house, middle - half, middle + half, foot, top, 0.01f, room_uv(room), 1, 1),
                paint::flat_light(Rgb{1, 1, 1} * strength));
    }
  }
  return mesh;
}

/// Panes' bars over the lit rooms, so that a lit window keeps its frame.
void add_window_bars(Mesh& mesh, const House& house, const FacadeStyle& style, const LightAt& light) {
  if (style.window.panes_x < 2) return;
  for (int bay = 0; bay < house.bays; ++bay) {
    for (int pane = 1; pane < style.window.panes_x; ++pane) {
      const float share = static_cast<float>(pane) / static_cast<float>(style.window.panes_x) - 0.5f;
      const float z = house.z0 + kBayWidth * (static_cast<float>(bay) + 0.5f + share * style.window.width);
      for (int floor = 0; floor < house.floors; ++floor) {
        const float top = house_height(house) - kFloorHeight * (static_cast<float>(floor) + style.window.top);
        add_patch(mesh,
                  front_patch(house, z - 0.04f, z + 0.04f, top - style.window.height * kFloorHeight, top,
                              0.02f, {0.3f, 0.2f, 0.35f, 0.4f}, 1, 1),
                  [&](Vec3 p, Vec3 n) { return light(p, n) * 0.6f; });
      }
    }
  }
}

void ledge(Mesh& mesh, const House& house, float foot, float top, float out, const LightAt& light) {
  const float outer = house.side * (house.front - out), inner = house.side * (house.front + 0.2f);
  const Vec3 low = {std::min(outer, inner), foot, house.z0 + 0.02f};
  const Vec3 high = {std::max(outer, inner), top, house.z1 - 0.02f};
  const UvRect uv = {0, 0, (house.z1 - house.z0) * 0.4f, (top - foot) * 0.4f};
  add_patch(mesh, front_patch(house, house.z0, house.z1, foot, top, out, uv, house.bays, 1), light);
  add_patch(mesh, {{low.x, high.y, low.z}, {high.x - low.x, 0, 0}, {0, foot - top, 0}, {0, 0, 0.3f, 0.2f}},
            light);
  // Its underside, dark, over the viewer's head.
  add_patch(
      mesh,
      {{low.x, foot, low.z}, {high.x - low.x, 0, 0}, {0, 0, high.z - low.z}, {0, 0, 0.3f, 2}, 1, house.bays},
      [&](Vec3 p, Vec3 n) { return light(p, n) * 0.55f; });
}

Mesh trim_mesh(const House& house, const FacadeStyle& style, const LightAt& light, Random random) {
  Mesh mesh;
  const float top = house_height(house);
  ledge(mesh, house, kShopHeight - 0.12f, kShopHeight + 0.2f, 0.28f, light);
  ledge(mesh, house, top - 0.35f, top + 0.25f, style.material == WallMaterial::glass ? 0.12f : 0.42f, light);
  if (house.z0 < kFineEnd) add_window_bars(mesh, house, style, light);
  // Air conditioners under windows.
  const bool plain = style.material == WallMaterial::glass || house.z0 > 2 * kFineEnd;
  for (int floor = 0; floor < house.floors && !plain; ++floor) {
    for (int bay = 0; bay < house.bays; ++bay) {
      if (random.uniform() > 0.16f) continue;
      const float z = house.z0 + kBayWidth * (static_cast<float>(bay) + 0.3f);
      const float y =
          top - kFloorHeight * (static_cast<float>(floor) + style.window.top + style.window.height) - 0.72f;
      const float a = house.side * (house.front - 0.42f), b = house.side * house.front;
      add_box(mesh, {std::min(a, b), y, z}, {std::max(a, b), y + 0.56f, z + 0.8f}, {0, 0, 0.4f, 0.3f},
              [&](Vec3 p, Vec3 n) { return light(p, n) * 1.5f; });
    }
  }
  return mesh;
}

void add_awning(Mesh& mesh, const House& house, const Shop& shop, const LightAt& light) {
  const float near_x = house.side * house.front, out_x = house.side * (house.front - 1.15f);
  const float begin = house.side < 0 ? shop.z0 + 0.15f : shop.z1 - 0.15f;
  const float end = house.side < 0 ? shop.z1 - 0.15f : shop.z0 + 0.15f;
  const LightAt cloth = [&](Vec3 p, Vec3 n) { return light(p, n) * shop.awning_color * 3.2f; };
  add_patch(mesh,
            {{near_x, 3.45f, begin}, {0, 0, end - begin}, {out_x - near_x, -0.6f, 0}, {0, 0, 2, 0.5f}, 3, 1},
            cloth);
  add_patch(mesh, {{out_x, 2.85f, begin}, {0, 0, end - begin}, {0, -0.26f, 0}, {0, 0, 2, 0.2f}, 3, 1},
            [&](Vec3 p, Vec3 n) { return light(p, n) * shop.awning_color * 2.4f; });
}

DrawItem item_of(Mesh mesh, const TexturePtr& texture, float sort_depth) {
  DrawItem item;
  item.mesh = paint::share(std::move(mesh));
  item.texture = texture;
  item.sort_depth = sort_depth;
  return item;
}

void add_shop_fronts(const House& house, const CityPictures& pictures, const CityMood& mood,
                     const LightAt& light, std::vector<Placed>& out) {
  Mesh awnings;
  for (const Shop& shop : house.shops) {
    Mesh front;
    const float glow = mood.dark ? 1.0f : 0.95f;
    add_patch(front, front_patch(house, shop.z0, shop.z1, 0, kShopHeight, 0.02f, {0, 0, 1, 1}, 3, 3),
              [&](Vec3 p, Vec3 n) {
                return mood.dark ? Rgb{glow, glow, glow} : light(p, n) * 0.45f + Rgb{0.5f, 0.5f, 0.5f};
              });
    out.push_back(
        {item_of(std::move(front), pictures.shops[static_cast<size_t>(shop.picture)], house.z1), house.z1});
    if (shop.awning) add_awning(awnings, house, shop, light);
    if (shop.sign < 0) continue;
    const size_t sign = static_cast<size_t>(shop.sign);
    const float high = 0.86f, wide = std::min(high / pictures.flat_aspect[sign], shop.z1 - shop.z0 - 0.5f);
    const float middle = (shop.z0 + shop.z1) / 2;
    Mesh board;
    add_patch(board,
              front_patch(house, middle - wide / 2, middle + wide / 2, 3.36f, 3.36f + high, 0.3f,
                          {0, 0, 1, 1}, 1, 1),
              mood.dark ? paint::flat_light({1.1f, 1.1f, 1.1f}) : light);
    out.push_back({item_of(std::move(board), pictures.flat_signs[sign], house.z1 - 0.02f), house.z1});
  }
  if (!awnings.indices.empty())
    out.push_back({item_of(std::move(awnings), pictures.concrete, house.z1 - 0.03f), house.z1});
}

}  // namespace

void add_houses(const StreetPlan& plan, const CityPictures& pictures, const CityMood& mood,
                const paint::LightField& field, uint64_t seed, std::vector<Placed>& out) {
  const LightAt light = [&](Vec3 p, Vec3 n) { return field.at(p, n); };
  uint64_t number = 0;
  const House* before = nullptr;
  for (const House& house : plan.houses) {
    if (before && before->side != house.side) before = nullptr;
    const FacadeStyle& style = facade_styles()[static_cast<size_t>(house.style)];
    Random random(derive_seed(seed, "house") + ++number);
    out.push_back({item_of(wall_mesh(house, before, light),
                           pictures.facades[static_cast<size_t>(house.style)], house.z1),
                   house.z1});
    Mesh windows = lit_windows(house, style, mood, random);
    if (!windows.indices.empty())
      out.push_back({item_of(std::move(windows), pictures.rooms, house.z1), house.z1});
    add_shop_fronts(house, pictures, mood, light, out);
    out.push_back(
        {item_of(trim_mesh(house, style, light, random), pictures.concrete, house.z1 - 0.01f), house.z1});
    // Ledges hang over head height: their mirror images are too small to miss.
    out.back().item.reflects = false;
    before = &house;
  }
}

}  // namespace troupe::stage
