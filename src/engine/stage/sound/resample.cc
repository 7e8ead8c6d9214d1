#include "engine/stage/sound/resample.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "core/output.h"

namespace troupe::stage {
namespace {

constexpr double kPi = 3.14159265358979;
constexpr int kZeroCrossings = 12;  // of the sinc, to each side

// Weights of the `taps` input samples around a place `fraction` after one of them.
std::vector<float> kernel_at(double fraction, int half, double cutoff) {
  std::vector<float> kernel(static_cast<size_t>(2 * half));
  double sum = 0;
  for (int k = 0; k < 2 * half; ++k) {
    const double x = k - (half - 1) - fraction;
    const double angle = kPi * x * cutoff;
    const double sinc = std::fabs(angle) < 1e-9 ? 1 : std::sin(angle) / angle;
    const double weight = sinc * (0.5 + 0.5 * std::cos(kPi * x / (half + 0.5)));
    kernel[static_cast<size_t>(k)] = static_cast<float>(weight);
    sum += weight;
  }
  for (float& weight : kernel) weight = static_cast<float>(weight / sum);
  return kernel;
}

float weighted_sum(std::span<const float> mono, int64_t first, const std::vector<float>& kernel) {
  const auto size = static_cast<int64_t>(mono.size());
  const int64_t begin = std::max<int64_t>(0, -first);
  const int64_t end = std::min<int64_t>(static_cast<int64_t>(kernel.size()), size - first);
  float sum = 0;
  for (int64_t k = begin; k < end; ++k) {
    sum += kernel[static_cast<size_t>(k)] * mono[static_cast<size_t>(first + k)];
  }
  return sum;
}

}  // namespace

std::vector<float> resampled(std::span<const float> mono, int rate) {
  if (rate == kAudioRate) return {mono.begin(), mono.end()};
  // The places of output samples between input samples repeat: `phases` different kernels are all there are.
  const int64_t shared = std::gcd<int64_t>(rate, kAudioRate);
  const int64_t phases = kAudioRate / shared, step = rate / shared;
  const double cutoff = 0.96 * std::min(1.0, static_cast<double>(kAudioRate) / rate);
  const int half = static_cast<int>(std::ceil(kZeroCrossings / cutoff));
  std::vector<std::vector<float>> kernels(static_cast<size_t>(phases));
  std::vector<float> result(mono.size() * static_cast<size_t>(phases) / static_cast<size_t>(step));
  for (size_t i = 0; i < result.size(); ++i) {
    const int64_t place = static_cast<int64_t>(i) * step;
    std::vector<float>& kernel = kernels[static_cast<size_t>(place % phases)];
    if (kernel.empty())
      kernel = kernel_at(static_cast<double>(place % phases) / static_cast<double>(phases), half, cutoff);
    result[i] = weighted_sum(mono, place / phases - (half - 1), kernel);
  }
  return result;
}

}  // namespace troupe::stage
