#include "engine/stage/scene/painters/ballroom_pictures.h"

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

constexpr Rgb kCream = {0.74f, 0.64f, 0.50f}, kGold = {0.86f, 0.64f, 0.28f}, kStone = {0.80f, 0.74f, 0.63f};

/// Paints in metres on a canvas that stands for so many of them.
struct Board {
  Canvas& canvas;
  float scale;  ///< pixels a metre

  void rect(float x, float y, float w, float h, Rgb color, float alpha = 1) const {
    canvas.rect(x * scale, y * scale, w * scale, h * scale, color, alpha);
  }
  /// A raised ledge: bright above, dark below.
  void ledge(float y, float height, float width, Rgb color) const {
    rect(0, y, width, height, color);
    rect(0, y, width, height * 0.22f, color * 1.35f);
    rect(0, y + height * 0.62f, width, height * 0.38f, color * 0.6f);
    rect(0, y + height, width, height * 0.5f, {0, 0, 0}, 0.22f);
  }
  /// A framed panel sunk into the wall.
  void panel(float x, float y, float w, float h, Rgb frame, Rgb field) const {
    const float t = 0.045f;
    rect(x - t, y - t, w + 2 * t, h + 2 * t, frame);
    rect(x - t, y - t, w + 2 * t, t * 0.6f, frame * 1.3f);
    rect(x - t, y - t, t * 0.6f, h + 2 * t, frame * 1.2f);
    rect(x, y, w, h, frame * 0.5f);
    rect(x + t * 0.6f, y + t * 0.8f, w - t * 0.8f, h - t, field);
  }
};

bool in_arch(float x, float y, float half, float spring) {
  return std::abs(x) < half && (y > spring || std::hypot(x, y - spring) < half);
}

/// Heavy cloth gathered into folds, tied at two thirds of its height.
void paint_curtain(Canvas& c, float x0, float x1, float y0, float y1, bool tie_left) {
  const int left = static_cast<int>(x0), right = static_cast<int>(x1), top = static_cast<int>(y0),
            foot = static_cast<int>(y1);
  for (int y = top; y < foot; ++y) {
    const float t = static_cast<float>(y - top) / static_cast<float>(foot - top);
    const float waist = 1 - 0.42f * std::exp(-(t - 0.66f) * (t - 0.66f) / 0.02f);
    for (int x = left; x < right; ++x) {
      float s = (static_cast<float>(x - left) + 0.5f) / static_cast<float>(right - left);
      s = tie_left ? s / waist : 1 - (1 - s) / waist;
      if (s < 0 || s > 1) continue;
      const float fold = 0.5f + 0.5f * std::sin(34 * s + 1.5f * std::sin(3 * t)),
                  sheen = std::pow(fold, 3.0f);
      c.put(x, y, Rgb{0.46f, 0.055f, 0.06f} * (0.30f + 0.55f * fold) + Rgb{0.22f, 0.05f, 0.04f} * sheen, 1);
    }
  }
  const float y = mix(y0, y1, 0.66f);
  c.rect(tie_left ? x0 : mix(x0, x1, 0.42f), y - 3, (x1 - x0) * 0.58f, (y1 - y0) * 0.018f, kGold * 0.8f);
}

void veins(Canvas& canvas, const Field& lines, int x0, int y0, int size, Rgb vein, float strength) {
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const float line = lines.at((x0 + x) % lines.width, (y0 + y) % lines.height);
      canvas.put(x0 + x, y0 + y, vein, strength * smoothstep(0.80f, 0.99f, line), Mode::atop);
    }
  }
}

void paint_candle(Canvas& c, float x, float y, float size, bool lit, float dim) {
  c.rect(x - size * 0.09f, y - size * 0.55f, size * 0.18f, size * 0.55f, Rgb{0.95f, 0.88f, 0.72f} * dim);
  c.dab({{x, y}, size * 0.2f, size * 0.07f, 0, kGold * dim, 1, 0});
  if (!lit) return;
  c.glow({x, y - size * 0.78f}, size * 0.75f, size * 0.85f, {1.0f, 0.62f, 0.22f}, 0.55f * dim, Mode::over);
  c.dab({{x, y - size * 0.80f}, size * 0.12f, size * 0.27f, 0, {1.0f, 0.86f, 0.52f}, 1, 0.35f});
  c.dab({{x, y - size * 0.74f}, size * 0.06f, size * 0.15f, 0, {1.0f, 0.98f, 0.88f}, 1, 0.3f});
}

/// One ring of arms: the far half first, so that the near candles stand before it.
void paint_tier(Canvas& c, Point centre, float rx, float ry, int candles, float size, bool lit, bool near) {
  for (int i = 0; i < candles; ++i) {
    const float angle = 6.2831853f * (static_cast<float>(i) + 0.5f) / static_cast<float>(candles);
    if ((std::sin(angle) > 0) != near) continue;
    const Point at = {centre.x + rx * std::cos(angle), centre.y + ry * std::sin(angle)};
    const std::array<Point, 3> arm = {
        centre, Point{mix(centre.x, at.x, 0.6f), mix(centre.y, at.y, 0.6f) + size * 0.75f}, at};
    c.stroke(arm, {size * 0.10f, size * 0.07f, kGold * (near ? 0.95f : 0.5f), 1});
    paint_candle(c, at.x, at.y, size, lit, near ? 1.0f : 0.75f);
  }
}

void paint_crystals(Canvas& c, Random& random, Point from, Point to, float sag, float size, float shine) {
  constexpr int kBeads = 26;
  for (int i = 0; i <= kBeads; ++i) {
    const float t = static_cast<float>(i) / kBeads;
    const Point at = {mix(from.x, to.x, t), mix(from.y, to.y, t) + sag * 4 * t * (1 - t)};
    const float bright = random.uniform(0.45f, 1.0f) * shine;
    c.dab({at, size, size * 1.25f, 0, Rgb{1.0f, 0.86f, 0.62f} * bright, 0.85f, 0.25f});
  }
}

}  // namespace

TexturePtr paint_wall_bay(float detail, uint64_t seed) {
  const int w = paint::tile_side(512, detail), h = static_cast<int>(static_cast<float>(w) * 8.8f / 5);
  Canvas c(w, h);
  const Board board{c, static_cast<float>(w) / 5};
  const Field stains = paint::fbm({256, 256, 3, 3, 5, 0.5f, seed});
  c.fill([&](float u, float v) { return paint::Stop{0, kCream * (0.90f + 0.2f * stains.sample_uv(u, v))}; });
  board.panel(0.72f, 1.0f, 3.56f, 6.35f, kStone * 0.95f, kCream * 0.9f);
  board.panel(0.85f, 7.72f, 3.3f, 0.55f, kGold * 0.62f, kCream * 0.75f);
  for (int i = 0; i < 3; ++i)
    board.panel(0.8f + 1.17f * static_cast<float>(i), 7.72f, 1.02f, 0.56f, kGold * 0.62f, kCream * 0.78f);
  // The window's reveal and its surround.
  const float scale = board.scale;
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      const float mx = static_cast<float>(x) / scale - 2.5f, my = static_cast<float>(y) / scale;
      if (in_arch(mx, my, 1.36f, 3.0f) && my < 6.75f && !in_arch(mx, my, 1.1f, 3.0f)) {
        const float lit = 0.85f - 0.30f * mx / 1.3f + 0.1f * std::sin(my * 9);
        c.put(x, y, kStone * lit, 1);
      } else if (in_arch(mx, my, 1.1f, 3.0f) && my < 6.7f) {
        c.put(x, y, {0.05f, 0.05f, 0.07f}, 1);
      }
    }
  }
  paint_curtain(c, 0.98f * scale, 1.78f * scale, 1.75f * scale, 6.75f * scale, true);
  paint_curtain(c, 3.22f * scale, 4.02f * scale, 1.75f * scale, 6.75f * scale, false);
  board.rect(0.86f, 1.52f, 3.28f, 0.10f, kGold * 0.9f);
  board.ledge(0, 0.42f, 5, kStone);
  board.ledge(0.5f, 0.16f, 5, kGold * 0.85f);
  board.ledge(7.42f, 0.12f, 5, kStone * 0.95f);
  board.ledge(8.45f, 0.35f, 5, kStone * 0.7f);
  // Half a pilaster at each side makes a whole one with the next bay.
  for (const float x : {0.0f, 4.7f}) {
    for (int strip = 0; strip < 6; ++strip) {
      const float s = static_cast<float>(strip) * 0.05f;
      board.rect(x + s, 0.66f, 0.05f, 7.8f, kStone * ((strip & 1) != 0 ? 0.78f : 1.02f));
    }
  }
  return c.to_texture(Wrap::repeat, Wrap::clamp);
}

TexturePtr paint_arched_window(Rgb low, Rgb high, float detail) {
  const int w = paint::scaled(192, detail), h = w * 48 / 22;
  Canvas c(w, h);
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      const float mx = (static_cast<float>(x) + 0.5f) / static_cast<float>(w) * 2.2f - 1.1f;
      const float my = (static_cast<float>(y) + 0.5f) / static_cast<float>(h) * 4.8f;
      if (!in_arch(mx, my, 1.05f, 1.1f)) continue;
      const float bar_x = std::abs(std::fmod(mx + 5.5f, 0.55f) - 0.275f),
                  bar_y = std::abs(std::fmod(my, 0.62f) - 0.31f);
      const bool bar = bar_x > 0.255f || bar_y > 0.29f || !in_arch(mx, my, 1.0f, 1.1f);
      const Rgb sky =
          mix(high, low, my / 4.8f) * (0.88f + 0.12f * std::sin(11 * mx + 7 * std::floor(my / 0.62f)));
      c.put(x, y, bar ? Rgb{0.16f, 0.12f, 0.08f} : sky, 1);
    }
  }
  return c.to_texture();
}

TexturePtr paint_column(float detail, uint64_t seed) {
  const int w = paint::scaled(128, detail), h = w * 7;
  Canvas c(w, h);
  const Field veins_field = paint::fbm({128, 512, 3, 6, 5, 0.55f, seed});
  for (int y = 0; y < h; ++y) {
    const float v = (static_cast<float>(y) + 0.5f) / static_cast<float>(h);
    const bool capital = v<0.085f, base = v> 0.935f;
    const float shaft = 0.60f + 0.06f * v;
    const float half = capital ? mix(0.92f, 0.66f, smoothstep(0.0f, 0.075f, v))
                       : base  ? mix(0.70f, 0.95f, smoothstep(0.935f, 0.965f, v))
                               : shaft;
    for (int x = 0; x < w; ++x) {
      const float across = (2 * (static_cast<float>(x) + 0.5f) / static_cast<float>(w) - 1) / half;
      if (std::abs(across) > 1) continue;
      const float round = std::sqrt(1 - across * across), angle = std::asin(across);
      const float flute = capital || base ? 1.0f : 0.86f + 0.14f * std::cos(angle * 20);
      const float lit = 0.22f + 0.62f * std::max(0.0f, 0.72f * round - 0.55f * across) +
                        0.16f * std::max(0.0f, across - 0.6f);
      const float rings = capital ? 0.75f + 0.3f * std::sin(v * 420)
                          : base  ? 0.85f + 0.2f * std::sin(v * 300)
                                  : 1.0f;
      const Rgb stone =
          capital ? kGold
                  : kStone * (0.92f + 0.25f * (veins_field.sample_uv(across * 0.3f + 0.5f, v) - 0.5f));
      c.put(x, y, stone * (lit * 1.25f * flute * rings),
            clamp01((1 - std::abs(across)) * half * static_cast<float>(w) * 0.5f));
    }
  }
  c.clear_rim(2);
  return c.to_texture();
}

TexturePtr paint_arch(float detail, uint64_t seed) {
  const int w = paint::tile_side(512, detail), h = static_cast<int>(static_cast<float>(w) * 3.4f / 5);
  Canvas c(w, h);
  const float scale = static_cast<float>(w) / 5;
  const Field stains = paint::fbm({256, 256, 4, 4, 5, 0.5f, seed});
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      const float mx = static_cast<float>(x) / scale - 2.5f, my = static_cast<float>(y) / scale;
      const float ring = std::hypot(mx, (my - 3.4f) * 0.92f), edge = (ring - 2.08f) * scale;
      if (edge < -1) continue;
      Rgb color = kCream * (0.86f + 0.22f * stains.sample_uv(mx / 5, my / 5));
      if (ring < 2.42f) {
        const float fan = std::fmod(std::atan2(mx, 3.4f - my) * 10 + 20, 1.0f);
        color = kStone * ((fan < 0.06f ? 0.55f : 0.92f) * (ring < 2.14f || ring > 2.36f ? 1.22f : 1.0f));
      }
      if (my < 0.16f) color = kGold * (my < 0.05f ? 1.15f : 0.72f);
      if (my >= 0.16f && my < 0.5f) color = kStone * (my < 0.24f ? 1.1f : my > 0.44f ? 0.55f : 0.88f);
      c.put(x, y, color * 0.92f, clamp01(edge + 1));
    }
  }
  return c.to_texture(Wrap::repeat, Wrap::clamp);
}

TexturePtr paint_coffer(float detail) {
  const int side = paint::tile_side(256, detail);
  Canvas c(side, side, true);
  c.fill([&](float u, float v) {
    const float x = std::abs(u - 0.5f), y = std::abs(v - 0.5f), d = std::max(x, y);
    if (d > 0.44f) return paint::Stop{0, kStone * 0.9f};
    const bool lit_side = y > x ? v > 0.5f : u > 0.5f;
    if (d > 0.35f) return paint::Stop{0, kStone * (lit_side ? 0.80f : 0.45f)};
    if (d > 0.325f) return paint::Stop{0, kGold * 0.8f};
    const float r = std::hypot(u - 0.5f, v - 0.5f), petals = std::cos(8 * std::atan2(v - 0.5f, u - 0.5f));
    if (r < 0.12f + 0.03f * petals) return paint::Stop{0, kGold * (0.55f + 1.6f * r + 0.2f * petals)};
    return paint::Stop{0, kCream * 0.48f};
  });
  return c.to_texture(Wrap::repeat, Wrap::repeat);
}

TexturePtr paint_marble(float polish, float detail, uint64_t seed) {
  const int side = paint::tile_side(1024, detail), half = side / 2;
  Canvas c(side, side, true);
  const Field cloud = paint::fbm({side, side, 5, 5, 6, 0.55f, seed});
  const Field push = paint::fbm({side, side, 4, 4, 4, 0.5f, seed + 1});
  const Field lines = paint::warp(paint::ridged({side, side, 5, 7, 4, 0.5f, seed + 2}), push, cloud,
                                  static_cast<float>(side) * 0.12f);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool light = (x < half) == (y < half);
      const float tone = cloud.at(x, y) - 0.5f;
      const Rgb color = light ? Rgb{0.80f, 0.74f, 0.64f} * (1 + 0.30f * tone)
                              : Rgb{0.12f, 0.095f, 0.085f} * (1 + 0.9f * tone);
      c.put(x, y, color, 1);
    }
  }
  for (int slab = 0; slab < 4; ++slab) {
    const int x0 = (slab & 1) * half, y0 = (slab >> 1) * half;
    const bool light = ((slab & 1) == 0) == ((slab >> 1) == 0);
    veins(c, lines, x0, y0, half, light ? Rgb{0.42f, 0.36f, 0.30f} : Rgb{0.62f, 0.54f, 0.44f},
          light ? 0.55f : 0.42f);
  }
  const float joint = std::max(1.0f, static_cast<float>(side) * 0.003f);
  for (int i = 0; i < 2; ++i) {
    const float at = static_cast<float>(i * half) - joint / 2;
    c.rect(at, 0, joint, static_cast<float>(side), {0.07f, 0.05f, 0.04f}, 0.8f);
    c.rect(0, at, static_cast<float>(side), joint, {0.07f, 0.05f, 0.04f}, 0.8f);
  }
  // Light slabs mirror as much as dark ones, but it shows less against their own colour.
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const float keep = 1 - polish;
      for (int k = 0; k < 4; ++k) c.at(x, y)[k] *= keep;
    }
  }
  return c.to_texture(Wrap::repeat, Wrap::repeat);
}

TexturePtr paint_chandelier(bool lit, float detail, uint64_t seed) {
  const int side = paint::scaled(512, detail);
  const float s = static_cast<float>(side);
  Canvas c(side, side);
  Random random(derive_seed(seed, "chandelier"));
  const float shine = lit ? 1.0f : 0.6f;
  const Point hub = {s * 0.5f, s * 0.62f}, upper = {s * 0.5f, s * 0.42f};
  c.rect(s * 0.494f, 0, s * 0.012f, s * 0.7f, kGold * 0.6f);
  paint_tier(c, hub, s * 0.43f, s * 0.085f, 18, s * 0.052f, lit, false);
  paint_tier(c, upper, s * 0.26f, s * 0.05f, 10, s * 0.045f, lit, false);
  for (int i = 0; i < 11; ++i) {
    const float t = static_cast<float>(i) / 10 * 2 - 1;
    paint_crystals(c, random, {upper.x + t * s * 0.24f, upper.y}, {hub.x + t * s * 0.40f, hub.y}, s * 0.03f,
                   s * 0.0048f, shine);
    paint_crystals(c, random, {hub.x + t * s * 0.40f, hub.y}, {hub.x + t * s * 0.05f, s * 0.93f},
                   s * 0.07f * (1 - std::abs(t)), s * 0.0052f, shine);
    paint_crystals(c, random, {s * 0.5f, s * 0.12f}, {upper.x + t * s * 0.24f, upper.y}, s * 0.05f,
                   s * 0.0042f, shine);
  }
  c.dab({{s * 0.5f, s * 0.935f}, s * 0.018f, s * 0.024f, 0, Rgb{1.0f, 0.9f, 0.7f} * shine, 1, 0.2f});
  for (const float y : {0.42f, 0.62f})
    c.dab({{s * 0.5f, s * y}, s * 0.03f, s * 0.045f, 0, kGold * 0.85f, 1, 0.2f});
  paint_tier(c, upper, s * 0.26f, s * 0.05f, 10, s * 0.045f, lit, true);
  paint_tier(c, hub, s * 0.43f, s * 0.085f, 18, s * 0.052f, lit, true);
  c.clear_rim(2);
  return c.to_texture();
}

TexturePtr paint_sconce(bool lit, float detail) {
  const int w = paint::scaled(64, detail), h = w * 2;
  const float s = static_cast<float>(w);
  Canvas c(w, h);
  c.dab({{s * 0.5f, s * 1.45f}, s * 0.13f, s * 0.34f, 0, kGold * 0.75f, 1, 0.1f});
  for (const float x : {0.22f, 0.5f, 0.78f}) {
    const std::array<Point, 3> arm = {Point{s * 0.5f, s * 1.4f}, Point{s * mix(0.5f, x, 0.8f), s * 1.45f},
                                      Point{s * x, s * 1.1f}};
    c.stroke(arm, {s * 0.07f, s * 0.05f, kGold * 0.85f, 1});
    paint_candle(c, s * x, s * 1.1f, s * 0.42f, lit, 1);
  }
  c.clear_rim(2);
  return c.to_texture();
}

}  // namespace troupe::stage
