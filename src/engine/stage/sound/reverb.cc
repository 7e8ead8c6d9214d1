#include "engine/stage/sound/reverb.h"

#include <algorithm>
#include <cmath>

#include "core/output.h"

namespace troupe::stage {
namespace {

// Frames without a common divisor, so that the echoes of the lines do not pile up.
constexpr std::array<int, 4> kLengths = {1327, 1693, 2111, 2549};
constexpr float kDamping = 0.35f;    // walls swallow highs first
constexpr float kInaudible = 1e-9f;  // keeps a dying tail away from denormal numbers, which are slow

}  // namespace

Reverb::Reverb(const Echo& echo) : wet_(echo.wet) {
  const float seconds = std::max(0.05f, echo.seconds);
  for (size_t i = 0; i < kLines; ++i) {
    const float frames = std::max(16.0f, static_cast<float>(kLengths[i]) * echo.size);
    lines_[i].delay.assign(static_cast<size_t>(frames), 0.0f);
    lines_[i].gain = std::pow(10.0f, -3 * frames / (seconds * kAudioRate));
  }
}

void Reverb::add(std::span<const float> dry, std::span<float> mix) {
  for (size_t i = 0; i + 1 < dry.size(); i += 2) {
    std::array<float, kLines> out;
    for (size_t k = 0; k < kLines; ++k) {
      Line& line = lines_[k];
      line.dull += (line.delay[line.at] - line.dull) * (1 - kDamping) + kInaudible;
      out[k] = line.dull * line.gain;
    }
    mix[i] += wet_ * (out[0] + out[2]);
    mix[i + 1] += wet_ * (out[1] + out[3]);
    // A Hadamard matrix: each line feeds all of them without loss.
    const float a = out[0] + out[1], b = out[0] - out[1], c = out[2] + out[3], d = out[2] - out[3];
    const std::array<float, kLines> back = {(a + c) / 2, (b + d) / 2, (a - c) / 2, (b - d) / 2};
    for (size_t k = 0; k < kLines; ++k) {
      Line& line = lines_[k];
      line.delay[line.at] = back[k] + dry[i + k % 2];
      if (++line.at == line.delay.size()) line.at = 0;
    }
  }
}

}  // namespace troupe::stage
