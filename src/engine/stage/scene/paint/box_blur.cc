#include "engine/stage/scene/paint/box_blur.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace troupe::stage::paint {
namespace {

int source_index(int i, int n, bool wrap) {
  if (!wrap) return std::clamp(i, 0, n - 1);
  const int m = i % n;
  return m < 0 ? m + n : m;
}

// One box mean along a line of `n` groups of `lanes` neighbouring floats, `stride` floats apart.
void blur_line(float* line, int n, size_t stride, int lanes, int radius, bool wrap, std::vector<float>& copy,
               std::vector<float>& sum) {
  const auto width = static_cast<size_t>(lanes);
  copy.resize(static_cast<size_t>(n) * width);
  for (int i = 0; i < n; ++i) {
    std::copy_n(line + static_cast<size_t>(i) * stride, width, copy.data() + static_cast<size_t>(i) * width);
  }
  sum.assign(width, 0.0f);
  const auto group = [&](int i) {
    return copy.data() + static_cast<size_t>(source_index(i, n, wrap)) * width;
  };
  for (int i = -radius; i <= radius; ++i) {
    const float* p = group(i);
    for (size_t c = 0; c < width; ++c) sum[c] += p[c];
  }
  const float scale = 1.0f / static_cast<float>(2 * radius + 1);
  for (int i = 0; i < n; ++i) {
    float* out = line + static_cast<size_t>(i) * stride;
    const float* in = group(i + radius + 1);
    const float* gone = group(i - radius);
    for (size_t c = 0; c < width; ++c) {
      out[c] = sum[c] * scale;
      sum[c] += in[c] - gone[c];
    }
  }
}

// Three boxes of this radius have the variance of the Gaussian: 3 * ((2r+1)^2 - 1) / 12 = sigma^2.
int radius_of(float sigma) {
  return sigma <= 0 ? 0
                    : std::max(1, static_cast<int>(std::lround((std::sqrt(4 * sigma * sigma + 1) - 1) / 2)));
}

}  // namespace

void box_blur(std::vector<float>& values, int width, int height, int channels, float sigma_x, float sigma_y,
              bool wrap) {
  if (width <= 0 || height <= 0) return;
  const auto row = static_cast<size_t>(width) * static_cast<size_t>(channels);
  std::vector<float> copy, sum;
  for (int pass = 0; pass < 3; ++pass) {
    if (const int radius = radius_of(sigma_x); radius > 0) {
      for (int y = 0; y < height; ++y) {
        blur_line(values.data() + static_cast<size_t>(y) * row, width, static_cast<size_t>(channels),
                  channels, std::min(radius, width), wrap, copy, sum);
      }
    }
    const int radius = radius_of(sigma_y);
    // Columns go 16 floats at a time, a cache line.
    for (size_t x = 0; radius > 0 && x < row; x += 16) {
      const int lanes = static_cast<int>(std::min<size_t>(16, row - x));
      blur_line(values.data() + x, height, row, lanes, std::min(radius, height), wrap, copy, sum);
    }
  }
}

}  // namespace troupe::stage::paint
