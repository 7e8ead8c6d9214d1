#include "engine/stage/scene/painters/city_shops.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"

namespace troupe::stage {
namespace {

using paint::Canvas;
using paint::Mode;

// Shares of the front's height from its top: fascia, glass, plinth.
constexpr float kGlassTop = 0.225f, kGlassFoot = 0.91f;

Rgb goods_color(Random& random, Rgb light) {
  const Rgb own = {random.uniform(0.15f, 1), random.uniform(0.15f, 1), random.uniform(0.15f, 1)};
  return mix(own, light, 0.35f) * random.uniform(0.35f, 0.95f);
}

/// The empty room: bright ceiling, back wall, darker floor, corners in shade.
void paint_room(Canvas& c, Rgb light, Random& random) {
  const float w = static_cast<float>(c.width());
  const float hot = random.uniform(0.35f, 0.65f);
  c.fill([&](float u, float v) {
    const float wall = 0.34f + 0.5f * std::exp(-3.2f * (v - 0.12f) * (v - 0.12f) * 4);
    const float side = 1 - 0.5f * std::pow(std::abs(u - hot) * 1.6f, 2.0f);
    const float floor = v > 0.8f ? 0.6f : 1.0f;
    return paint::Stop{0, light * (wall * side * floor)};
  });
  for (int i = 0; i < 5; ++i) {
    const float x = w * (0.1f + 0.2f * static_cast<float>(i)), r = w * 0.02f;
    c.dab({{x, static_cast<float>(c.height()) * 0.08f}, r * 1.7f, r, 0, {1, 1, 0.97f}, 1, 0.4f});
  }
}

void figure(Canvas& c, float x, float foot, float height, Rgb color, float alpha) {
  c.dab({{x, foot - height * 0.92f}, height * 0.055f, height * 0.075f, 0, color, alpha, 0.2f});
  c.dab({{x, foot - height * 0.64f}, height * 0.125f, height * 0.22f, 0, color, alpha, 0.15f});
  c.dab({{x - height * 0.045f, foot - height * 0.24f},
         height * 0.06f,
         height * 0.27f,
         0,
         color * 0.8f,
         alpha,
         0.15f});
  c.dab({{x + height * 0.05f, foot - height * 0.24f},
         height * 0.06f,
         height * 0.27f,
         0,
         color * 0.75f,
         alpha,
         0.15f});
}

void paint_fashion(Canvas& c, Rgb light, Random& random) {
  const float w = static_cast<float>(c.width()), h = static_cast<float>(c.height());
  for (int rail = 0; rail < 2; ++rail) {  // Clothes on rails at the back.
    const float y = h * (0.34f + 0.2f * static_cast<float>(rail));
    for (float x = w * 0.05f; x < w * 0.95f; x += w * 0.025f) {
      c.rect(x, y, w * 0.02f, h * random.uniform(0.12f, 0.17f), goods_color(random, light), 0.75f);
    }
  }
  c.blur(w * 0.008f);
  for (int i = 0; i < 3; ++i) {
    figure(c, w * (0.2f + 0.3f * static_cast<float>(i) + random.uniform(-0.05f, 0.05f)), h * 0.97f, h * 0.72f,
           goods_color(random, light) * 0.75f, 0.95f);
  }
  c.blur(w * 0.0035f);
}

void paint_shelves(Canvas& c, Rgb light, Random& random) {
  const float w = static_cast<float>(c.width()), h = static_cast<float>(c.height());
  for (int row = 0; row < 4; ++row) {
    const float y = h * (0.26f + 0.17f * static_cast<float>(row));
    c.rect(w * 0.03f, y + h * 0.11f, w * 0.94f, h * 0.018f, light * 0.85f, 0.9f);
    for (float x = w * 0.04f; x < w * 0.95f;) {
      const Rgb color = goods_color(random, light);
      const int run = 2 + random.below(5);
      const float tall = h * random.uniform(0.06f, 0.105f);
      for (int i = 0; i < run && x < w * 0.95f; ++i, x += w * 0.021f) {
        c.rect(x, y + h * 0.11f - tall, w * 0.017f, tall, color * random.uniform(0.8f, 1.15f), 0.95f);
      }
    }
  }
  c.blur(w * 0.005f);
}

void paint_restaurant(Canvas& c, Rgb light, Random& random) {
  const float w = static_cast<float>(c.width()), h = static_cast<float>(c.height());
  c.rect(0, h * 0.62f, w, h * 0.38f, {0.22f, 0.11f, 0.06f}, 0.9f);
  for (int i = 0; i < 4; ++i) {  // Guests at a counter.
    const float x = w * (0.14f + 0.24f * static_cast<float>(i) + random.uniform(-0.04f, 0.04f));
    const Rgb dark = goods_color(random, light) * 0.28f;
    c.dab({{x, h * 0.50f}, w * 0.035f, h * 0.055f, 0, dark * 0.8f, 0.95f, 0.2f});
    c.dab({{x, h * 0.70f}, w * 0.075f, h * 0.17f, 0, dark, 0.95f, 0.2f});
  }
  c.blur(w * 0.008f);
  for (int i = 0; i < 4; ++i) {  // Paper lanterns.
    const float x = w * (0.13f + 0.25f * static_cast<float>(i)), y = h * random.uniform(0.2f, 0.28f);
    c.glow({x, y}, w * 0.13f, h * 0.18f, light, 0.5f);
    c.dab({{x, y}, w * 0.04f, h * 0.06f, 0, mix(light, {1, 1, 1}, 0.45f), 1, 0.25f});
  }
  c.blur(w * 0.003f);
}

void paint_bar(Canvas& c, Rgb light, Random& random) {
  const float w = static_cast<float>(c.width()), h = static_cast<float>(c.height());
  c.tint({0.55f, 0.55f, 0.55f});
  for (int row = 0; row < 3; ++row) {  // Bottles before a lit wall.
    const float y = h * (0.24f + 0.13f * static_cast<float>(row));
    c.glow({w * 0.5f, y + h * 0.08f}, w * 0.6f, h * 0.1f, light, 0.5f);
    for (float x = w * 0.06f; x < w * 0.94f; x += w * 0.034f) {
      c.rect(x, y + h * random.uniform(0.0f, 0.03f), w * 0.014f, h * 0.1f, goods_color(random, light), 0.8f);
    }
  }
  c.rect(0, h * 0.7f, w, h * 0.3f, light * 0.12f, 0.9f);
  c.blur(w * 0.006f);
  for (int i = 0; i < 3; ++i)
    figure(c, w * random.uniform(0.1f, 0.9f), h * 1.02f, h * 0.66f, light * 0.07f, 0.9f);
  c.blur(w * 0.006f);
}

void paint_lobby(Canvas& c, Rgb light, Random& random) {
  const float w = static_cast<float>(c.width()), h = static_cast<float>(c.height());
  for (int i = 0; i < 6; ++i) {
    const float x = w * (0.02f + 0.17f * static_cast<float>(i));
    c.rect(x, h * 0.2f, w * 0.02f, h * 0.62f, light * 0.5f, 0.8f);
    c.glow({x + w * 0.085f, h * 0.25f}, w * 0.07f, h * 0.22f, light, 0.5f);
  }
  c.rect(w * 0.3f, h * 0.62f, w * 0.4f, h * 0.2f, light * 0.25f, 0.9f);
  figure(c, w * random.uniform(0.4f, 0.6f), h * 0.8f, h * 0.45f, light * 0.12f, 0.9f);
  c.blur(w * 0.01f);
}

void paint_interior(Canvas& c, const ShopSpec& spec, Random& random) {
  paint_room(c, spec.light, random);
  switch (spec.kind) {
    case ShopKind::fashion:
      paint_fashion(c, spec.light, random);
      break;
    case ShopKind::shelves:
      paint_shelves(c, spec.light, random);
      break;
    case ShopKind::restaurant:
      paint_restaurant(c, spec.light, random);
      break;
    case ShopKind::bar:
      paint_bar(c, spec.light, random);
      break;
    case ShopKind::lobby:
      paint_lobby(c, spec.light, random);
      break;
    case ShopKind::shutter:
      break;
  }
  c.tint(Rgb{1, 1, 1} * spec.glow);
}

void paint_shutter(Canvas& c, const ShopSpec& spec, float top, float foot) {
  const float w = static_cast<float>(c.width()), step = (foot - top) / 26;
  const Rgb metal = Rgb{0.34f, 0.35f, 0.37f};
  for (float y = top; y < foot; y += step) {
    c.rect(0, y, w, step * 0.5f, metal);
    c.rect(0, y + step * 0.5f, w, step * 0.34f, metal * 0.72f);
    c.rect(0, y + step * 0.84f, w, step * 0.16f + 1, metal * 0.4f);
  }
  Random random(derive_seed(spec.seed, "stains"));
  for (int i = 0; i < 14; ++i) {
    c.dab({{w * random.uniform(), mix(top, foot, random.uniform())},
           w * 0.05f,
           (foot - top) * 0.25f,
           0,
           {0.12f, 0.1f, 0.09f},
           0.16f,
           1});
  }
}

/// Posts, a door with a handle, the plinth: what is sharp because it stands in the front itself.
void paint_front(Canvas& c, const ShopSpec& spec, Random& random) {
  const float w = static_cast<float>(c.width()), h = static_cast<float>(c.height());
  const float top = h * kGlassTop, foot = h * kGlassFoot, bar = w * 0.016f;
  const Rgb frame = spec.frame;
  const int door = random.below(3);
  for (int i = 0; i <= 3; ++i) {
    const float x = (w - bar) * static_cast<float>(i) / 3;
    c.rect(x, top, bar, foot - top, frame);
    c.rect(x, top, bar * 0.3f, foot - top, frame * 1.8f, 0.6f);
  }
  c.rect(0, top, w, bar, frame);
  c.rect(0, top + (foot - top) * 0.16f, w, bar * 0.8f, frame);
  const float dx = w * static_cast<float>(door) / 3;
  c.rect(dx + bar, foot, w / 3 - bar, h - foot, frame * 0.6f);
  c.rect(dx + w * 0.285f, top + (foot - top) * 0.45f, bar * 0.5f, (foot - top) * 0.24f, {0.85f, 0.8f, 0.7f},
         0.9f);
  for (int i = 0; i < 3; ++i) {
    if (i == door) continue;
    const float x = w * static_cast<float>(i) / 3;
    c.rect(x, foot, w / 3 + 1, h - foot, frame * 1.25f);
    c.rect(x, foot, w / 3 + 1, bar * 0.5f, frame * 2.2f, 0.8f);
  }
}

void paint_fascia(Canvas& c, const ShopSpec& spec, Random& random) {
  const float w = static_cast<float>(c.width()), h = static_cast<float>(c.height()), top = h * kGlassTop;
  const Rgb board = mix(spec.frame, spec.light * 0.3f, random.uniform(0.1f, 0.6f));
  c.rect(0, 0, w, top, board);
  c.rect(0, top * 0.04f, w, top * 0.06f, board * 1.8f, 0.7f);
  c.rect(0, top * 0.9f, w, top * 0.1f, board * 0.45f, 0.9f);
}

}  // namespace

TexturePtr paint_shop(const ShopSpec& spec, float detail) {
  Random random(derive_seed(spec.seed, "shop"));
  const int w = paint::scaled(480, detail), h = paint::scaled(416, detail);
  Canvas c(w, h);
  c.fill(spec.frame);
  const int top = static_cast<int>(static_cast<float>(h) * kGlassTop);
  const int foot = static_cast<int>(static_cast<float>(h) * kGlassFoot);
  if (spec.kind == ShopKind::shutter) {
    paint_shutter(c, spec, static_cast<float>(top), static_cast<float>(h));
  } else {
    Canvas room(w, foot - top);
    paint_interior(room, spec, random);
    c.draw(room, 0, top);
    // The pane: sky in its upper part and one slanted gleam.
    const float slope = random.uniform(0.2f, 0.5f);
    c.fill(
        [&](float u, float v) {
          if (v < kGlassTop || v > kGlassFoot) return paint::Stop{0, {0, 0, 0}, 0};
          const float gleam = smoothstep(0.10f, 0.0f, std::abs(u - 0.35f - slope * (v - 0.5f)) - 0.08f);
          return paint::Stop{0, spec.mirrored, (0.45f + 0.35f * gleam) * (1.1f - v)};
        },
        Mode::add);
    paint_front(c, spec, random);
  }
  paint_fascia(c, spec, random);
  return c.to_texture();
}

TexturePtr paint_car_rear(Rgb body, bool lights, float detail) {
  const float w = static_cast<float>(paint::scaled(232, detail)), h = w * 0.80f;
  Canvas c(static_cast<int>(w), static_cast<int>(h));
  const auto box = [&](float x, float y, float bw, float bh, Rgb color, float alpha = 1) {
    c.rect(x * w, y * h, bw * w, bh * h, color, alpha);
  };
  box(0.10f, 0.78f, 0.17f, 0.2f, {0.02f, 0.02f, 0.02f});
  box(0.73f, 0.78f, 0.17f, 0.2f, {0.02f, 0.02f, 0.02f});
  const std::vector<paint::Point> cabin = {{0.24f * w, 0.05f * h}, {0.76f * w, 0.05f * h},
                                           {0.83f * w, 0.12f * h}, {0.93f * w, 0.44f * h},
                                           {0.07f * w, 0.44f * h}, {0.17f * w, 0.12f * h}};
  c.polygon(cabin, body * 0.8f);
  const std::vector<paint::Point> pane = {
      {0.26f * w, 0.11f * h}, {0.74f * w, 0.11f * h}, {0.83f * w, 0.38f * h}, {0.17f * w, 0.38f * h}};
  c.polygon(pane, {0.05f, 0.06f, 0.08f});
  const std::vector<paint::Point> sheen = {
      {0.30f * w, 0.11f * h}, {0.52f * w, 0.11f * h}, {0.40f * w, 0.38f * h}, {0.19f * w, 0.38f * h}};
  c.polygon(sheen, {0.35f, 0.40f, 0.48f}, 0.35f);
  const std::vector<paint::Point> hull = {
      {0.08f * w, 0.40f * h}, {0.92f * w, 0.40f * h}, {0.98f * w, 0.54f * h}, {0.97f * w, 0.82f * h},
      {0.90f * w, 0.88f * h}, {0.10f * w, 0.88f * h}, {0.03f * w, 0.82f * h}, {0.02f * w, 0.54f * h}};
  c.polygon(hull, body);
  box(0.08f, 0.405f, 0.84f, 0.03f, body * 1.8f + Rgb{0.1f, 0.1f, 0.1f}, 0.7f);
  box(0.05f, 0.70f, 0.90f, 0.015f, body * 0.35f, 0.9f);
  box(0.06f, 0.80f, 0.88f, 0.08f, {0.04f, 0.04f, 0.045f}, 0.9f);
  box(0.38f, 0.60f, 0.24f, 0.075f, {0.75f, 0.74f, 0.66f});
  for (int side = 0; side < 2; ++side) {
    const float x = side == 0 ? 0.045f : 0.755f;
    box(x, 0.49f, 0.20f, 0.09f, lights ? Rgb{1.0f, 0.10f, 0.06f} : Rgb{0.45f, 0.04f, 0.04f});
    box(x + 0.02f, 0.51f, 0.16f, 0.03f, lights ? Rgb{1.0f, 0.62f, 0.5f} : Rgb{0.6f, 0.2f, 0.18f}, 0.9f);
  }
  c.blur(w * 0.004f);
  c.clear_rim(2);
  return c.to_texture();
}

TexturePtr paint_car_side(Rgb body, float detail) {
  const float w = static_cast<float>(paint::scaled(448, detail)), h = w / 3.0f;
  Canvas c(static_cast<int>(w), static_cast<int>(h));
  const auto at = [&](float x, float y) { return paint::Point{x * w, y * h}; };
  const std::vector<paint::Point> hull = {at(0.02f, 0.47f), at(0.10f, 0.40f),  at(0.66f, 0.40f),
                                          at(0.93f, 0.48f), at(0.985f, 0.60f), at(0.98f, 0.84f),
                                          at(0.02f, 0.84f), at(0.008f, 0.6f)};
  const std::vector<paint::Point> cabin = {at(0.13f, 0.42f), at(0.24f, 0.07f), at(0.34f, 0.03f),
                                           at(0.50f, 0.03f), at(0.57f, 0.07f), at(0.70f, 0.43f)};
  const std::vector<paint::Point> panes = {at(0.18f, 0.39f), at(0.265f, 0.11f), at(0.54f, 0.11f),
                                           at(0.65f, 0.39f)};
  c.polygon(cabin, body * 0.85f);
  c.polygon(panes, {0.06f, 0.07f, 0.09f});
  c.rect(0.405f * w, 0.1f * h, 0.016f * w, 0.3f * h, body * 0.8f);
  c.polygon(hull, body);
  c.rect(0.04f * w, 0.42f * h, 0.86f * w, 0.025f * h, body * 1.7f + Rgb{0.08f, 0.08f, 0.08f}, 0.7f);
  c.rect(0.02f * w, 0.74f * h, 0.95f * w, 0.1f * h, body * 0.4f, 0.8f);
  for (const float x : {0.20f, 0.80f}) {
    c.dab({at(x, 0.80f), 0.082f * w, 0.082f * w, 0, {0.015f, 0.015f, 0.015f}, 1, 0});
    c.dab({at(x, 0.82f), 0.066f * w, 0.066f * w, 0, {0.05f, 0.05f, 0.05f}, 1, 0});
    c.dab({at(x, 0.82f), 0.044f * w, 0.044f * w, 0, {0.45f, 0.46f, 0.48f}, 1, 0.3f});
  }
  c.blur(w * 0.002f);
  c.clear_rim(2);
  return c.to_texture();
}

}  // namespace troupe::stage
