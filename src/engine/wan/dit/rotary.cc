#include "engine/wan/dit/rotary.h"

#include <cmath>

namespace troupe::engine::wan {
namespace {

constexpr double kBase = 10000;

double frequency(int64_t column, int64_t columns) {
  return std::pow(kBase, -static_cast<double>(column) / static_cast<double>(columns));
}

std::vector<double> frequencies(int64_t columns) {
  std::vector<double> all(columns);
  for (int64_t i = 0; i < columns; ++i) all[i] = frequency(i, columns);
  return all;
}

void add_axis(double* row, const std::vector<double>& axis, int64_t position) {
  for (size_t i = 0; i < axis.size(); ++i) row[i] += static_cast<double>(position) * axis[i];
}

}  // namespace

at::Tensor rotary_angles(std::span<const Grid> grids, int64_t head_dim) {
  const int64_t half = head_dim / 2, space = head_dim / 6, time = half - 2 * space;
  const std::vector<double> in_time = frequencies(time), in_space = frequencies(space),
                            of_source = frequencies(half);
  int64_t tokens = 0;
  for (const Grid& grid : grids) tokens += grid.frames * grid.height * grid.width;
  at::Tensor angles = at::zeros({tokens, half}, at::kDouble);
  double* row = angles.data_ptr<double>();
  for (const Grid& grid : grids) {
    for (int64_t t = 0; t < grid.frames; ++t)
      for (int64_t y = 0; y < grid.height; ++y)
        for (int64_t x = 0; x < grid.width; ++x, row += half) {
          add_axis(row, in_time, grid.first_frame + t);
          add_axis(row + time, in_space, y);
          add_axis(row + time + space, in_space, x);
          if (grid.source != 0)
            for (int64_t i = 0; i < half; ++i) row[i] += grid.source * of_source[i];
        }
  }
  return angles;
}

Rotary rotary_of(const at::Tensor& angles, at::Device device) {
  const at::Tensor there = angles.to(device);
  return {there.cos().to(at::kFloat), there.sin().to(at::kFloat)};
}

at::Tensor sinusoid(double timestep, int64_t columns, bool in_float) {
  const int64_t half = columns / 2;
  if (in_float) {
    const auto exponents =
        at::arange(half, at::kFloat) * static_cast<float>(-std::log(kBase)) / static_cast<double>(half);
    const at::Tensor angles = static_cast<float>(timestep) * exponents.exp();
    return at::cat({angles.cos(), angles.sin()});
  }
  const at::Tensor exponents = at::arange(half, at::kDouble) / static_cast<double>(half);
  const at::Tensor angles = timestep * at::pow(kBase, -exponents);
  return at::cat({angles.cos(), angles.sin()}).to(at::kFloat);
}

}  // namespace troupe::engine::wan
