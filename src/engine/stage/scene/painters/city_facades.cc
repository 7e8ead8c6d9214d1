#include "engine/stage/scene/painters/city_facades.h"

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

float fraction(float v) { return v - std::floor(v); }

float hash01(int x, int y, uint64_t seed) {
  return Random(seed ^ (static_cast<uint64_t>(static_cast<uint32_t>(x)) << 32 ^ static_cast<uint32_t>(y)))
      .uniform();
}

/// Height in metres over the wall's plane and colour of one point of a wall.
struct Point {
  float height = 0;
  Rgb color;
};

/// Blocks laid in courses: mortar lies deeper, each block has its own shade.
Point courses(const FacadeStyle& style, float x, float y, float width, float height, float joint, float shade,
              uint64_t seed) {
  const int row = static_cast<int>(std::floor(y / height));
  const float shifted = x / width + (row & 1 ? 0.5f : 0.0f);
  const float to_joint = std::min({fraction(shifted) * width, (1 - fraction(shifted)) * width,
                                   fraction(y / height) * height, (1 - fraction(y / height)) * height});
  const float inside = smoothstep(joint * 0.3f, joint, to_joint);
  const float tone = 1 + shade * (hash01(static_cast<int>(std::floor(shifted)), row, seed) - 0.5f);
  return {-0.02f * (1 - inside), style.wall * (tone * (0.72f + 0.28f * inside))};
}

Point wall_point(const FacadeStyle& style, float x, float y, uint64_t seed) {
  switch (style.material) {
    case WallMaterial::brick:
      return courses(style, x, y, 0.26f, 0.1031f, 0.018f, 0.42f, seed);
    case WallMaterial::stone:
      return courses(style, x, y, 1.3f, 0.55f, 0.035f, 0.16f, seed);
    case WallMaterial::panel:
      return courses(style, x + 0.65f, y, 1.3f, 1.65f, 0.025f, 0.10f, seed);
    case WallMaterial::tile:
      return courses(style, x, y, 0.325f, 0.1375f, 0.012f, 0.22f, seed);
    case WallMaterial::stucco:
    case WallMaterial::glass:
      break;
  }
  return {0, style.wall};
}

/// Distance in metres inside a window's opening; < 0 outside.
float inside_window(const FacadeStyle& style, float bx, float fy) {
  const float x = std::abs(bx - 0.5f) * kBayWidth, half = style.window.width * kBayWidth / 2;
  const float top = style.window.top * kFloorHeight, foot = top + style.window.height * kFloorHeight;
  const float y = fy * kFloorHeight;
  const float box = std::min(half - x, std::min(y - top, foot - y));
  if (!style.ornament.arch || y > top + half) return box;
  return half - std::hypot(x, y - (top + half));
}

Point window_point(const FacadeStyle& style, Rgb glass, float bx, float fy, float inside) {
  const float half = style.window.width / 2;
  const float wx =
      fraction((bx - 0.5f + half) / style.window.width * static_cast<float>(style.window.panes_x));
  const float wy =
      fraction((fy - style.window.top) / style.window.height * static_cast<float>(style.window.panes_y));
  const float pane_x = style.window.width * kBayWidth / static_cast<float>(style.window.panes_x);
  const float pane_y = style.window.height * kFloorHeight / static_cast<float>(style.window.panes_y);
  const float to_bar = std::min(std::min(wx, 1 - wx) * pane_x, std::min(wy, 1 - wy) * pane_y);
  const bool frame = inside < 0.06f || to_bar < 0.028f;
  if (frame) return {-0.12f, style.trim * 0.62f};
  // Panes mirror the sky in their upper half, each at a slightly different angle.
  const float slope = 0.75f + 0.5f * (1 - wy) + 0.12f * std::sin(7 * bx + 5 * std::floor(wx * 3));
  return {-0.16f, glass * slope};
}

Point ornament(const FacadeStyle& style, float bx, float fy, Point wall) {
  const float x = std::abs(bx - 0.5f), half = style.window.width / 2;
  const float foot = style.window.top + style.window.height;
  if (style.ornament.pier && x > 0.5f - 0.085f) wall = {0.14f, style.trim * 0.92f};
  if (style.ornament.band && fy < 0.085f) wall = {fy < 0.03f ? 0.16f : 0.09f, style.trim};
  if (style.ornament.sill && fy > foot && fy < foot + 0.04f && x < half + 0.05f)
    wall = {0.11f, style.trim * 1.05f};
  if (style.ornament.sill && !style.ornament.arch && fy < style.window.top &&
      fy > style.window.top - 0.055f && x < half + 0.03f) {
    wall = {0.05f, style.trim * 0.95f};
  }
  if (style.ornament.arch) {
    const float ring = -inside_window(style, bx, fy);
    if (ring > 0 && ring < 0.16f && fy < style.window.top + 0.3f) wall = {0.06f, style.trim};
  }
  return wall;
}

/// Lambert and two scales of hollow darkness from the heights, laid on the colours.
void shade(Canvas& canvas, const Field& height, float pixels_per_metre) {
  const Field near = blurred(height, 0.06f * pixels_per_metre),
              far = blurred(height, 0.3f * pixels_per_metre);
  const int w = height.width, h = height.height;
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      const float dx = (height.at((x + 1) % w, y) - height.at((x + w - 1) % w, y)) * pixels_per_metre * 0.5f;
      const float dy = (height.at(x, (y + 1) % h) - height.at(x, (y + h - 1) % h)) * pixels_per_metre * 0.5f;
      const float lit = std::clamp(1 - 0.16f * dx + 0.26f * dy, 0.45f, 1.55f);
      const float hollow = 3.2f * std::min(0.0f, height.at(x, y) - near.at(x, y)) +
                           1.8f * std::min(0.0f, height.at(x, y) - far.at(x, y));
      const float by = lit * std::max(0.35f, 1 + hollow);
      float* pixel = canvas.at(x, y);
      for (int c = 0; c < 3; ++c) pixel[c] *= by;
    }
  }
}

void paint_lamp_room(Canvas& canvas, Random& random, float x, float y, float w, float h) {
  const Rgb warm = mix(Rgb{1.0f, 0.72f, 0.36f}, Rgb{1.0f, 0.86f, 0.62f}, random.uniform());
  canvas.rect(x, y, w, h, warm * 0.62f);
  canvas.glow({x + w * random.uniform(0.3f, 0.7f), y + h * random.uniform(0.3f, 0.6f)}, w * 0.7f, h * 0.5f,
              warm, 0.55f);
  canvas.rect(x, y + h * 0.72f, w, h * 0.28f, warm * 0.34f, 0.7f);
  if (random.uniform() < 0.7f) {  // Curtains at the sides.
    const Rgb cloth = Rgb{0.62f, 0.36f, 0.22f} * random.uniform(0.6f, 1.0f);
    for (int side = 0; side < 2; ++side) {
      for (int fold = 0; fold < 3; ++fold) {
        const float at = (static_cast<float>(fold) + 0.5f) * w * 0.075f;
        canvas.rect(side == 0 ? x + at - w * 0.04f : x + w - at - w * 0.04f, y, w * 0.08f, h,
                    cloth * (fold == 1 ? 1.15f : 0.8f), 0.92f);
      }
    }
  }
}

void paint_office(Canvas& canvas, Random& random, float x, float y, float w, float h) {
  const Rgb cool = mix(Rgb{0.74f, 0.88f, 1.0f}, Rgb{0.96f, 0.97f, 0.86f}, random.uniform());
  canvas.rect(x, y, w, h, cool * 0.72f);
  canvas.rect(x, y, w, h * 0.24f, cool * 0.95f, 0.8f);
  for (int tube = 0; tube < 3; ++tube) {
    canvas.rect(x + w * (0.08f + 0.3f * static_cast<float>(tube)), y + h * 0.1f, w * 0.2f, h * 0.05f,
                {1, 1, 1});
  }
  canvas.rect(x, y + h * 0.66f, w, h * 0.34f, cool * 0.3f, 0.75f);
  canvas.dab({{x + w * random.uniform(0.2f, 0.8f), y + h * 0.6f},
              w * 0.07f,
              h * 0.11f,
              0,
              cool * 0.2f,
              0.85f,
              0.3f});
}

void paint_blind(Canvas& canvas, Random& random, float x, float y, float w, float h) {
  const float drop = random.uniform(0.35f, 1.0f);
  const Rgb slat = mix(Rgb{1.0f, 0.83f, 0.55f}, Rgb{0.86f, 0.92f, 0.98f}, random.uniform()) * 0.82f;
  const int slats = 12;
  for (int i = 0; i < slats; ++i) {
    const float at = static_cast<float>(i) / slats;
    if (at > drop) break;
    canvas.rect(x, y + h * at, w, h / slats * 0.72f, slat * (0.9f + 0.1f * random.uniform()), 0.95f);
    canvas.rect(x, y + h * (at + 0.72f / slats), w, h / slats * 0.28f, slat * 0.45f, 0.8f);
  }
}

void paint_room(Canvas& canvas, Random& random, float x, float y, float w, float h) {
  const int kind = random.below(10);
  if (kind < 4) {
    paint_lamp_room(canvas, random, x, y, w, h);
  } else if (kind < 7) {
    paint_office(canvas, random, x, y, w, h);
  } else if (kind < 8) {  // A screen flickers in the dark.
    canvas.rect(x, y, w, h, {0.12f, 0.17f, 0.34f});
    canvas.glow({x + w * 0.5f, y + h * 0.7f}, w * 0.75f, h * 0.6f, {0.35f, 0.6f, 1.0f}, 0.8f);
  } else {
    paint_lamp_room(canvas, random, x, y, w, h);
    paint_blind(canvas, random, x, y, w, h);
  }
  if (kind % 3 == 1) paint_blind(canvas, random, x, y, w, h * 0.5f);
  if (kind == 2 || kind == 5) {  // Somebody stands there.
    const float at = x + w * random.uniform(0.3f, 0.7f);
    canvas.dab({{at, y + h * 0.52f}, w * 0.075f, h * 0.07f, 0, {0.06f, 0.05f, 0.06f}, 0.9f, 0.3f});
    canvas.dab({{at, y + h * 0.85f}, w * 0.16f, h * 0.27f, 0, {0.07f, 0.05f, 0.06f}, 0.9f, 0.25f});
  }
}

}  // namespace

const std::vector<FacadeStyle>& facade_styles() {
  using Wall = WallMaterial;
  static const std::vector<FacadeStyle> styles = {
      {Wall::brick,
       {0.50f, 0.27f, 0.21f},
       {0.66f, 0.60f, 0.52f},
       {0.46f, 0.22f, 0.54f, 2, 2},
       {.sill = true}},
      {Wall::panel,
       {0.55f, 0.54f, 0.52f},
       {0.40f, 0.40f, 0.41f},
       {0.74f, 0.26f, 0.48f, 2, 1},
       {.band = true}},
      {Wall::glass, {0.22f, 0.26f, 0.30f}, {0.30f, 0.33f, 0.36f}, {0.96f, 0.10f, 0.72f, 2, 1}, {}},
      {Wall::stucco,
       {0.68f, 0.60f, 0.47f},
       {0.84f, 0.78f, 0.67f},
       {0.42f, 0.20f, 0.58f, 2, 3},
       {.band = true, .sill = true}},
      {Wall::tile,
       {0.25f, 0.27f, 0.31f},
       {0.36f, 0.37f, 0.40f},
       {0.60f, 0.30f, 0.42f, 3, 1},
       {.pier = true, .sill = true}},
      {Wall::stone,
       {0.60f, 0.55f, 0.46f},
       {0.70f, 0.65f, 0.56f},
       {0.48f, 0.16f, 0.66f, 2, 3},
       {true, true, true, true}},
      {Wall::brick,
       {0.37f, 0.30f, 0.27f},
       {0.30f, 0.30f, 0.31f},
       {0.68f, 0.20f, 0.58f, 4, 3},
       {.pier = true, .sill = true}},
      {Wall::panel,
       {0.36f, 0.40f, 0.44f},
       {0.52f, 0.54f, 0.56f},
       {1.00f, 0.34f, 0.40f, 3, 1},
       {.band = true}},
  };
  return styles;
}

Weathering paint_weathering(float detail, uint64_t seed) {
  const int side = paint::tile_side(512, detail);
  return {paint::fbm({side, side, 6, 6, 6, 0.55f, seed}), paint::fbm({side, side, 48, 3, 4, 0.5f, seed + 1})};
}

TexturePtr paint_facade(const FacadeStyle& style, const Weathering& weathering, Rgb glass, uint64_t seed) {
  const Field &grime = weathering.patches, &streaks = weathering.streaks;
  const int width = grime.width, height = grime.height;
  const float pixels_per_metre = static_cast<float>(width) / (kFacadeBays * kBayWidth);
  Canvas canvas(width, height, true);
  Field relief(width, height);
  for (int y = 0; y < height; ++y) {
    const float floors = static_cast<float>(y) / static_cast<float>(height) * kFacadeFloors;
    for (int x = 0; x < width; ++x) {
      const float bays = static_cast<float>(x) / static_cast<float>(width) * kFacadeBays;
      const float bx = fraction(bays), fy = fraction(floors), inside = inside_window(style, bx, fy);
      const bool opening = inside > 0;
      const Point point =
          opening ? window_point(style, glass, bx, fy, inside)
                  : ornament(style, bx, fy, wall_point(style, bays * kBayWidth, floors * kFloorHeight, seed));
      const float dirt = opening ? 1 : 0.66f + 0.46f * grime.at(x, y) + 0.42f * (streaks.at(x, y) - 0.5f);
      relief.at(x, y) = point.height + (opening ? 0 : 0.012f * grime.at(x, y));
      float* pixel = canvas.at(x, y);
      pixel[0] = point.color.x * dirt;
      pixel[1] = point.color.y * dirt;
      pixel[2] = point.color.z * dirt;
      pixel[3] = 1;
    }
  }
  shade(canvas, relief, pixels_per_metre);
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

TexturePtr paint_rooms(float detail, uint64_t seed) {
  Random random(derive_seed(seed, "rooms"));
  const int cell = paint::scaled(112, detail), side = cell * kRoomColumns;
  Canvas canvas(side, cell * kRoomRows);
  canvas.fill({0.3f, 0.24f, 0.18f});
  const float size = static_cast<float>(cell);
  for (int room = 0; room < kRoomColumns * kRoomRows; ++room) {
    const float x = static_cast<float>(room % kRoomColumns) * size,
                y = static_cast<float>(room / kRoomColumns) * size;
    Canvas one(cell, cell);
    paint_room(one, random, 0, 0, size, size);
    one.blur(size * 0.014f);
    canvas.draw(one, static_cast<int>(x), static_cast<int>(y));
  }
  return canvas.to_texture();
}

paint::UvRect room_uv(int room) {
  const float u = static_cast<float>(room % kRoomColumns) / kRoomColumns;
  const float v = static_cast<float>(room / kRoomColumns) / kRoomRows;
  const float margin = 0.012f;
  return {u + margin, v + margin, u + 1.0f / kRoomColumns - margin, v + 1.0f / kRoomRows - margin};
}

}  // namespace troupe::stage
