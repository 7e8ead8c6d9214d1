// Smooth random fields, all of them seamless: every field goes on from its other side.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace troupe::stage::paint {

/// One float a pixel, rows top-down. A value.
struct Field {
  int width = 0, height = 0;
  std::vector<float> values;

  Field() = default;
  Field(int w, int h, float fill = 0);
  float& at(int x, int y) { return values[static_cast<size_t>(y) * static_cast<size_t>(width) + x]; }
  float at(int x, int y) const { return values[static_cast<size_t>(y) * static_cast<size_t>(width) + x]; }
  /// Bilinear, wrapping; pixel centres at whole numbers.
  float sample(float x, float y) const;
  /// Bilinear by share of the sides: u, v = 0 … 1 over the field, wrapping past that.
  float sample_uv(float u, float v) const { return sample(u * width, v * height); }
};

struct NoiseSpec {
  int width = 256, height = 256;
  float cells_x = 4, cells_y = 4;  ///< bumps of the first octave over the field, rounded to whole ones >= 1;
                                   ///< unequal ones stretch the noise
  int octaves = 6;                 ///< 1 … 8; ends early at bumps of two pixels
  float gain = 0.5f;               ///< strength of an octave over the one before
  uint64_t seed = 0;
};

/// Sum of cubic-upsampled random grids, stretched so that its mean is 0.5 and its deviation 0.18; nearly all
/// values lie in 0 … 1, none leaves -0.5 … 1.5.
Field fbm(const NoiseSpec& spec);
/// 1 - |2n - 1|, squared: crests where the noise crosses its mean. 0 … 1.
Field ridged(const NoiseSpec& spec);
/// `field` read at places pushed by `by_x` and `by_y` (0.5 = not at all) times `amount` pixels. Sizes must
/// agree.
Field warp(const Field& field, const Field& by_x, const Field& by_y, float amount);
/// White noise, 0 … 1.
Field speckle(int width, int height, uint64_t seed);
/// f(value) for each value.
Field map(Field field, const std::function<float(float)>& f);
/// Gaussian mean, wrapping, sigma in pixels.
Field blurred(Field field, float sigma);
/// Stretches so that the least value becomes 0 and the greatest 1.
void normalize(Field& field);

}  // namespace troupe::stage::paint
