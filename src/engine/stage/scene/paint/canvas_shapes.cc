// Strokes and polygons: shapes whose coverage is gathered first, then laid once.
#include <algorithm>
#include <cmath>

#include "engine/stage/scene/paint/canvas.h"

namespace troupe::stage::paint {
namespace {

struct Box {
  int x0, y0, x1, y1;
  int width() const { return x1 - x0 + 1; }
};

Box bounds(std::span<const Point> points, float margin) {
  Point low = points[0], high = points[0];
  for (const Point p : points) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {static_cast<int>(std::floor(low.x - margin)), static_cast<int>(std::floor(low.y - margin)),
          static_cast<int>(std::ceil(high.x + margin)), static_cast<int>(std::ceil(high.y + margin))};
}

// Covers the tapered capsule a-b into `cover`, keeping the greater coverage where capsules overlap.
void cover_segment(std::vector<float>& cover, const Box& box, Point a, Point b, float ra, float rb) {
  const Point ends[] = {a, b};
  Box part = bounds(ends, std::max(ra, rb) + 1);
  part = {std::max(part.x0, box.x0), std::max(part.y0, box.y0), std::min(part.x1, box.x1),
          std::min(part.y1, box.y1)};
  const float ex = b.x - a.x, ey = b.y - a.y, inverse = 1 / std::max(ex * ex + ey * ey, 1e-9f);
  for (int y = part.y0; y <= part.y1; ++y) {
    for (int x = part.x0; x <= part.x1; ++x) {
      const float px = static_cast<float>(x) + 0.5f - a.x, py = static_cast<float>(y) + 0.5f - a.y;
      const float t = clamp01((px * ex + py * ey) * inverse), radius = ra + (rb - ra) * t;
      const float away = std::hypot(px - ex * t, py - ey * t);
      const float c = clamp01(std::max(radius, 0.5f) + 0.5f - away) * std::min(1.0f, radius * 2);
      float& slot = cover[static_cast<size_t>(y - box.y0) * static_cast<size_t>(box.width()) +
                          static_cast<size_t>(x - box.x0)];
      slot = std::max(slot, c);
    }
  }
}

// Adds the span [x0, x1) to a row of coverage that starts at pixel `origin`.
void cover_span(std::vector<float>& row, int origin, float x0, float x1, float weight) {
  const float left = std::max(x0 - static_cast<float>(origin), 0.0f);
  const float right = std::min(x1 - static_cast<float>(origin), static_cast<float>(row.size()));
  for (int x = static_cast<int>(left); static_cast<float>(x) < right; ++x) {
    const float from = std::max(left, static_cast<float>(x)), to = std::min(right, static_cast<float>(x + 1));
    row[static_cast<size_t>(x)] += (to - from) * weight;
  }
}

std::vector<float> crossings(std::span<const Point> points, float y) {
  std::vector<float> xs;
  for (size_t i = 0; i < points.size(); ++i) {
    const Point a = points[i], b = points[(i + 1) % points.size()];
    if ((a.y <= y) == (b.y <= y)) continue;
    xs.push_back(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y));
  }
  std::sort(xs.begin(), xs.end());
  return xs;
}

}  // namespace

void Canvas::stroke(std::span<const Point> points, const Stroke& stroke) {
  if (points.size() < 2) return;
  std::vector<float> along(points.size());
  for (size_t i = 1; i < points.size(); ++i) {
    along[i] = along[i - 1] + std::hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
  }
  const float total = std::max(along.back(), 1e-6f);
  for (float& a : along) a = mix(stroke.width_begin, stroke.width_end, a / total);
  ribbon(points, along, stroke.color, stroke.alpha, stroke.mode);
}

void Canvas::ribbon(std::span<const Point> points, std::span<const float> widths, Rgb color, float alpha,
                    Mode mode) {
  if (points.size() < 2 || widths.size() != points.size()) return;
  Box box = bounds(points, *std::max_element(widths.begin(), widths.end()) / 2 + 1);
  if (!seamless_) {
    box = {std::max(box.x0, 0), std::max(box.y0, 0), std::min(box.x1, width_ - 1),
           std::min(box.y1, height_ - 1)};
  }
  if (box.x1 < box.x0 || box.y1 < box.y0) return;
  std::vector<float> cover(static_cast<size_t>(box.width()) * static_cast<size_t>(box.y1 - box.y0 + 1));
  for (size_t i = 1; i < points.size(); ++i) {
    cover_segment(cover, box, points[i - 1], points[i], widths[i - 1] / 2, widths[i] / 2);
  }
  size_t slot = 0;
  for (int y = box.y0; y <= box.y1; ++y) {
    for (int x = box.x0; x <= box.x1; ++x, ++slot) {
      if (cover[slot] > 0) put(x, y, color, cover[slot] * alpha, mode);
    }
  }
}

void Canvas::polygon(std::span<const Point> points, Rgb color, float alpha, Mode mode) {
  if (points.size() < 3) return;
  Box box = bounds(points, 0);
  if (!seamless_) {
    box = {std::max(box.x0, 0), std::max(box.y0, 0), std::min(box.x1, width_ - 1),
           std::min(box.y1, height_ - 1)};
  }
  if (box.x1 < box.x0) return;
  constexpr int kSubRows = 4;
  std::vector<float> row(static_cast<size_t>(box.width()));
  for (int y = box.y0; y <= box.y1; ++y) {
    std::fill(row.begin(), row.end(), 0.0f);
    for (int sub = 0; sub < kSubRows; ++sub) {
      const std::vector<float> xs =
          crossings(points, static_cast<float>(y) + (static_cast<float>(sub) + 0.5f) / kSubRows);
      for (size_t i = 0; i + 1 < xs.size(); i += 2)
        cover_span(row, box.x0, xs[i], xs[i + 1], 1.0f / kSubRows);
    }
    for (int x = box.x0; x <= box.x1; ++x) {
      const float cover = row[static_cast<size_t>(x - box.x0)];
      if (cover > 0) put(x, y, color, cover * alpha, mode);
    }
  }
}

}  // namespace troupe::stage::paint
