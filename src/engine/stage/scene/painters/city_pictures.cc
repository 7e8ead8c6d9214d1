#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/noise.h"
#include "engine/stage/scene/painters/city_facades.h"
#include "engine/stage/scene/painters/city_parts.h"
#include "engine/stage/scene/painters/city_shops.h"
#include "engine/stage/scene/painters/city_signs.h"

namespace troupe::stage {
namespace {

using paint::Canvas;

TexturePtr paint_concrete(float detail, uint64_t seed) {
  const int side = paint::tile_side(128, detail);
  const paint::Field noise = paint::fbm({side, side, 5, 5, 5, 0.55f, seed});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float tone = 0.42f + 0.3f * (noise.sample_uv(u, v) - 0.5f);
    return paint::Stop{0, {tone, tone, tone * 0.97f}};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

/// A round bar across u: lit on one side, with clear rims that keep thin things smooth.
TexturePtr paint_bar() {
  Canvas canvas(16, 16);
  canvas.fill([](float u, float) {
    const float across = 2 * u - 1, round = std::sqrt(std::max(0.0f, 1 - across * across));
    const float tone = 0.10f + 0.26f * std::max(0.0f, 0.8f * round - 0.5f * across);
    return paint::Stop{0, {tone, tone, tone * 1.08f}, std::abs(across) < 0.8f ? 1.0f : 0.0f};
  });
  return canvas.to_texture();
}

TexturePtr paint_lamp_head(bool lit) {
  Canvas canvas(64, 32);
  canvas.dab({{32, 12}, 28, 9, 0, {0.16f, 0.16f, 0.18f}, 1, 0.05f});
  canvas.dab({{32, 17}, 23, 6, 0, lit ? Rgb{1.0f, 0.94f, 0.80f} : Rgb{0.62f, 0.63f, 0.64f}, 1, 0.1f});
  canvas.clear_rim(1);
  return canvas.to_texture();
}

struct SignColors {
  Rgb first, second;
};

SignColors sign_colors(bool neon, int index) {
  static const SignColors vivid[] = {
      {{1.0f, 0.10f, 0.55f}, {0.10f, 0.85f, 1.0f}}, {{0.08f, 0.80f, 1.0f}, {1.0f, 0.2f, 0.7f}},
      {{1.0f, 0.68f, 0.10f}, {1.0f, 0.2f, 0.25f}},  {{0.30f, 1.0f, 0.38f}, {0.9f, 1.0f, 0.3f}},
      {{1.0f, 0.16f, 0.16f}, {1.0f, 0.8f, 0.3f}},   {{0.62f, 0.24f, 1.0f}, {0.1f, 0.9f, 1.0f}},
      {{0.18f, 0.38f, 1.0f}, {0.9f, 0.3f, 1.0f}},   {{1.0f, 0.88f, 0.45f}, {0.2f, 0.8f, 0.9f}},
      {{0.05f, 0.95f, 0.78f}, {1.0f, 0.15f, 0.6f}}};
  static const SignColors calm[] = {
      {{1.0f, 0.86f, 0.58f}, {0.9f, 0.3f, 0.2f}},  {{0.95f, 0.95f, 0.90f}, {0.2f, 0.4f, 0.7f}},
      {{0.90f, 0.22f, 0.16f}, {1.0f, 0.9f, 0.7f}}, {{0.20f, 0.55f, 0.38f}, {1.0f, 0.9f, 0.7f}},
      {{0.24f, 0.42f, 0.78f}, {1.0f, 1.0f, 0.9f}}, {{1.0f, 0.70f, 0.28f}, {0.5f, 0.1f, 0.1f}},
      {{0.85f, 0.85f, 0.88f}, {0.8f, 0.2f, 0.2f}}, {{0.72f, 0.30f, 0.46f}, {1.0f, 0.9f, 0.8f}},
      {{0.98f, 0.82f, 0.30f}, {0.2f, 0.2f, 0.2f}}};
  return (neon ? vivid : calm)[index % 9];
}

void paint_signs(CityPictures& pictures, const CityMood& mood, float detail, uint64_t seed) {
  Random random(derive_seed(seed, "sign order"));
  const int first = random.below(9);
  for (int i = 0; i < kUprightSigns + kFlatSigns; ++i) {
    const bool upright = i < kUprightSigns;
    const SignColors colors = sign_colors(mood.neon, first + i * (upright ? 1 : 2) + (i >= 9 ? 4 : 0));
    SignSpec spec{SignKind::tubes, colors.first,
                  colors.second,   upright ? 3 + random.below(3) : 4 + random.below(3),
                  upright,         derive_seed(seed, "sign") + static_cast<uint64_t>(i)};
    if (!mood.neon || i % 4 == 3) spec.kind = SignKind::box;
    if (upright && i % 6 == 5) spec.kind = SignKind::screen;
    (upright ? pictures.upright_signs : pictures.flat_signs).push_back(paint_sign(spec, detail));
    (upright ? pictures.upright_aspect : pictures.flat_aspect).push_back(sign_aspect(spec));
    const Rgb shine = spec.kind == SignKind::screen ? mix(colors.first, colors.second, 0.5f) : colors.first;
    (upright ? pictures.upright_color : pictures.flat_color).push_back(shine);
  }
}

void paint_shops(CityPictures& pictures, const CityMood& mood, float detail, uint64_t seed) {
  const Rgb calm[] = {{1.0f, 0.82f, 0.56f},
                      {1.0f, 0.92f, 0.78f},
                      {0.88f, 0.94f, 1.0f},
                      {1.0f, 0.72f, 0.42f},
                      {0.96f, 0.96f, 0.90f}};
  const Rgb vivid[] = {{1.0f, 0.62f, 0.28f},
                       {0.95f, 0.42f, 0.86f},
                       {0.50f, 0.86f, 1.0f},
                       {0.98f, 0.90f, 0.72f},
                       {0.60f, 0.52f, 1.0f}};
  const Rgb frames[] = {
      {0.10f, 0.10f, 0.12f}, {0.20f, 0.13f, 0.09f}, {0.30f, 0.31f, 0.33f}, {0.08f, 0.14f, 0.14f}};
  Random random(derive_seed(seed, "shops"));
  for (int i = 0; i < kShopPictures; ++i) {
    ShopSpec spec;
    const ShopKind order[kShopPictures] = {ShopKind::shelves, ShopKind::fashion, ShopKind::restaurant,
                                           ShopKind::bar,     ShopKind::shelves, ShopKind::shutter,
                                           ShopKind::fashion, ShopKind::lobby,   ShopKind::restaurant};
    spec.kind = order[i];
    if (mood.neon && spec.kind == ShopKind::shutter) spec.kind = ShopKind::bar;
    spec.light = (mood.neon ? vivid : calm)[(i + random.below(2)) % 5];
    const float facade_light = mood.dark ? 0.35f : 1.0f;
    spec.frame = frames[random.below(4)] * facade_light;
    spec.glow = mood.dark ? 1.3f : 0.62f;
    spec.mirrored = mood.glass * (mood.dark ? 0.5f : 0.85f);
    spec.seed = derive_seed(seed, "shop") + static_cast<uint64_t>(i);
    pictures.shops.push_back(paint_shop(spec, detail));
    pictures.shop_light.push_back(spec.kind == ShopKind::shutter ? Rgb{0, 0, 0} : spec.light);
  }
}

}  // namespace

CityPictures paint_city_pictures(const CityMood& mood, float detail, uint64_t seed) {
  CityPictures pictures;
  uint64_t n = 0;
  const Weathering weathering = paint_weathering(detail, derive_seed(seed, "weathering"));
  for (const FacadeStyle& style : facade_styles()) {
    pictures.facades.push_back(
        paint_facade(style, weathering, mood.glass, derive_seed(seed, "facade") + ++n));
  }
  paint_shops(pictures, mood, detail, seed);
  paint_signs(pictures, mood, detail, seed);
  const Rgb bodies[kCarPaints] = {{0.10f, 0.11f, 0.13f}, {0.42f, 0.08f, 0.07f}, {0.40f, 0.42f, 0.45f}};
  for (const Rgb& body : bodies) {
    pictures.car_rears.push_back(paint_car_rear(body, mood.dark, detail));
    pictures.car_sides.push_back(paint_car_side(body, detail));
  }
  pictures.rooms = paint_rooms(detail, seed);
  pictures.concrete = paint_concrete(detail, derive_seed(seed, "concrete"));
  pictures.bar = paint_bar();
  pictures.halo = paint_halo();
  pictures.streak = paint_streak();
  pictures.lamp = paint_lamp_head(mood.dark);
  return pictures;
}

}  // namespace troupe::stage
