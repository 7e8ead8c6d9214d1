// Pictures made larger or smaller exactly as Pillow does: the models' authors prepared their references with
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "core/image.h"

namespace troupe::engine::wan {

/// 8-bit sRGB: rows top-down, R, G, B, no padding between rows.
struct Rgb {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> values;  ///< width * height * 3

  Rgb() = default;
  Rgb(int w, int h, uint8_t fill = 0)
      : width(w), height(h), values(static_cast<size_t>(w) * static_cast<size_t>(h) * 3, fill) {}
  uint8_t* row(int y) { return &values[static_cast<size_t>(y) * static_cast<size_t>(width) * 3]; }
  const uint8_t* row(int y) const { return &values[static_cast<size_t>(y) * static_cast<size_t>(width) * 3]; }
  bool operator==(const Rgb&) const = default;
};

/// The picture on white: the networks know no transparency, and white is what their references stand on.
Rgb rgb_on_white(const Image& image);

enum class Filter {
  bicubic,  ///< a = -0.5, support 2
  lanczos,  ///< support 3
};

inline constexpr int kResizeSideMax = 16384;

/// Image.resize((width, height), filter) of Pillow 9.4, bit for bit: rows first, then columns, each with
/// coefficients of 22 bits, rounded to 8 bits in between; when it gets smaller the filter widens, so nothing
/// aliases. The same size is a copy. Errors: invalid_argument (a side that is not in 1 … kResizeSideMax,
/// before or after; values that are not as many as the sides say). Thread-safety: pure.
/// python-pillow/Pillow 9.4 src/libImaging/Resample.c.
Result<Rgb> resized(const Rgb& image, int width, int height, Filter filter);

}  // namespace troupe::engine::wan
