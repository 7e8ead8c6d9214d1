#include "engine/stage/finish/bloom.h"

#include <algorithm>
#include <cmath>

namespace troupe::stage {
namespace {

constexpr int kShrink = 4;

struct Plane {
  int width = 0, height = 0;
  std::vector<float> values;
  Plane(int w, int h) : width(w), height(h), values(static_cast<size_t>(w) * h) {}
  float* row(int y) { return &values[static_cast<size_t>(y) * width]; }
  const float* row(int y) const { return &values[static_cast<size_t>(y) * width]; }
};

// A running mean of 2 * radius + 1 values, edges replicated; `step` is the distance between neighbours.
void box_line(const float* in, float* out, int count, int step, int radius) {
  const auto at = [&](int i) { return in[static_cast<ptrdiff_t>(std::clamp(i, 0, count - 1)) * step]; };
  float sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += at(i);
  const float scale = 1.0f / static_cast<float>(2 * radius + 1);
  for (int i = 0; i < count; ++i) {
    out[static_cast<ptrdiff_t>(i) * step] = sum * scale;
    sum += at(i + radius + 1) - at(i - radius);
  }
}

// Two box passes each way: a tent, near enough to a Gaussian of sigma ~ radius * 0.82.
void soften(Plane& plane, int radius) {
  if (radius < 1) return;
  Plane scratch(plane.width, plane.height);
  for (int pass = 0; pass < 2; ++pass) {
    for (int y = 0; y < plane.height; ++y) box_line(plane.row(y), scratch.row(y), plane.width, 1, radius);
    for (int x = 0; x < plane.width; ++x) {
      box_line(&scratch.values[static_cast<size_t>(x)], &plane.values[static_cast<size_t>(x)], plane.height,
               plane.width, radius);
    }
  }
}

Plane halved(const Plane& in) {
  Plane out((in.width + 1) / 2, (in.height + 1) / 2);
  for (int y = 0; y < out.height; ++y) {
    const float* a = in.row(std::min(2 * y, in.height - 1));
    const float* b = in.row(std::min(2 * y + 1, in.height - 1));
    for (int x = 0; x < out.width; ++x) {
      const int x0 = std::min(2 * x, in.width - 1), x1 = std::min(2 * x + 1, in.width - 1);
      out.row(y)[x] = (a[x0] + a[x1] + b[x0] + b[x1]) * 0.25f;
    }
  }
  return out;
}

// Adds `small`, scaled up bilinearly, to `out`.
void add_scaled(const Plane& small, float weight, Plane& out) {
  const float sx = static_cast<float>(small.width) / static_cast<float>(out.width);
  const float sy = static_cast<float>(small.height) / static_cast<float>(out.height);
  for (int y = 0; y < out.height; ++y) {
    const float fy = std::max(0.0f, (static_cast<float>(y) + 0.5f) * sy - 0.5f);
    const int y0 = std::min(static_cast<int>(fy), small.height - 1), y1 = std::min(y0 + 1, small.height - 1);
    const float ty = fy - static_cast<float>(y0);
    for (int x = 0; x < out.width; ++x) {
      const float fx = std::max(0.0f, (static_cast<float>(x) + 0.5f) * sx - 0.5f);
      const int x0 = std::min(static_cast<int>(fx), small.width - 1), x1 = std::min(x0 + 1, small.width - 1);
      const float tx = fx - static_cast<float>(x0);
      const float top = small.row(y0)[x0] * (1 - tx) + small.row(y0)[x1] * tx;
      const float bottom = small.row(y1)[x0] * (1 - tx) + small.row(y1)[x1] * tx;
      out.row(y)[x] += weight * (top * (1 - ty) + bottom * ty);
    }
  }
}

// Means of 4x4 blocks, less the threshold. What is just above it counts little, so nothing switches on.
Plane bright_parts(const RenderTarget& picture, int channel, float threshold) {
  Plane out((picture.size.width + kShrink - 1) / kShrink, (picture.size.height + kShrink - 1) / kShrink);
  const float knee = 1.0f / std::max(1.0f, 255 - threshold);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int sum = 0, peak = 0;
      for (int dy = 0; dy < kShrink; ++dy) {
        const uint8_t* row = picture.row(std::min(y * kShrink + dy, picture.size.height - 1));
        for (int dx = 0; dx < kShrink; ++dx) {
          const uint8_t* p =
              row + static_cast<size_t>(std::min(x * kShrink + dx, picture.size.width - 1)) * 4;
          sum += p[channel];
          peak += std::max({p[0], p[1], p[2]});
        }
      }
      const float over = clamp01((static_cast<float>(peak) / 16 - threshold) * knee);
      out.row(y)[x] = static_cast<float>(sum) / 16 * over;
    }
  }
  return out;
}

}  // namespace

void make_bloom(const RenderTarget& picture, float threshold, float strength, TaskQueue& queue,
                BloomMap& map) {
  queue.for_each(3, [&](int channel) {
    Plane fine = bright_parts(picture, channel, threshold);
    Plane middle = halved(fine);
    Plane wide = halved(halved(middle));
    const int unit = std::max(1, picture.size.height / 360);
    soften(fine, unit);
    soften(middle, 3 * unit);
    soften(wide, 3 * unit);
    for (float& value : fine.values) value *= 0.45f * strength;
    add_scaled(middle, 0.55f * strength, fine);
    add_scaled(wide, 0.5f * strength, fine);
    map.plane[channel] = std::move(fine.values);
    if (channel == 0) {
      map.width = fine.width;
      map.height = fine.height;
    }
  });
}

}  // namespace troupe::stage
