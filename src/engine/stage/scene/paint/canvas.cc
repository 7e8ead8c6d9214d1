#include "engine/stage/scene/paint/canvas.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/scene/paint/box_blur.h"

namespace troupe::stage::paint {
namespace {

int wrapped(int i, int n) {
  const int m = i % n;
  return m < 0 ? m + n : m;
}

uint8_t to_byte(float v) { return static_cast<uint8_t>(clamp01(v) * 255.0f + 0.5f); }

}  // namespace

Stop gradient_at(std::span<const Stop> stops, float t) {
  if (stops.empty()) return {};
  size_t i = 0;
  while (i + 1 < stops.size() && stops[i + 1].at < t) ++i;
  if (i + 1 >= stops.size()) return stops.back();
  const Stop &a = stops[i], &b = stops[i + 1];
  const float s = clamp01((t - a.at) / std::max(b.at - a.at, 1e-6f));
  return {t, mix(a.color, b.color, s), mix(a.alpha, b.alpha, s)};
}

Canvas::Canvas(int width, int height, bool seamless)
    : width_(width),
      height_(height),
      seamless_(seamless),
      values_(static_cast<size_t>(width) * static_cast<size_t>(height) * 4) {}

void Canvas::put(int x, int y, Rgb color, float alpha, Mode mode) {
  if (seamless_) {
    x = wrapped(x, width_);
    y = wrapped(y, height_);
  } else if (x < 0 || y < 0 || x >= width_ || y >= height_) {
    return;
  }
  blend(at(x, y), color, alpha, mode);
}

void Canvas::fill(Rgb color, float alpha) {
  for (size_t i = 0; i < values_.size(); i += 4) {
    values_[i] = color.x * alpha;
    values_[i + 1] = color.y * alpha;
    values_[i + 2] = color.z * alpha;
    values_[i + 3] = alpha;
  }
}

void Canvas::fill(const std::function<Stop(float u, float v)>& paint, Mode mode) {
  for (int y = 0; y < height_; ++y) {
    const float v = (static_cast<float>(y) + 0.5f) / static_cast<float>(height_);
    for (int x = 0; x < width_; ++x) {
      const Stop s = paint((static_cast<float>(x) + 0.5f) / static_cast<float>(width_), v);
      blend(at(x, y), s.color, s.alpha, mode);
    }
  }
}

void Canvas::gradient(std::span<const Stop> stops, Mode mode) {
  for (int y = 0; y < height_; ++y) {
    const Stop s = gradient_at(stops, (static_cast<float>(y) + 0.5f) / static_cast<float>(height_));
    for (int x = 0; x < width_; ++x) blend(at(x, y), s.color, s.alpha, mode);
  }
}

void Canvas::dab(const Dab& dab) {
  // Thinner than a pixel: as wide as one, and fainter.
  const float rx = std::max(dab.rx, 0.6f), ry = std::max(dab.ry, 0.6f);
  const float alpha = dab.alpha * std::min(1.0f, dab.rx / rx) * std::min(1.0f, dab.ry / ry);
  const float c = std::cos(dab.angle), s = std::sin(dab.angle), pixel = 0.5f / std::min(rx, ry);
  const float outer = 1 + pixel * (1 - dab.softness), inner = std::max(0.0f, 1 - dab.softness - pixel);
  const float reach_x = std::hypot(rx * c, ry * s) * outer, reach_y = std::hypot(rx * s, ry * c) * outer;
  int x0 = static_cast<int>(std::floor(dab.centre.x - reach_x));
  int x1 = static_cast<int>(std::ceil(dab.centre.x + reach_x));
  int y0 = static_cast<int>(std::floor(dab.centre.y - reach_y));
  int y1 = static_cast<int>(std::ceil(dab.centre.y + reach_y));
  if (!seamless_) {
    x0 = std::max(x0, 0);
    y0 = std::max(y0, 0);
    x1 = std::min(x1, width_ - 1);
    y1 = std::min(y1, height_ - 1);
  }
  for (int y = y0; y <= y1; ++y) {
    const float dy = static_cast<float>(y) + 0.5f - dab.centre.y;
    for (int x = x0; x <= x1; ++x) {
      const float dx = static_cast<float>(x) + 0.5f - dab.centre.x;
      const float u = (dx * c + dy * s) / rx, v = (dy * c - dx * s) / ry, q2 = u * u + v * v;
      if (q2 >= outer * outer) continue;
      const float cover = q2 <= inner * inner ? 1 : 1 - smoothstep(inner, outer, std::sqrt(q2));
      put(x, y, dab.color, alpha * cover, dab.mode);
    }
  }
}

void Canvas::glow(Point centre, float rx, float ry, Rgb color, float alpha, Mode mode) {
  dab({.centre = centre, .rx = rx, .ry = ry, .color = color, .alpha = alpha, .softness = 1, .mode = mode});
}

void Canvas::rect(float x, float y, float width, float height, Rgb color, float alpha, Mode mode) {
  const Point corners[] = {{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}};
  polygon(corners, color, alpha, mode);
}

void Canvas::draw(const Canvas& picture, int x, int y, float alpha, Mode mode) {
  for (int row = 0; row < picture.height_; ++row) {
    for (int column = 0; column < picture.width_; ++column) {
      const float* p = picture.at(column, row);
      if (p[3] <= 0 && mode != Mode::add) continue;
      // put() wants a straight colour; added light has no alpha to divide by.
      const float a = mode == Mode::add ? 1.0f : p[3];
      put(x + column, y + row, {p[0] / a, p[1] / a, p[2] / a}, a * alpha, mode);
    }
  }
}

void Canvas::blur(float sigma_x, float sigma_y) {
  box_blur(values_, width_, height_, 4, sigma_x, sigma_y, seamless_);
}

void Canvas::tint(Rgb by) {
  for (size_t i = 0; i < values_.size(); i += 4) {
    values_[i] *= by.x;
    values_[i + 1] *= by.y;
    values_[i + 2] *= by.z;
  }
}

void Canvas::fade_foot(float share) {
  const float rows = share * static_cast<float>(height_);
  for (int y = 0; y < height_; ++y) {
    const float keep = smoothstep(0, rows, static_cast<float>(height_ - y) - 1.0f);
    if (keep >= 1) continue;
    for (int x = 0; x < width_; ++x) blend(at(x, y), {}, 1 - keep, Mode::erase);
  }
}

void Canvas::fade_sides(float share) {
  const float columns = share * static_cast<float>(width_);
  for (int x = 0; x < width_; ++x) {
    const float keep = smoothstep(0, columns, static_cast<float>(std::min(x, width_ - 1 - x)));
    if (keep >= 1) continue;
    for (int y = 0; y < height_; ++y) blend(at(x, y), {}, 1 - keep, Mode::erase);
  }
}

void Canvas::clear_rim(int pixels) {
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      const int edge = std::min({x, y, width_ - 1 - x, height_ - 1 - y});
      if (edge < pixels) std::fill_n(at(x, y), 4, 0.0f);
    }
  }
}

Image Canvas::to_image() const {
  Image image(width_, height_);
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      const float* p = at(x, y);
      uint8_t* out = image.at(x, y);
      const float scale = p[3] > 1e-4f ? 1 / p[3] : 0;
      for (int c = 0; c < 3; ++c) out[c] = to_byte(p[c] * scale);
      out[3] = to_byte(p[3]);
    }
  }
  return image;
}

TexturePtr Canvas::to_texture(Wrap wrap_u, Wrap wrap_v) const {
  return Texture::make(to_image(), wrap_u, wrap_v);
}

int tile_side(int pixels, float detail) {
  const float wanted = std::max(16.0f, static_cast<float>(pixels) * detail);
  return 1 << static_cast<int>(std::lround(std::log2(wanted)));
}

int scaled(int pixels, float detail) {
  return std::max(8, static_cast<int>(std::lround(static_cast<float>(pixels) * detail)));
}

}  // namespace troupe::stage::paint
