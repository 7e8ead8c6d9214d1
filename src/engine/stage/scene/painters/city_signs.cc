#include "engine/stage/scene/painters/city_signs.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"

namespace troupe::stage {
namespace {

using paint::Canvas;
using paint::Mode;
using paint::Point;

using Line = std::vector<Point>;

constexpr float kBorder = 0.22f;  // of a glyph's side, around the glyphs

/// An invented sign of two to four strokes in the unit square: bars, hooks and bows between the points of a
/// 3 x 4 lattice, the way scripts are built, but of none.
std::vector<Line> invent_glyph(Random& random) {
  const auto lattice = [&] {
    return Point{0.5f * static_cast<float>(random.below(3)), static_cast<float>(random.below(4)) / 3};
  };
  std::vector<Line> lines;
  if (random.uniform() < 0.55f) {
    const float y = static_cast<float>(random.below(3)) / 3;
    lines.push_back({{0.04f, y}, {0.96f, y}});
  }
  if (random.uniform() < 0.5f) {
    const float x = 0.5f * static_cast<float>(random.below(3));
    lines.push_back({{x, 0}, {x, 1}});
  }
  const int strokes = 1 + random.below(2);
  for (int i = 0; i < strokes; ++i) {
    const Point a = lattice(), b = lattice();
    if (std::hypot(a.x - b.x, a.y - b.y) < 0.3f) continue;
    if (random.uniform() < 0.5f) {
      lines.push_back({a, {a.x, b.y}, b});
    } else {
      Line bow;
      const float bend = random.uniform(-0.35f, 0.35f);
      for (int step = 0; step <= 8; ++step) {
        const float t = static_cast<float>(step) / 8, out = bend * 4 * t * (1 - t);
        bow.push_back({mix(a.x, b.x, t) + (b.y - a.y) * out, mix(a.y, b.y, t) - (b.x - a.x) * out});
      }
      lines.push_back(bow);
    }
  }
  // A ring or a pair of dots, which no syllabary combines with such strokes.
  const Point hub = {0.25f + 0.5f * static_cast<float>(random.below(2)), random.uniform(0.25f, 0.75f)};
  const float radius = random.uniform(0.14f, 0.24f), turn = random.uniform(0, 6.28f);
  const float arc = random.uniform() < 0.5f ? 6.28f : 4.2f;
  Line ring;
  for (int step = 0; step <= 14; ++step) {
    const float angle = turn + arc * static_cast<float>(step) / 14;
    ring.push_back({hub.x + radius * std::cos(angle), hub.y + radius * std::sin(angle)});
  }
  lines.push_back(ring);
  return lines;
}

void draw_line(Canvas& canvas, const Line& line, Point origin, float size, float width, Rgb color,
               float alpha, Mode mode = Mode::over) {
  Line placed;
  for (const Point& p : line) {
    placed.push_back({origin.x + clamp01(p.x) * size, origin.y + clamp01(p.y) * size});
  }
  canvas.stroke(placed, {width, width, color, alpha, mode});
}

struct Layout {
  float cell = 64;
  int width = 64, height = 64;
  Point origin(const SignSpec& spec, int glyph) const {
    const float at = cell * (kBorder + static_cast<float>(glyph) * 1.12f + 0.06f);
    return spec.upright ? Point{cell * (kBorder + 0.06f), at} : Point{at, cell * (kBorder + 0.06f)};
  }
};

Layout layout(const SignSpec& spec, float detail) {
  Layout plan;
  plan.cell = static_cast<float>(paint::scaled(spec.upright ? 84 : 78, detail));
  const float across = plan.cell * (1 + 2 * kBorder),
              along = plan.cell * (1.12f * static_cast<float>(spec.glyphs) + 2 * kBorder);
  plan.width = static_cast<int>(spec.upright ? across : along);
  plan.height = static_cast<int>(spec.upright ? along : across);
  return plan;
}

Line frame_line(const Layout& plan, float inset) {
  const float w = static_cast<float>(plan.width) - inset, h = static_cast<float>(plan.height) - inset;
  return {{inset, inset}, {w, inset}, {w, h}, {inset, h}, {inset, inset}};
}

void paint_tubes(Canvas& canvas, const SignSpec& spec, const Layout& plan, Random& random) {
  canvas.fill(spec.color * 0.07f + Rgb{0.015f, 0.015f, 0.025f});
  std::vector<std::pair<Line, Rgb>> tubes;
  const bool two_tone = random.uniform() < 0.5f;
  tubes.push_back({frame_line(plan, plan.cell * 0.11f), two_tone ? spec.second : spec.color});
  for (int glyph = 0; glyph < spec.glyphs; ++glyph) {
    const Point origin = plan.origin(spec, glyph);
    for (Line line : invent_glyph(random)) {
      for (Point& p : line)
        p = {origin.x + clamp01(p.x) * plan.cell * 0.88f, origin.y + clamp01(p.y) * plan.cell * 0.88f};
      tubes.push_back({line, spec.color});
    }
  }
  // The light around the tubes first, then the tubes, whose hearts burn out to white.
  const float width = plan.cell * 0.085f;
  Canvas glow(canvas.width(), canvas.height());
  for (const auto& [line, color] : tubes) glow.stroke(line, {width * 1.6f, width * 1.6f, color, 1});
  glow.blur(plan.cell * 0.11f);
  canvas.draw(glow, 0, 0, 1, Mode::add);
  for (const auto& [line, color] : tubes) canvas.stroke(line, {width, width, color * 1.05f, 1});
  for (const auto& [line, color] : tubes) {
    canvas.stroke(line, {width * 0.5f, width * 0.5f, mix(color, {1, 1, 1}, 0.78f), 0.95f});
  }
}

void paint_box(Canvas& canvas, const SignSpec& spec, const Layout& plan, Random& random) {
  const Rgb edge = spec.color * 0.72f, heart = mix(spec.color, {1, 1, 1}, 0.42f);
  canvas.fill([&](float u, float v) {
    const float to_edge = std::min(std::min(u, 1 - u), std::min(v, 1 - v));
    return paint::Stop{0, mix(edge, heart, smoothstep(0, 0.4f, to_edge))};
  });
  const Rgb ink = random.uniform() < 0.5f ? Rgb{0.10f, 0.03f, 0.06f} : Rgb{1, 1, 1};
  const float width = plan.cell * 0.115f;
  for (int glyph = 0; glyph < spec.glyphs; ++glyph) {
    for (const Line& line : invent_glyph(random)) {
      draw_line(canvas, line, plan.origin(spec, glyph), plan.cell * 0.88f, width, ink, 0.95f);
    }
  }
  canvas.stroke(frame_line(plan, plan.cell * 0.03f),
                {plan.cell * 0.07f, plan.cell * 0.07f, {0.05f, 0.05f, 0.06f}, 1});
}

void paint_screen(Canvas& canvas, const SignSpec& spec, const Layout& plan, Random& random) {
  const float w = static_cast<float>(plan.width), h = static_cast<float>(plan.height);
  const float phase = random.uniform(0, 6);
  canvas.fill([&](float u, float v) {
    const float wave = 0.5f + 0.5f * std::sin(phase + 5 * u + 4 * v + 2 * std::sin(3 * v + phase));
    return paint::Stop{0, mix(spec.color, spec.second, wave) * (0.42f + 0.36f * wave)};
  });
  for (int i = 0; i < 5; ++i) {
    const float r = h * random.uniform(0.08f, 0.3f);
    canvas.dab({{random.uniform(0, w), random.uniform(0, h)},
                r,
                r,
                0,
                mix(spec.color, {1, 1, 1}, 0.5f * random.uniform()) * 0.9f,
                0.5f,
                0.15f});
  }
  const float size = std::min(w, h) * 0.34f;
  for (int glyph = 0; glyph < 2; ++glyph) {
    const Point at = spec.upright ? Point{w * 0.32f, h * (0.2f + 0.34f * static_cast<float>(glyph))}
                                  : Point{w * (0.18f + 0.34f * static_cast<float>(glyph)), h * 0.32f};
    for (const Line& line : invent_glyph(random))
      draw_line(canvas, line, at, size, size * 0.13f, {1, 1, 1}, 0.95f);
  }
  // Rows of diodes.
  for (int y = 0; y < plan.height; y += 4) canvas.rect(0, static_cast<float>(y), w, 1, {0, 0, 0.02f}, 0.16f);
}

}  // namespace

float sign_aspect(const SignSpec& spec) {
  const float across = 1 + 2 * kBorder, along = 1.12f * static_cast<float>(spec.glyphs) + 2 * kBorder;
  return spec.upright ? along / across : across / along;
}

TexturePtr paint_sign(const SignSpec& spec, float detail) {
  Random random(derive_seed(spec.seed, "sign"));
  const Layout plan = layout(spec, detail);
  Canvas canvas(plan.width, plan.height);
  switch (spec.kind) {
    case SignKind::tubes:
      paint_tubes(canvas, spec, plan, random);
      break;
    case SignKind::box:
      paint_box(canvas, spec, plan, random);
      break;
    case SignKind::screen:
      paint_screen(canvas, spec, plan, random);
      break;
  }
  canvas.clear_rim(1);
  return canvas.to_texture();
}

TexturePtr paint_halo() {
  Canvas canvas(64, 64);
  canvas.fill([](float u, float v) {
    const float r = std::min(1.0f, 2 * std::hypot(u - 0.5f, v - 0.5f));
    // A sharp heart on a wide skirt, the way light spreads in moist air; exactly 0 at the rim.
    const float light = 0.6f * std::pow(1 - r, 2.2f) + 0.4f * std::pow(1 - r, 6.0f);
    return paint::Stop{0, {1, 1, 1}, light};
  });
  return canvas.to_texture();
}

TexturePtr paint_streak() {
  Canvas canvas(32, 128);
  canvas.fill([](float u, float v) {
    const float across = std::max(0.0f, 1 - std::abs(2 * u - 1)), side = across * across * (3 - 2 * across);
    const float along = std::pow(1 - v, 1.6f) * smoothstep(0, 0.05f, v);
    return paint::Stop{0, {1, 1, 1}, side * along};
  });
  return canvas.to_texture();
}

}  // namespace troupe::stage
