#include "engine/stage/scene/paint/noise.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/box_blur.h"

namespace troupe::stage::paint {
namespace {

int wrapped(int i, int n) {
  const int m = i % n;
  return m < 0 ? m + n : m;
}

// The four taps of a uniform cubic B-spline: smooth to the second derivative, so relief shading shows no
// grid.
struct Taps {
  int index[4];
  float weight[4];
};

std::vector<Taps> taps_along(int size, int cells) {
  std::vector<Taps> taps(static_cast<size_t>(size));
  for (int i = 0; i < size; ++i) {
    const float p = (static_cast<float>(i) + 0.5f) * static_cast<float>(cells) / static_cast<float>(size);
    const int cell = static_cast<int>(std::floor(p));
    const float t = p - static_cast<float>(cell), s = 1 - t;
    Taps& out = taps[static_cast<size_t>(i)];
    for (int k = 0; k < 4; ++k) out.index[k] = wrapped(cell - 1 + k, cells);
    out.weight[0] = s * s * s / 6;
    out.weight[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    out.weight[2] = (3 * s * s * s - 6 * s * s + 4) / 6;
    out.weight[3] = t * t * t / 6;
  }
  return taps;
}

void add_octave(Field& field, int cells_x, int cells_y, float weight, Random& random) {
  std::vector<float> grid(static_cast<size_t>(cells_x) * static_cast<size_t>(cells_y));
  for (float& g : grid) g = random.uniform(-weight, weight);
  const std::vector<Taps> across = taps_along(field.width, cells_x), down = taps_along(field.height, cells_y);
  std::vector<float> column_sum(static_cast<size_t>(cells_x));
  for (int y = 0; y < field.height; ++y) {
    const Taps& v = down[static_cast<size_t>(y)];
    for (int gx = 0; gx < cells_x; ++gx) {
      float sum = 0;
      for (int k = 0; k < 4; ++k) sum += v.weight[k] * grid[static_cast<size_t>(v.index[k] * cells_x + gx)];
      column_sum[static_cast<size_t>(gx)] = sum;
    }
    float* row = &field.at(0, y);
    for (int x = 0; x < field.width; ++x) {
      const Taps& u = across[static_cast<size_t>(x)];
      row[x] += u.weight[0] * column_sum[static_cast<size_t>(u.index[0])] +
                u.weight[1] * column_sum[static_cast<size_t>(u.index[1])] +
                u.weight[2] * column_sum[static_cast<size_t>(u.index[2])] +
                u.weight[3] * column_sum[static_cast<size_t>(u.index[3])];
    }
  }
}

void standardize(Field& field, float mean, float deviation) {
  double sum = 0, squares = 0;
  for (const float v : field.values) {
    sum += v;
    squares += static_cast<double>(v) * v;
  }
  const double n = static_cast<double>(field.values.size()), middle = sum / n;
  const double spread = std::sqrt(std::max(squares / n - middle * middle, 1e-12));
  const float scale = deviation / static_cast<float>(spread), offset = static_cast<float>(middle);
  for (float& v : field.values) v = std::clamp(mean + (v - offset) * scale, -0.5f, 1.5f);
}

}  // namespace

Field::Field(int w, int h, float fill)
    : width(w), height(h), values(static_cast<size_t>(w) * static_cast<size_t>(h), fill) {}

float Field::sample(float x, float y) const {
  int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
  x0 -= x < static_cast<float>(x0);
  y0 -= y < static_cast<float>(y0);
  const float tx = x - static_cast<float>(x0), ty = y - static_cast<float>(y0);
  if (x0 < 0 || x0 >= width) x0 = wrapped(x0, width);
  if (y0 < 0 || y0 >= height) y0 = wrapped(y0, height);
  const int x1 = x0 + 1 == width ? 0 : x0 + 1, y1 = y0 + 1 == height ? 0 : y0 + 1;
  const float top = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * tx;
  const float bottom = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * tx;
  return top + (bottom - top) * ty;
}

Field fbm(const NoiseSpec& spec) {
  Field field(spec.width, spec.height);
  Random random(spec.seed);
  float cells_x = std::max(1.0f, std::round(spec.cells_x)),
        cells_y = std::max(1.0f, std::round(spec.cells_y));
  float weight = 1;
  for (int octave = 0; octave < spec.octaves; ++octave) {
    const int nx = std::min(static_cast<int>(cells_x), std::max(1, spec.width / 2));
    const int ny = std::min(static_cast<int>(cells_y), std::max(1, spec.height / 2));
    if (octave > 0 && static_cast<float>(nx) < cells_x && static_cast<float>(ny) < cells_y) break;
    add_octave(field, nx, ny, weight, random);
    cells_x *= 2;
    cells_y *= 2;
    weight *= spec.gain;
  }
  standardize(field, 0.5f, 0.18f);
  return field;
}

Field ridged(const NoiseSpec& spec) {
  return map(fbm(spec), [](float n) {
    const float crest = 1 - std::min(1.0f, std::abs(2 * n - 1));
    return crest * crest;
  });
}

Field warp(const Field& field, const Field& by_x, const Field& by_y, float amount) {
  Field out(field.width, field.height);
  for (int y = 0; y < field.height; ++y) {
    for (int x = 0; x < field.width; ++x) {
      out.at(x, y) = field.sample(static_cast<float>(x) + (by_x.at(x, y) - 0.5f) * 2 * amount,
                                  static_cast<float>(y) + (by_y.at(x, y) - 0.5f) * 2 * amount);
    }
  }
  return out;
}

Field speckle(int width, int height, uint64_t seed) {
  Field field(width, height);
  Random random(seed);
  for (float& v : field.values) v = random.uniform();
  return field;
}

Field map(Field field, const std::function<float(float)>& f) {
  for (float& v : field.values) v = f(v);
  return field;
}

Field blurred(Field field, float sigma) {
  box_blur(field.values, field.width, field.height, 1, sigma, sigma, true);
  return field;
}

void normalize(Field& field) {
  if (field.values.empty()) return;
  const auto [low, high] = std::minmax_element(field.values.begin(), field.values.end());
  const float base = *low, range = std::max(*high - *low, 1e-9f);
  for (float& v : field.values) v = (v - base) / range;
}

}  // namespace troupe::stage::paint
