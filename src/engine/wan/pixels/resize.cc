#include "engine/wan/pixels/resize.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace troupe::engine::wan {
namespace {

constexpr int kBits = 22;  // of the coefficients' fraction: 32 less 8 of the values and 2 for what overshoots

double sinc(double x) { return x == 0 ? 1 : std::sin(x * std::numbers::pi) / (x * std::numbers::pi); }

double lanczos(double x) { return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0; }

double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

// The values that make one new value: weights[i] * value[first + i].
struct Window {
  int first = 0;
  std::vector<int32_t> weights;
};

Window window(int index, int from, double scale, Filter filter) {
  const double stretch = std::max(scale, 1.0), support = (filter == Filter::lanczos ? 3 : 2) * stretch;
  const double center = (index + 0.5) * scale;
  const int first = std::max(static_cast<int>(center - support + 0.5), 0);
  const int end = std::min(static_cast<int>(center + support + 0.5), from);
  std::vector<double> weights;
  double sum = 0;
  for (int i = first; i < end; ++i) {
    const double x = (i - center + 0.5) * (1 / stretch);
    weights.push_back(filter == Filter::lanczos ? lanczos(x) : bicubic(x));
    sum += weights.back();
  }
  Window made{first, {}};
  for (double weight : weights) {
    if (sum != 0) weight /= sum;
    made.weights.push_back(static_cast<int32_t>((weight < 0 ? -0.5 : 0.5) + weight * (1 << kBits)));
  }
  return made;
}

std::vector<Window> windows(int from, int to, Filter filter) {
  std::vector<Window> all;
  const double scale = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) all.push_back(window(i, from, scale, filter));
  return all;
}

// One value out of those at `values`, `stride` apart.
uint8_t weighted(const Window& window, const uint8_t* values, size_t stride) {
  int32_t sum = 1 << (kBits - 1);
  for (size_t i = 0; i < window.weights.size(); ++i) sum += window.weights[i] * values[i * stride];
  return static_cast<uint8_t>(std::clamp(sum >> kBits, 0, 255));
}

Rgb resized_rows(const Rgb& image, int width, Filter filter) {
  Rgb out(width, image.height);
  const auto all = windows(image.width, width, filter);
  for (int y = 0; y < image.height; ++y) {
    uint8_t* to = out.row(y);
    for (const Window& one : all)
      for (int channel = 0; channel < 3; ++channel)
        *to++ = weighted(one, image.row(y) + static_cast<size_t>(one.first) * 3 + channel, 3);
  }
  return out;
}

Rgb resized_columns(const Rgb& image, int height, Filter filter) {
  Rgb out(image.width, height);
  const auto all = windows(image.height, height, filter);
  const size_t stride = static_cast<size_t>(image.width) * 3;
  for (int y = 0; y < height; ++y) {
    const Window& one = all[static_cast<size_t>(y)];
    for (size_t x = 0; x < stride; ++x) out.row(y)[x] = weighted(one, image.row(one.first) + x, stride);
  }
  return out;
}

Result<void> check_sides(int width, int height) {
  for (const int side : {width, height})
    if (side < 1 || side > kResizeSideMax)
      return make_error(ErrorCode::invalid_argument,
                        "a picture of " + std::to_string(width) + "x" + std::to_string(height) +
                            " cannot be resized: sides are 1 to " + std::to_string(kResizeSideMax));
  return {};
}

}  // namespace

Rgb rgb_on_white(const Image& image) {
  Rgb out(image.width, image.height);
  for (size_t i = 0; i < out.values.size() / 3; ++i) {
    const uint8_t* const pixel = &image.rgba[i * 4];
    const int alpha = pixel[3];
    for (size_t channel = 0; channel < 3; ++channel)
      out.values[i * 3 + channel] =
          static_cast<uint8_t>((pixel[channel] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
  return out;
}

Result<Rgb> resized(const Rgb& image, int width, int height, Filter filter) {
  TROUPE_CHECK_OK(check_sides(image.width, image.height));
  TROUPE_CHECK_OK(check_sides(width, height));
  if (image.values.size() != static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3)
    return make_error(ErrorCode::invalid_argument, "a picture has not as many values as its sides say");
  Rgb out = image.width == width ? image : resized_rows(image, width, filter);
  return out.height == height ? out : resized_columns(out, height, filter);
}

}  // namespace troupe::engine::wan
