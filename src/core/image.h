// A still picture in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace troupe {

/// 8-bit sRGB with straight (not premultiplied) alpha: rows top-down, R,G,B,A, no padding between rows, so
/// rgba.size() == width * height * 4. A value; {0, 0} is "no picture".
struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgba;

  Image() = default;
  /// All pixels transparent black.
  Image(int w, int h) : width(w), height(h), rgba(static_cast<size_t>(w) * static_cast<size_t>(h) * 4) {}

  bool empty() const { return width == 0 || height == 0; }
  /// The four bytes of a pixel; REQUIRES 0 <= x < width, 0 <= y < height.
  uint8_t* at(int x, int y) { return &rgba[(static_cast<size_t>(y) * width + x) * 4]; }
  const uint8_t* at(int x, int y) const { return &rgba[(static_cast<size_t>(y) * width + x) * 4]; }
  bool operator==(const Image&) const = default;
};

/// One byte a pixel: coverage or a label. rows top-down, no padding.
struct Mask {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> values;

  Mask() = default;
  Mask(int w, int h, uint8_t fill = 0)
      : width(w), height(h), values(static_cast<size_t>(w) * static_cast<size_t>(h), fill) {}
  bool empty() const { return width == 0 || height == 0; }
  uint8_t& at(int x, int y) { return values[static_cast<size_t>(y) * width + x]; }
  uint8_t at(int x, int y) const { return values[static_cast<size_t>(y) * width + x]; }
  bool operator==(const Mask&) const = default;
};

}  // namespace troupe
