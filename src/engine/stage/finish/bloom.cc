#include "engine/stage/finish/bloom.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

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

// A running mean of 2 * radius + 1 values along a row, edges replicated.
void box_across(const float* in, float* out, int count, int radius) {
  const auto at = [&](int i) { return in[std::clamp(i, 0, count - 1)]; };
  float sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += at(i);
  const float scale = 1.0f / static_cast<float>(2 * radius + 1);
  for (int i = 0; i < count; ++i) {
    out[i] = sum * scale;
    sum += at(i + radius + 1) - at(i - radius);
  }
}

// The same down all columns at once.
void box_down(const Plane& in, Plane& out, int radius) {
  const auto row = [&](int y) { return in.row(std::clamp(y, 0, in.height - 1)); };
  std::vector<float> sums(static_cast<size_t>(in.width));
  float* sum = sums.data();
  for (int y = -radius; y <= radius; ++y) {
    const float* from = row(y);
    for (int x = 0; x < in.width; ++x) sum[x] += from[x];
  }
  const float scale = 1.0f / static_cast<float>(2 * radius + 1);
  for (int y = 0; y < in.height; ++y) {
    float* to = out.row(y);
    const float *enters = row(y + radius + 1), *leaves = row(y - radius);
    for (int x = 0; x < in.width; ++x) {
      to[x] = sum[x] * scale;
      sum[x] += enters[x] - leaves[x];
    }
  }
}

// Two box passes each way: a tent, near enough to a Gaussian of sigma ~ radius * 0.82.
void soften(Plane& plane, int radius) {
  if (radius < 1) return;
  Plane scratch(plane.width, plane.height);
  for (int pass = 0; pass < 2; ++pass) {
    for (int y = 0; y < plane.height; ++y) box_across(plane.row(y), scratch.row(y), plane.width, radius);
    box_down(scratch, plane, radius);
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

// Where a pixel of a large row lies between two of a small one.
struct Between {
  int left, right;
  float share;  // of the right one
};

std::vector<Between> columns_of(int small_width, int width) {
  std::vector<Between> columns(static_cast<size_t>(width));
  const float scale = static_cast<float>(small_width) / static_cast<float>(width);
  for (int x = 0; x < width; ++x) {
    const float fx = std::max(0.0f, (static_cast<float>(x) + 0.5f) * scale - 0.5f);
    const int left = std::min(static_cast<int>(fx), small_width - 1);
    columns[static_cast<size_t>(x)] = {left, std::min(left + 1, small_width - 1),
                                       fx - static_cast<float>(left)};
  }
  return columns;
}

// Adds `small`, scaled up bilinearly, to `out`.
void add_scaled(const Plane& small, float weight, Plane& out) {
  const std::vector<Between> columns = columns_of(small.width, out.width);
  const std::vector<Between> rows = columns_of(small.height, out.height);
  std::vector<float> mixed(static_cast<size_t>(small.width));
  for (int y = 0; y < out.height; ++y) {
    const Between& place = rows[static_cast<size_t>(y)];
    const float *top = small.row(place.left), *bottom = small.row(place.right);
    for (int x = 0; x < small.width; ++x) {
      mixed[static_cast<size_t>(x)] = weight * (top[x] + (bottom[x] - top[x]) * place.share);
    }
    float* to = out.row(y);
    for (const Between& column : columns) {
      const float left = mixed[static_cast<size_t>(column.left)];
      *to++ += left + (mixed[static_cast<size_t>(column.right)] - left) * column.share;
    }
  }
}

// Sums of 4x4 pixels, channel by channel.
struct BlockSum {
  uint32_t red_blue = 0, green_alpha = 0;  // two 16-bit sums each
  void add(const uint8_t* pixel) {
    uint32_t value;
    std::memcpy(&value, pixel, sizeof value);
    red_blue += value & 0x00FF00FF;
    green_alpha += (value >> 8) & 0x00FF00FF;
  }
  float mean(int channel) const {
    const uint32_t sum = channel == 0   ? red_blue & 0xFFFF
                         : channel == 1 ? green_alpha & 0xFFFF
                                        : red_blue >> 16;
    return static_cast<float>(sum) / (kShrink * kShrink);
  }
};

// Means of 4x4 blocks, less the threshold. What is just above it counts little, so nothing switches on.
void bright_row(const RenderTarget& picture, float threshold, int y, std::vector<Plane>& out) {
  const float knee = 1.0f / std::max(1.0f, 255 - threshold);
  for (int x = 0; x < out[0].width; ++x) {
    BlockSum block;
    for (int dy = 0; dy < kShrink; ++dy) {
      const uint8_t* row = picture.row(std::min(y * kShrink + dy, picture.size.height - 1));
      for (int dx = 0; dx < kShrink; ++dx) {
        block.add(row + static_cast<size_t>(std::min(x * kShrink + dx, picture.size.width - 1)) * 4);
      }
    }
    const float mean[3] = {block.mean(0), block.mean(1), block.mean(2)};
    const float over = clamp01((std::max({mean[0], mean[1], mean[2]}) - threshold) * knee);
    for (size_t c = 0; c < 3; ++c) out[c].row(y)[x] = mean[c] * over;
  }
}

// One channel's bright parts, spread little (0), more (1) or wide (2).
Plane blurred(const Plane& bright, int width, int unit) {
  Plane plane = width == 0 ? bright : width == 1 ? halved(bright) : halved(halved(halved(bright)));
  soften(plane, width == 0 ? unit : 3 * unit);
  return plane;
}

}  // namespace

void make_bloom(const RenderTarget& picture, float threshold, float strength, TaskQueue& queue,
                BloomMap& map) {
  constexpr int kBandRows = 8, kWidths = 3;
  const auto part = [](int side) { return (side + kShrink - 1) / kShrink; };
  map.width = part(picture.size.width);
  map.height = part(picture.size.height);
  std::vector<Plane> bright(3, Plane(map.width, map.height));
  queue.for_each((map.height + kBandRows - 1) / kBandRows, [&](int band) {
    const int end = std::min((band + 1) * kBandRows, map.height);
    for (int y = band * kBandRows; y < end; ++y) bright_row(picture, threshold, y, bright);
  });
  const int unit = std::max(1, picture.size.height / 360);
  std::vector<Plane> glow(3 * kWidths, Plane(0, 0));
  queue.for_each(3 * kWidths, [&](int i) {  // the fine ones, which take longest, first
    glow[static_cast<size_t>(i)] = blurred(bright[static_cast<size_t>(i % 3)], i / 3, unit);
  });
  queue.for_each(3, [&](int channel) {
    const auto c = static_cast<size_t>(channel);
    for (float& value : glow[c].values) value *= 0.45f * strength;
    add_scaled(glow[3 + c], 0.55f * strength, glow[c]);
    add_scaled(glow[6 + c], 0.5f * strength, glow[c]);
    map.plane[c] = std::move(glow[c].values);
  });
}

}  // namespace troupe::stage
