#include "engine/stage/scene/painters/cafe_pictures.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/noise.h"

namespace troupe::stage {
namespace {

using paint::Canvas;
using paint::Field;
using paint::Mode;
using paint::Point;

constexpr Rgb kOak = {0.46f, 0.29f, 0.16f}, kIron = {0.07f, 0.065f, 0.06f};

float fraction(float v) { return v - std::floor(v); }

/// Long grain along u.
Field wood_grain(int width, int height, uint64_t seed) {
  const Field push = paint::fbm({width, height, 2, 3, 3, 0.5f, seed});
  return paint::warp(paint::fbm({width, height, 3, 26, 5, 0.6f, seed + 1}), push, push,
                     static_cast<float>(height) * 0.08f);
}

void paint_bottle(Canvas& c, float x, float foot, float w, float h, Rgb glass) {
  c.rect(x - w / 2, foot - h * 0.62f, w, h * 0.62f, glass);
  c.rect(x - w * 0.16f, foot - h, w * 0.32f, h * 0.42f, glass * 0.8f);
  c.rect(x - w * 0.32f, foot - h * 0.55f, w * 0.2f, h * 0.45f, mix(glass, {1, 1, 1}, 0.5f), 0.7f);
  c.rect(x - w / 2, foot - h * 0.42f, w, h * 0.2f, {0.85f, 0.78f, 0.62f}, 0.7f);
}

void paint_shelf(Canvas& c, Random& random, float x0, float x1, float foot, float scale) {
  c.rect(x0, foot, x1 - x0, scale * 0.05f, kOak * 0.9f);
  c.rect(x0, foot + scale * 0.05f, x1 - x0, scale * 0.12f, {0, 0, 0}, 0.35f);
  for (float x = x0 + scale * 0.08f; x < x1 - scale * 0.05f;) {
    const float pick = random.uniform();
    const Rgb color = {random.uniform(0.25f, 0.8f), random.uniform(0.2f, 0.6f), random.uniform(0.12f, 0.45f)};
    if (pick < 0.45f) {
      paint_bottle(c, x, foot, scale * 0.075f, scale * random.uniform(0.26f, 0.34f), color * 0.8f);
      x += scale * 0.1f;
    } else if (pick < 0.8f) {  // A stack of cups.
      const int high = 1 + random.below(3);
      for (int i = 0; i < high; ++i)
        c.rect(x - scale * 0.05f, foot - scale * 0.07f * static_cast<float>(i + 1), scale * 0.1f,
               scale * 0.06f, {0.86f, 0.80f, 0.70f});
      x += scale * 0.13f;
    } else {
      c.dab({{x, foot - scale * 0.09f}, scale * 0.07f, scale * 0.09f, 0, color, 1, 0.1f});
      x += scale * 0.17f;
    }
  }
}

void paint_guest(Canvas& c, Random& random, float x, float seat, float scale, float lean) {
  const Rgb cloth =
      Rgb{random.uniform(0.1f, 0.6f), random.uniform(0.1f, 0.45f), random.uniform(0.1f, 0.45f)} * 0.75f;
  const Rgb skin = mix(Rgb{0.78f, 0.56f, 0.42f}, Rgb{0.42f, 0.27f, 0.18f}, random.uniform());
  const Rgb hair = mix(Rgb{0.06f, 0.045f, 0.04f}, Rgb{0.42f, 0.26f, 0.12f}, random.uniform());
  c.dab({{x, seat - scale * 0.28f}, scale * 0.19f, scale * 0.34f, 0.12f * lean, cloth, 1, 0.12f});
  c.dab({{x + lean * scale * 0.15f, seat - scale * 0.20f},
         scale * 0.22f,
         scale * 0.07f,
         0.5f * lean,
         cloth * 0.85f,
         1,
         0.2f});
  const float hx = x + lean * scale * 0.05f, hy = seat - scale * 0.70f;
  c.dab({{hx, hy}, scale * 0.10f, scale * 0.13f, 0, skin, 1, 0.1f});
  c.dab({{hx - lean * scale * 0.02f, hy - scale * 0.05f}, scale * 0.115f, scale * 0.11f, 0, hair, 1, 0.12f});
}

void paint_chair(Canvas& c, float x, float floor, float scale, float way) {
  const float w = scale * 0.028f;
  const std::array<Point, 3> back = {Point{x - way * scale * 0.2f, floor},
                                     Point{x - way * scale * 0.19f, floor - scale * 0.46f},
                                     Point{x - way * scale * 0.25f, floor - scale * 0.92f}};
  const std::array<Point, 2> leg = {Point{x + way * scale * 0.2f, floor},
                                    Point{x + way * scale * 0.18f, floor - scale * 0.46f}};
  c.stroke(back, {w, w, kIron * 1.4f, 1});
  c.stroke(leg, {w, w, kIron * 1.4f, 1});
  c.rect(x - scale * 0.22f, floor - scale * 0.48f, scale * 0.44f, scale * 0.05f, kOak * 0.85f);
}

}  // namespace

TexturePtr paint_brick_wall(float detail, uint64_t seed) {
  const int side = paint::tile_side(512, detail);
  const Field stains = paint::fbm({side, side, 3, 3, 6, 0.55f, seed}),
              grain = paint::speckle(side, side, seed + 1);
  Canvas c(side, side, true);
  const float scale = static_cast<float>(side) / 4;
  for (int y = 0; y < side; ++y) {
    const float row = static_cast<float>(y) / static_cast<float>(side) * 40;
    for (int x = 0; x < side; ++x) {
      const float along = static_cast<float>(x) / static_cast<float>(side) * 16 +
                          (static_cast<int>(row) % 2 == 0 ? 0.0f : 0.5f);
      const float dx = std::min(fraction(along), 1 - fraction(along)) * 0.25f,
                  dy = std::min(fraction(row), 1 - fraction(row)) * 0.1f;
      const float inside = smoothstep(0.004f, 0.012f, std::min(dx, dy));
      const float edge = fraction(row) < 0.5f ? 1.12f : 0.9f;
      Random brick(seed + static_cast<uint64_t>(static_cast<int>(row) * 64 + static_cast<int>(along) % 16));
      const float tone =
          brick.uniform(0.68f, 1.12f) * (0.75f + 0.5f * stains.at(x, y)) * (0.94f + 0.12f * grain.at(x, y));
      const Rgb clay = mix(Rgb{0.52f, 0.25f, 0.17f}, Rgb{0.42f, 0.24f, 0.19f}, brick.uniform());
      c.put(x, y, mix(Rgb{0.38f, 0.33f, 0.28f} * 0.8f, clay * edge, inside) * tone, 1);
    }
  }
  c.blur(scale * 0.008f);
  return c.to_texture(Wrap::repeat, Wrap::repeat);
}

TexturePtr paint_street_window(bool dark, Rgb low, Rgb high, float detail, uint64_t seed) {
  const int w = paint::scaled(512, detail), h = w * 21 / 32;
  const float s = static_cast<float>(w), t = static_cast<float>(h);
  Canvas c(w, h);
  Random random(derive_seed(seed, "street"));
  c.fill([&](float, float v) { return paint::Stop{0, mix(high, low, v)}; });
  for (int i = 0; i < 9; ++i) {  // Houses across the street.
    const float x = s * random.uniform(-0.05f, 0.95f), wide = s * random.uniform(0.1f, 0.25f),
                top = t * random.uniform(0.05f, 0.45f);
    c.rect(x, top, wide, t - top, mix(low, high, 0.3f) * random.uniform(0.45f, 0.8f), 0.75f);
  }
  c.blur(s * 0.014f);
  if (!dark) {
    for (int i = 0; i < 5; ++i)
      c.dab({{s * random.uniform(), t * random.uniform(0.25f, 0.6f)},
             s * 0.09f,
             s * 0.08f,
             0,
             Rgb{0.30f, 0.44f, 0.20f},
             0.7f,
             0.7f});
  }
  for (int i = 0; i < (dark ? 46 : 10); ++i) {  // Lights out of focus are discs.
    const Rgb hues[] = {{1.0f, 0.72f, 0.35f},
                        {1.0f, 0.40f, 0.22f},
                        {0.55f, 0.75f, 1.0f},
                        {1.0f, 0.90f, 0.68f},
                        {0.95f, 0.35f, 0.55f}};
    const float r = s * random.uniform(0.012f, 0.034f);
    const Point at = {s * random.uniform(), t * random.uniform(0.2f, 0.92f)};
    c.dab({at, r, r, 0, hues[random.below(5)], random.uniform(0.25f, 0.65f), 0.18f, Mode::add});
  }
  const float bar = s * 0.018f;
  for (int i = 0; i <= 4; ++i) c.rect((s - bar) * static_cast<float>(i) / 4, 0, bar, t, kIron * 1.3f);
  for (const float y : {0.0f, 0.28f, 0.98f}) c.rect(0, y * t, s, bar, kIron * 1.3f);
  c.blur(s * 0.0035f);
  return c.to_texture();
}

TexturePtr paint_bar_counter(float detail, uint64_t seed) {
  const int w = paint::scaled(560, detail), h = w * 30 / 42;
  const float m = static_cast<float>(w) / 4.2f;
  Canvas c(w, h);
  Random random(derive_seed(seed, "bar"));
  for (int row = 0; row < 3; ++row) {
    const float foot = m * (0.62f + 0.48f * static_cast<float>(row));
    c.glow({m * 2.1f, foot - m * 0.16f}, m * 2.0f, m * 0.34f, {1.0f, 0.66f, 0.32f}, 0.32f, Mode::over);
    paint_shelf(c, random, m * 0.25f, m * 3.95f, foot, m);
  }
  c.rect(m * 0.1f, m * 1.98f, m * 4.0f, m * 0.07f, kOak * 1.5f);
  c.rect(m * 0.15f, m * 2.05f, m * 3.9f, m * 0.95f, Rgb{0.16f, 0.19f, 0.18f});
  for (int i = 0; i < 9; ++i)
    c.rect(m * (0.2f + 0.43f * static_cast<float>(i)), m * 2.13f, m * 0.38f, m * 0.78f,
           Rgb{0.19f, 0.23f, 0.215f});
  // The machine: steel with warm lights.
  c.rect(m * 2.5f, m * 1.62f, m * 0.85f, m * 0.36f, Rgb{0.62f, 0.60f, 0.57f});
  c.rect(m * 2.5f, m * 1.62f, m * 0.85f, m * 0.06f, Rgb{0.92f, 0.90f, 0.86f});
  c.rect(m * 2.6f, m * 1.78f, m * 0.65f, m * 0.16f, kIron);
  for (int i = 0; i < 4; ++i)
    c.rect(m * (0.5f + 0.22f * static_cast<float>(i)), m * 1.8f, m * 0.14f, m * 0.18f, {0.82f, 0.66f, 0.42f});
  c.blur(m * 0.028f);
  c.clear_rim(2);
  return c.to_texture();
}

TexturePtr paint_wall_picture(bool slate, float detail, uint64_t seed) {
  const int w = paint::scaled(128, detail), h = w * 5 / 4;
  const float s = static_cast<float>(w), t = static_cast<float>(h);
  Canvas c(w, h);
  Random random(derive_seed(seed, "picture"));
  c.fill(slate ? kOak : kIron);
  const Rgb ground = slate ? Rgb{0.07f, 0.08f, 0.08f} : Rgb{0.78f, 0.70f, 0.56f};
  c.rect(s * 0.07f, s * 0.07f, s * 0.86f, t - s * 0.14f, ground);
  if (slate) {
    for (int row = 0; row < 7; ++row) {
      float x = s * 0.16f;
      while (x < s * random.uniform(0.5f, 0.85f)) {
        const float next = x + s * random.uniform(0.04f, 0.11f),
                    y = t * (0.16f + 0.11f * static_cast<float>(row));
        const std::array<Point, 3> scribble = {
            Point{x, y}, Point{(x + next) / 2, y - s * random.uniform(-0.03f, 0.03f)}, Point{next, y}};
        c.stroke(scribble, {s * 0.018f, s * 0.012f, {0.88f, 0.87f, 0.82f}, row == 0 ? 1.0f : 0.7f});
        x = next + s * 0.03f;
      }
    }
  } else {
    for (int i = 0; i < 7; ++i) {
      const Rgb color = {random.uniform(0.2f, 0.85f), random.uniform(0.2f, 0.6f),
                         random.uniform(0.15f, 0.5f)};
      c.dab({{s * random.uniform(0.25f, 0.75f), t * random.uniform(0.25f, 0.75f)},
             s * random.uniform(0.08f, 0.25f),
             s * random.uniform(0.05f, 0.2f),
             random.uniform(0, 3),
             color,
             0.8f,
             0.3f});
    }
  }
  c.blur(s * 0.014f);
  return c.to_texture();
}

TexturePtr paint_pendant(Rgb shade, float detail) {
  const int w = paint::scaled(112, detail), h = w * 3;
  const float s = static_cast<float>(w), t = static_cast<float>(h);
  Canvas c(w, h);
  c.rect(s * 0.49f, 0, s * 0.02f, t * 0.80f, kIron);
  const std::array<Point, 4> cone = {Point{s * 0.42f, t * 0.80f}, Point{s * 0.58f, t * 0.80f},
                                     Point{s * 0.93f, t * 0.945f}, Point{s * 0.07f, t * 0.945f}};
  c.polygon(cone, shade);
  const std::array<Point, 4> sheen = {Point{s * 0.44f, t * 0.80f}, Point{s * 0.49f, t * 0.80f},
                                      Point{s * 0.40f, t * 0.945f}, Point{s * 0.18f, t * 0.945f}};
  c.polygon(sheen, shade * 2.0f + Rgb{0.05f, 0.04f, 0.03f}, 0.6f);
  c.dab({{s * 0.5f, t * 0.945f}, s * 0.43f, s * 0.055f, 0, {1.0f, 0.80f, 0.48f}, 1, 0.1f});
  c.dab({{s * 0.5f, t * 0.955f}, s * 0.14f, s * 0.085f, 0, {1.0f, 0.95f, 0.80f}, 1, 0.3f});
  c.blur(s * 0.012f);
  c.clear_rim(2);
  return c.to_texture();
}

TexturePtr paint_table_group(bool guests, float detail, uint64_t seed) {
  const int w = paint::scaled(320, detail), h = w * 15 / 22;
  const float m = static_cast<float>(w) / 2.2f, floor = static_cast<float>(h) - m * 0.05f;
  Canvas c(w, h);
  Random random(derive_seed(seed, "table"));
  paint_chair(c, m * 0.45f, floor, m, 1);
  paint_chair(c, m * 1.75f, floor, m, -1);
  if (guests) {
    paint_guest(c, random, m * 0.48f, floor - m * 0.48f, m, 1);
    paint_guest(c, random, m * 1.72f, floor - m * 0.48f, m, -1);
  }
  c.rect(m * 1.06f, floor - m * 0.74f, m * 0.08f, m * 0.72f, kIron);
  c.dab({{m * 1.1f, floor - m * 0.02f}, m * 0.26f, m * 0.04f, 0, kIron, 1, 0});
  c.dab({{m * 1.1f, floor - m * 0.74f}, m * 0.46f, m * 0.055f, 0, kOak * 1.35f, 1, 0});
  c.dab({{m * 1.1f, floor - m * 0.72f}, m * 0.46f, m * 0.05f, 0, kOak * 0.6f, 0.6f, 0});
  for (const float x : {0.92f, 1.28f})
    c.rect(m * x - m * 0.045f, floor - m * 0.84f, m * 0.09f, m * 0.09f, {0.88f, 0.84f, 0.76f});
  c.glow({m * 1.1f, floor - m * 0.83f}, m * 0.16f, m * 0.16f, {1.0f, 0.64f, 0.26f}, 0.85f, Mode::over);
  c.blur(m * 0.024f);
  c.clear_rim(2);
  return c.to_texture();
}

TexturePtr paint_plant(bool hanging, float detail, uint64_t seed) {
  const int side = paint::scaled(192, detail);
  const float s = static_cast<float>(side);
  Canvas c(side, side);
  Random random(derive_seed(seed, hanging ? "hanging" : "potted"));
  const Point root = {s * 0.5f, hanging ? s * 0.25f : s * 0.72f};
  if (!hanging) c.dab({{s * 0.5f, s * 0.85f}, s * 0.17f, s * 0.14f, 0, {0.55f, 0.33f, 0.22f}, 1, 0});
  if (hanging) {
    c.rect(s * 0.495f, 0, s * 0.01f, s * 0.25f, kIron);
    c.dab({root, s * 0.16f, s * 0.09f, 0, {0.42f, 0.28f, 0.19f}, 1, 0});
  }
  for (int i = 0; i < 120; ++i) {
    const float angle = random.uniform(0, 6.28f), reach = s * 0.42f * std::sqrt(random.uniform());
    const Point at = {root.x + std::cos(angle) * reach * 0.8f,
                      root.y + (hanging ? std::abs(std::sin(angle)) * reach * 1.5f
                                        : -std::abs(std::sin(angle)) * reach * 1.3f)};
    const Rgb leaf = mix(Rgb{0.08f, 0.17f, 0.07f}, Rgb{0.34f, 0.44f, 0.17f}, random.uniform());
    c.dab({at, s * 0.045f, s * 0.018f, random.uniform(0, 3.1f), leaf, 0.95f, 0.15f});
  }
  c.blur(s * 0.010f);
  c.clear_rim(2);
  return c.to_texture();
}

TexturePtr paint_boards(float detail, uint64_t seed) {
  const int side = paint::tile_side(512, detail);
  const Field grain = wood_grain(side, side, seed);
  Canvas c(side, side, true);
  c.fill([&](float u, float v) {
    const int board = static_cast<int>(u * 12);
    const float edge = std::min(fraction(u * 12), 1 - fraction(u * 12));
    const float end = std::abs(fraction(v + 0.37f * static_cast<float>(board % 5)) - 0.5f);
    const float tone = (0.78f + 0.06f * static_cast<float>((board * 7) % 5)) *
                       (0.7f + 0.6f * grain.sample_uv(v, u + 0.13f * static_cast<float>(board)));
    return paint::Stop{0, kOak * (tone * (edge < 0.025f || end > 0.4975f ? 0.45f : 1.0f))};
  });
  return c.to_texture(Wrap::repeat, Wrap::repeat);
}

TexturePtr paint_table_top(float detail, uint64_t seed) {
  const int w = paint::scaled(1024, detail), h = w / 2;
  const Field grain = wood_grain(512, 256, seed);
  Canvas c(w, h);
  c.fill([&](float u, float v) {
    const float x = 2 * u - 1, y = 2 * v - 1;
    // A long table with round ends.
    const float out = std::hypot(std::max(0.0f, std::abs(x) - 0.72f) / 0.27f, y / 0.97f),
                cover = 1 - smoothstep(0.985f, 1.0f, out);
    const int plank = static_cast<int>(v * 5);
    const float joint = std::min(fraction(v * 5), 1 - fraction(v * 5)) < 0.012f ? 0.55f : 1.0f;
    const float tone = (0.90f + 0.07f * static_cast<float>((plank * 3) % 4)) *
                       (0.62f + 0.72f * grain.sample_uv(u, v)) * joint;
    const float gleam = 0.20f * std::exp(-((x - 0.1f) * (x - 0.1f) * 3 + (y + 0.3f) * (y + 0.3f) * 6));
    return paint::Stop{0, Rgb{0.50f, 0.31f, 0.17f} * tone + Rgb{1.0f, 0.8f, 0.5f} * gleam, cover};
  });
  return c.to_texture();
}

TexturePtr paint_cup(float detail, Rgb glaze) {
  const int side = paint::scaled(128, detail);
  const float s = static_cast<float>(side);
  Canvas c(side, side);
  c.dab({{s * 0.47f, s * 0.86f}, s * 0.42f, s * 0.09f, 0, glaze * 0.82f, 1, 0});
  c.dab({{s * 0.47f, s * 0.845f}, s * 0.36f, s * 0.065f, 0, glaze * 0.62f, 1, 0.2f});
  const std::array<Point, 5> handle = {Point{s * 0.68f, s * 0.46f}, Point{s * 0.84f, s * 0.44f},
                                       Point{s * 0.87f, s * 0.58f}, Point{s * 0.78f, s * 0.70f},
                                       Point{s * 0.64f, s * 0.70f}};
  c.stroke(handle, {s * 0.05f, s * 0.05f, glaze * 0.85f, 1});
  for (int x = static_cast<int>(s * 0.18f); x < static_cast<int>(s * 0.76f); ++x) {
    const float across = (static_cast<float>(x) / s - 0.47f) / 0.285f;
    if (std::abs(across) >= 1) continue;
    const float foot = s * (0.70f + 0.14f * std::sqrt(1 - across * across)),
                lit = 0.62f + 0.36f * std::sqrt(1 - across * across) - 0.22f * across;
    c.rect(static_cast<float>(x), s * 0.38f, 1.2f, foot - s * 0.38f, glaze * lit);
  }
  c.dab({{s * 0.47f, s * 0.38f}, s * 0.285f, s * 0.075f, 0, glaze * 1.05f, 1, 0});
  c.dab({{s * 0.47f, s * 0.385f}, s * 0.25f, s * 0.058f, 0, {0.30f, 0.17f, 0.09f}, 1, 0});
  c.dab({{s * 0.42f, s * 0.38f}, s * 0.12f, s * 0.025f, 0, {0.72f, 0.52f, 0.34f}, 0.8f, 0.4f});
  c.clear_rim(2);
  return c.to_texture();
}

TexturePtr paint_candle_glass(float detail) {
  const int w = paint::scaled(72, detail), h = w * 3 / 2;
  const float s = static_cast<float>(w);
  Canvas c(w, h);
  c.rect(s * 0.2f, s * 0.45f, s * 0.6f, s * 0.95f, {0.62f, 0.34f, 0.14f}, 0.55f);
  c.glow({s * 0.5f, s * 0.95f}, s * 0.34f, s * 0.5f, {1.0f, 0.62f, 0.24f}, 0.9f, Mode::over);
  c.rect(s * 0.34f, s * 1.0f, s * 0.32f, s * 0.4f, {0.96f, 0.84f, 0.62f});
  c.dab({{s * 0.5f, s * 0.86f}, s * 0.06f, s * 0.16f, 0, {1.0f, 0.95f, 0.75f}, 1, 0.4f});
  c.rect(s * 0.24f, s * 0.45f, s * 0.05f, s * 0.9f, {1, 0.9f, 0.75f}, 0.45f);
  c.dab({{s * 0.5f, s * 1.4f}, s * 0.3f, s * 0.07f, 0, {0.4f, 0.22f, 0.1f}, 0.8f, 0.2f});
  c.clear_rim(2);
  return c.to_texture();
}

}  // namespace troupe::stage
