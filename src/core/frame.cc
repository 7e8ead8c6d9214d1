#include "core/frame.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace troupe {
namespace {

// ITU-R BT.709-6, items 3.2 to 3.5: Y' = 0.2126 R' + 0.7152 G' + 0.0722 B', Cb = (B' - Y') / 1.8556,
// Cr = (R' - Y') / 1.5748, then 219 steps of luma from 16 and 224 steps of chroma around 128.
constexpr double kRed = 0.2126, kGreen = 0.7152, kBlue = 0.0722;
constexpr double kLumaSteps = 219.0 / 255.0, kChromaSteps = 224.0 / 255.0;
constexpr double kCbSpan = 1.8556, kCrSpan = 1.5748;

constexpr int kBits = 16;  // of the fixed-point coefficients
constexpr int fixed(double x) { return static_cast<int>(x * (1 << kBits) + (x < 0 ? -0.5 : 0.5)); }
constexpr int kHalf = 1 << (kBits - 1);

constexpr int kLumaR = fixed(kRed * kLumaSteps), kLumaB = fixed(kBlue * kLumaSteps);
constexpr int kLumaG = fixed(kLumaSteps) - kLumaR - kLumaB;  // the three sum exactly, so greys stay exact
constexpr int kCbR = fixed(-kRed / kCbSpan * kChromaSteps),
              kCbB = fixed((1 - kBlue) / kCbSpan * kChromaSteps);
constexpr int kCbG = -kCbR - kCbB;
constexpr int kCrR = fixed((1 - kRed) / kCrSpan * kChromaSteps),
              kCrB = fixed(-kBlue / kCrSpan * kChromaSteps);
constexpr int kCrG = -kCrR - kCrB;

constexpr int kFromLuma = fixed(1 / kLumaSteps);
constexpr int kRedFromCr = fixed(kCrSpan / kChromaSteps), kBlueFromCb = fixed(kCbSpan / kChromaSteps);
constexpr int kGreenFromCb = fixed(-kBlue * kCbSpan / kGreen / kChromaSteps);
constexpr int kGreenFromCr = fixed(-kRed * kCrSpan / kGreen / kChromaSteps);

void luma_row(const uint8_t* rgba, int width, uint8_t* luma) {
  for (int x = 0; x < width; ++x) {
    const uint8_t* p = rgba + 4 * static_cast<ptrdiff_t>(x);
    luma[x] = static_cast<uint8_t>(16 + ((kLumaR * p[0] + kLumaG * p[1] + kLumaB * p[2] + kHalf) >> kBits));
  }
}

// One row of both chroma planes from two rows of pixels.
void chroma_row(const uint8_t* upper, const uint8_t* lower, int chroma_width, uint8_t* cb, uint8_t* cr) {
  for (int x = 0; x < chroma_width; ++x) {
    const uint8_t* p = upper + 8 * static_cast<ptrdiff_t>(x);
    const uint8_t* q = lower + 8 * static_cast<ptrdiff_t>(x);
    const int r = p[0] + p[4] + q[0] + q[4];
    const int g = p[1] + p[5] + q[1] + q[5];
    const int b = p[2] + p[6] + q[2] + q[6];
    // The sums are of four pixels: two more bits to shift away.
    cb[x] = static_cast<uint8_t>(128 + ((kCbR * r + kCbG * g + kCbB * b + 4 * kHalf) >> (kBits + 2)));
    cr[x] = static_cast<uint8_t>(128 + ((kCrR * r + kCrG * g + kCrB * b + 4 * kHalf) >> (kBits + 2)));
  }
}

// A chroma plane at a luma row: the vertical half of the bilinear interpolation, times 4, less the offset of
// 128. Chroma sits in the middle of its 2x2 block, so each luma row takes 3/4 of the nearer chroma row. `out`
// has one value more at each end, which repeats the edge.
void chroma_at_row(const std::vector<uint8_t>& plane, int chroma_width, int chroma_height, int y,
                   std::vector<int>& out) {
  const int near_row = y / 2;
  const int far_row = std::clamp(y % 2 == 0 ? near_row - 1 : near_row + 1, 0, chroma_height - 1);
  const uint8_t* near_values = plane.data() + static_cast<ptrdiff_t>(near_row) * chroma_width;
  const uint8_t* far_values = plane.data() + static_cast<ptrdiff_t>(far_row) * chroma_width;
  int* inner = out.data() + 1;
  for (int x = 0; x < chroma_width; ++x) inner[x] = 3 * near_values[x] + far_values[x] - 4 * 128;
  out.front() = inner[0];
  out.back() = inner[chroma_width - 1];
}

uint8_t to_byte(int fixed_value) {
  return static_cast<uint8_t>(std::clamp((fixed_value + kHalf) >> kBits, 0, 255));
}

// `cb` and `cr` are times 16; the largest product stays under 2^29.
void write_pixel(int luma, int cb, int cr, uint8_t* rgba) {
  const int y = kFromLuma * (luma - 16);
  rgba[0] = to_byte(y + ((kRedFromCr * cr) >> 4));
  rgba[1] = to_byte(y + ((kGreenFromCb * cb + kGreenFromCr * cr) >> 4));
  rgba[2] = to_byte(y + ((kBlueFromCb * cb) >> 4));
  rgba[3] = 255;
}

// The horizontal half of the interpolation, two pixels a chroma sample.
void pixel_row(const uint8_t* luma, const int* cb, const int* cr, int chroma_width, uint8_t* rgba) {
  for (int x = 0; x < chroma_width; ++x) {
    const int near_cb = 3 * cb[x + 1], near_cr = 3 * cr[x + 1];
    uint8_t* p = rgba + 8 * static_cast<ptrdiff_t>(x);
    write_pixel(luma[2 * x], near_cb + cb[x], near_cr + cr[x], p);
    write_pixel(luma[2 * x + 1], near_cb + cb[x + 2], near_cr + cr[x + 2], p + 4);
  }
}

size_t area(int width, int height) { return static_cast<size_t>(width) * static_cast<size_t>(height); }

}  // namespace

Frame::Frame(FrameSize s)
    : size(s),
      luma(area(s.width, s.height), 16),
      cb(area(s.width / 2, s.height / 2), 128),
      cr(area(s.width / 2, s.height / 2), 128) {
  assert(s.width > 0 && s.height > 0 && s.width % 2 == 0 && s.height % 2 == 0);
}

Frame frame_from_image(const Image& image) {
  Frame frame(FrameSize{image.width, image.height});
  const int chroma_width = image.width / 2;
  for (int y = 0; y < image.height; ++y) {
    luma_row(image.at(0, y), image.width, &frame.luma[area(image.width, y)]);
  }
  for (int y = 0; y < image.height / 2; ++y) {
    const size_t start = area(chroma_width, y);
    chroma_row(image.at(0, 2 * y), image.at(0, 2 * y + 1), chroma_width, &frame.cb[start], &frame.cr[start]);
  }
  return frame;
}

Image image_from_frame(const Frame& frame) {
  const auto [width, height] = frame.size;
  Image image(width, height);
  std::vector<int> cb_row(static_cast<size_t>(width / 2) + 2), cr_row(cb_row.size());
  for (int y = 0; y < height; ++y) {
    chroma_at_row(frame.cb, width / 2, height / 2, y, cb_row);
    chroma_at_row(frame.cr, width / 2, height / 2, y, cr_row);
    pixel_row(&frame.luma[area(width, y)], cb_row.data(), cr_row.data(), width / 2, image.at(0, y));
  }
  return image;
}

}  // namespace troupe
