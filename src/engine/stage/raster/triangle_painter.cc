#include "engine/stage/raster/triangle_painter.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "engine/stage/raster/span.h"

namespace troupe::stage {
namespace {

constexpr int kSpanPixels = 16;        // across which depth may change
constexpr int kLevelSpanPixels = 64;   // where it does not; still short enough for one mip level
constexpr float kLevelChange = 1e-3f;  // of depth along the row: a quarter of a texel in a thousand pixels
constexpr int kSmallTriangle = 40;     // pixels: hardly longer than two spans

// Where an edge crosses a row's centre. Ends are taken in a fixed order, so that two triangles that share
// an edge compute the same crossing and leave neither gap nor overlap.
bool crossing(float ax, float ay, float bx, float by, float y, float& x) {
  if (ay > by || (ay == by && ax > bx)) {
    std::swap(ax, bx);
    std::swap(ay, by);
  }
  if (!(ay <= y && y < by)) return false;
  x = ax + (bx - ax) * ((y - ay) / (by - ay));
  return true;
}

// log2 by the exponent and a parabola through the mantissa: within 0.01, which no eye sees in a mip level.
float fast_log2(float v) {
  const auto bits = std::bit_cast<uint32_t>(v);
  const auto exponent = static_cast<float>(static_cast<int>(bits >> 23) - 127);
  const float m = std::bit_cast<float>((bits & 0x7FFFFF) | 0x3F800000);
  return exponent + (-0.34484843f * m + 2.02466578f) * m - 1.67487759f;
}

// Draws runs of one triangle.
class TrianglePainter {
 public:
  TrianglePainter(const ScreenTriangle& triangle, Rgb haze_color, RenderTarget& target)
      : t_(triangle),
        target_(target),
        haze_color_(haze_color),
        lod_(common_level()),
        step_(level_across() ? kLevelSpanPixels : kSpanPixels) {}

  void run(PixelRun run) const {
    for (int x = run.begin; x < run.end; x += step_) span(x, run.row, std::min(step_, run.end - x));
  }

 private:
  float at(int attribute, float x, float y) const {
    return t_.origin[attribute] + t_.dx[attribute] * x + t_.dy[attribute] * y;
  }

  void span(int x, int y, int count) const {
    const float px = static_cast<float>(x) + 0.5f, py = static_cast<float>(y) + 0.5f;
    const float w0 = 1 / std::max(at(kW, px, py), 1e-9f);
    const float last = px + static_cast<float>(count - 1);
    const float w1 = 1 / std::max(at(kW, last, py), 1e-9f);
    const float u0 = at(kU, px, py) * w0, v0 = at(kV, px, py) * w0;
    const float step = count > 1 ? 1.0f / static_cast<float>(count - 1) : 0;
    Span s;
    s.u = u0;
    s.v = v0;
    s.du = (at(kU, last, py) * w1 - u0) * step;
    s.dv = (at(kV, last, py) * w1 - v0) * step;
    if (!(std::abs(u0) < kTextureLimit && std::abs(v0) < kTextureLimit)) return;
    if (!(std::abs(s.du) < kTextureLimit && std::abs(s.dv) < kTextureLimit)) return;
    for (int c = 0; c < 3; ++c) {
      s.light[c] = at(kLightR + c, px, py);
      s.light_step[c] = t_.dx[kLightR + c];
    }
    s.haze = at(kHaze, px, py);
    s.haze_step = t_.dx[kHaze];
    s.opacity = at(kOpacity, px, py);
    s.opacity_step = t_.dx[kOpacity];
    s.haze_color = haze_color_;
    s.add = t_.add;
    s.solid = t_.solid;
    s.pixels = target_.row(y) + static_cast<size_t>(x) * 4;
    s.count = count;
    if (lod_) {
      set_level(*lod_, s);
    } else {
      set_level(level_of_detail(u0, v0, w0), s);
    }
    if (!shows_nothing(s)) draw_span(s);
  }

  // Most of a tree's card is empty: a look at the texture's block map is cheaper than sampling it.
  bool shows_nothing(const Span& s) const {
    if (t_.texture->opaque() || s.repeat_u || s.repeat_v) return false;
    const Texture::Level& level = *s.sharp;
    const auto block = [](float position, int size) {
      return static_cast<int>(
                 std::clamp(position * static_cast<float>(size), 0.0f, static_cast<float>(size - 1))) /
             Texture::kBlock;
    };
    const auto last = static_cast<float>(s.count - 1);
    const int x0 = block(s.u, level.width), x1 = block(s.u + s.du * last, level.width);
    const int y0 = block(s.v, level.height), y1 = block(s.v + s.dv * last, level.height);
    for (int y = std::min(y0, y1); y <= std::max(y0, y1); ++y) {
      const uint8_t* row = &level.occupied[static_cast<size_t>(y) * static_cast<size_t>(level.blocks_across)];
      for (int x = std::min(x0, x1); x <= std::max(x0, x1); ++x) {
        if (row[x]) return false;
      }
    }
    return true;
  }

  // Mip level from the footprint of a pixel. Where it is long and thin (ground seen flat) the level is taken
  // up to 1.5 sharper than its long side asks, which keeps detail at the price of a little shimmer far away.
  float level_of_detail(float u, float v, float w) const {
    const Texture::Level& top = t_.texture->levels()[0];
    const auto width = static_cast<float>(top.width), height = static_cast<float>(top.height);
    const float ux = (t_.dx[kU] - u * t_.dx[kW]) * w * width, vx = (t_.dx[kV] - v * t_.dx[kW]) * w * height;
    const float uy = (t_.dy[kU] - u * t_.dy[kW]) * w * width, vy = (t_.dy[kV] - v * t_.dy[kW]) * w * height;
    const float across = ux * ux + vx * vx + 1e-12f, down = uy * uy + vy * vy + 1e-12f;
    const float longer = 0.5f * fast_log2(std::max(across, down));
    const float shorter = 0.5f * fast_log2(std::min(across, down));
    return longer - std::clamp(0.5f * (longer - shorter), 0.0f, 1.5f) + t_.mip_bias;
  }

  // A small triangle has one level, taken at its middle.
  std::optional<float> common_level() const {
    const auto [left, right] = std::minmax({t_.x[0], t_.x[1], t_.x[2]});
    if (!(right - left < kSmallTriangle) || t_.row_end - t_.row_begin > kSmallTriangle) return std::nullopt;
    const float x = (t_.x[0] + t_.x[1] + t_.x[2]) / 3, y = (t_.y[0] + t_.y[1] + t_.y[2]) / 3;
    const float w = 1 / std::max(at(kW, x, y), 1e-9f);
    return level_of_detail(at(kU, x, y) * w, at(kV, x, y) * w, w);
  }

  // Whether depth is the same all along a row: so it is on the ground, and on cards that face the viewer.
  bool level_across() const {
    const auto [left, right] = std::minmax({t_.x[0], t_.x[1], t_.x[2]});
    const float change = std::abs(t_.dx[kW]) * std::min(right - left, static_cast<float>(target_.size.width));
    float farthest = INFINITY;
    for (int i = 0; i < 3; ++i) farthest = std::min(farthest, at(kW, t_.x[i], t_.y[i]));
    return change <= kLevelChange * farthest;
  }

  void set_level(float lod, Span& s) const {
    const auto& levels = t_.texture->levels();
    const float clamped = std::clamp(lod, 0.0f, static_cast<float>(levels.size() - 1));
    const auto level = static_cast<size_t>(clamped);
    // Two levels are read only in the middle third between them: nearly as smooth, much cheaper.
    const float blend = clamp01((clamped - static_cast<float>(level)) * 3 - 1);
    s.sharp = &levels[blend >= 1 ? level + 1 : level];
    s.soft = blend > 0 && blend < 1 ? &levels[level + 1] : nullptr;
    s.blend = blend;
    s.repeat_u = t_.texture->wrap_u() == Wrap::repeat;
    s.repeat_v = t_.texture->wrap_v() == Wrap::repeat;
  }

  const ScreenTriangle& t_;
  RenderTarget& target_;
  Rgb haze_color_;
  std::optional<float> lod_;
  int step_;
};

}  // namespace

PixelRun run_of(const ScreenTriangle& t, int y, int width) {
  const float centre = static_cast<float>(y) + 0.5f, limit = static_cast<float>(width);
  float left = INFINITY, right = -INFINITY;
  for (int i = 0; i < 3; ++i) {
    const int j = (i + 1) % 3;
    float x;
    if (!crossing(t.x[i], t.y[i], t.x[j], t.y[j], centre, x)) continue;
    left = std::min(left, x);
    right = std::max(right, x);
  }
  if (!(left < right)) return {y, 0, 0};
  return {y, static_cast<int>(std::ceil(std::clamp(left - 0.5f, 0.0f, limit))),
          static_cast<int>(std::ceil(std::clamp(right - 0.5f, 0.0f, limit)))};
}

void paint_runs(const ScreenTriangle& triangle, std::span<const PixelRun> runs, Rgb haze_color,
                RenderTarget& target) {
  const TrianglePainter painter(triangle, haze_color, target);
  for (const PixelRun& run : runs) painter.run(run);
}

}  // namespace troupe::stage
