// Silhouettes drawn in code, for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "image/cut_out.h"

namespace troupe::stage::drawn {

struct Color {
  uint8_t r = 120, g = 120, b = 120;
};

/// A picture to draw on in fractions of its sides.
struct Canvas {
  Canvas(int width, int height) : picture(width, height) {}

  Canvas& box(float x0, float y0, float x1, float y1, Color c = {}) {
    for (int y = pixel(y0, picture.height); y < pixel(y1, picture.height); ++y)
      for (int x = pixel(x0, picture.width); x < pixel(x1, picture.width); ++x) paint(x, y, c);
    return *this;
  }
  Canvas& disc(float cx, float cy, float rx, float ry, Color c = {}) {
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x) {
        const float dx = ((static_cast<float>(x) + 0.5f) / static_cast<float>(picture.width) - cx) / rx;
        const float dy = ((static_cast<float>(y) + 0.5f) / static_cast<float>(picture.height) - cy) / ry;
        if (dx * dx + dy * dy <= 1) paint(x, y, c);
      }
    return *this;
  }
  /// What a matte of the picture would give.
  image::CutOut cut_out() const {
    image::CutOut result;
    result.picture = picture;
    int x0 = picture.width, x1 = 0, y0 = picture.height, y1 = 0;
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x) {
        if (picture.at(x, y)[3] < 32) continue;
        x0 = std::min(x0, x);
        x1 = std::max(x1, x + 1);
        y0 = std::min(y0, y);
        y1 = std::max(y1, y + 1);
      }
    if (x1 == 0) x0 = y0 = 0, x1 = y1 = 1;
    result.bounds = {x0, y0, x1 - x0, y1 - y0};
    result.confidence = 2;
    result.method = image::CutOutMethod::alpha;
    result.touches_left = x0 == 0;
    result.touches_top = y0 == 0;
    result.touches_right = x1 == picture.width;
    result.touches_bottom = y1 == picture.height;
    return result;
  }

  Image picture;

 private:
  static int pixel(float share, int length) {
    return std::clamp(static_cast<int>(std::lround(share * static_cast<float>(length))), 0, length);
  }
  void paint(int x, int y, Color c) {
    uint8_t* p = picture.at(x, y);
    p[0] = c.r;
    p[1] = c.g;
    p[2] = c.b;
    p[3] = 255;
  }
};

inline constexpr Color kSkin{224, 172, 140}, kHair{60, 40, 30}, kShirt{180, 60, 60}, kTrousers{60, 80, 150};

/// 200 x 500: head, neck, trunk, two legs with a gap from 0.55 of the figure down; arms beside it if `arms`.
inline Canvas person(bool arms = false) {
  Canvas c(240, 540);
  c.disc(0.5f, 0.10f, 0.105f, 0.06f, kSkin).disc(0.5f, 0.065f, 0.11f, 0.035f, kHair);
  c.box(0.46f, 0.14f, 0.54f, 0.20f, kSkin).box(0.33f, 0.185f, 0.67f, 0.52f, kShirt);
  c.box(0.34f, 0.5f, 0.485f, 0.97f, kTrousers).box(0.515f, 0.5f, 0.66f, 0.97f, kTrousers);
  c.box(0.34f, 0.5f, 0.66f, 0.55f, kTrousers);
  if (!arms) return c;
  c.box(0.22f, 0.185f, 0.78f, 0.24f, kShirt);
  c.box(0.22f, 0.185f, 0.29f, 0.53f, kSkin).box(0.71f, 0.185f, 0.78f, 0.53f, kSkin);
  return c;
}

/// The same as one would see it from the side, feet to the right.
inline Canvas profile() {
  Canvas c(200, 540);
  c.disc(0.53f, 0.10f, 0.13f, 0.06f, kSkin).box(0.45f, 0.14f, 0.56f, 0.20f, kSkin);
  c.box(0.37f, 0.185f, 0.63f, 0.52f, kShirt).box(0.40f, 0.5f, 0.60f, 0.97f, kTrousers);
  c.box(0.40f, 0.94f, 0.74f, 0.97f, kHair);
  return c;
}

inline Canvas skirt() {
  Canvas c(240, 540);
  c.disc(0.5f, 0.10f, 0.105f, 0.06f, kSkin).box(0.46f, 0.14f, 0.54f, 0.20f, kSkin);
  c.box(0.36f, 0.185f, 0.64f, 0.45f, kShirt).box(0.28f, 0.45f, 0.72f, 0.75f, kTrousers);
  c.box(0.38f, 0.74f, 0.46f, 0.97f, kSkin).box(0.54f, 0.74f, 0.62f, 0.97f, kSkin);
  return c;
}

/// Looks to the right.
inline Canvas dog() {
  Canvas c(400, 300);
  c.box(0.15f, 0.35f, 0.75f, 0.65f, kHair).box(0.70f, 0.12f, 0.95f, 0.42f, kHair);
  for (const float x : {0.17f, 0.27f, 0.58f, 0.68f}) c.box(x, 0.6f, x + 0.06f, 0.96f, kHair);
  return c;
}

inline Canvas vase() {
  Canvas c(200, 260);
  c.disc(0.5f, 0.55f, 0.38f, 0.4f, kShirt).box(0.3f, 0.88f, 0.7f, 0.95f, kShirt);
  return c;
}

/// Cut at the waist by the picture's edge, with a face to speak with.
inline image::CutOut bust() {
  Canvas c(400, 400);
  c.disc(0.5f, 0.32f, 0.17f, 0.22f, kSkin).disc(0.5f, 0.18f, 0.18f, 0.1f, kHair);
  c.box(0.44f, 0.5f, 0.56f, 0.64f, kSkin).box(0.18f, 0.62f, 0.82f, 1.0f, kShirt);
  c.box(0.45f, 0.425f, 0.55f, 0.435f, {120, 40, 50});
  image::CutOut result = c.cut_out();
  result.face = image::Rect{136, 88, 128, 120};
  result.has_person = true;
  return result;
}

}  // namespace troupe::stage::drawn
