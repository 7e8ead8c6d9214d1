#include "engine/stage/sound/ducking.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/sound/synth.h"

namespace troupe::stage {
namespace {

constexpr double kDownSeconds = 0.15, kUpSeconds = 0.40;
constexpr float kInaudible = 0.001f;

// From the first to the last sample that can be heard, in seconds on the take's clock.
struct Heard {
  double begin = 0, end = 0;
};

Heard heard_part(const SpokenLine& line) {
  const auto loud = [](float sample) { return std::fabs(sample) > kInaudible; };
  const auto first = std::find_if(line.mono.begin(), line.mono.end(), loud);
  const auto last = std::find_if(line.mono.rbegin(), line.mono.rend(), loud).base();
  if (first == line.mono.end()) return {};
  return {line.seconds + static_cast<double>(first - line.mono.begin()) / kAudioRate,
          line.seconds + static_cast<double>(last - line.mono.begin()) / kAudioRate};
}

float depth_at(double seconds, const Heard& heard) {
  if (seconds < heard.begin) {
    return smooth_step(static_cast<float>(1 - (heard.begin - seconds) / kDownSeconds));
  }
  if (seconds > heard.end) return smooth_step(static_cast<float>(1 - (seconds - heard.end) / kUpSeconds));
  return 1;
}

}  // namespace

std::vector<float> duck_gains(int64_t frames, std::span<const SpokenLine> lines) {
  const auto hops = static_cast<size_t>(frames / kDuckHop + 2);
  std::vector<float> depths(hops, 0.0f);
  constexpr double kHopsASecond = static_cast<double>(kAudioRate) / kDuckHop;
  for (const SpokenLine& line : lines) {
    if (!std::isfinite(line.seconds)) continue;
    const Heard heard = heard_part(line);
    if (heard.end <= heard.begin) continue;
    const auto edge = [&](double seconds) {
      return static_cast<size_t>(std::clamp(seconds * kHopsASecond, 0.0, static_cast<double>(hops)));
    };
    for (size_t hop = edge(heard.begin - kDownSeconds); hop < edge(heard.end + kUpSeconds + 0.01); ++hop) {
      depths[hop] = std::max(depths[hop], depth_at(static_cast<double>(hop) / kHopsASecond, heard));
    }
  }
  for (float& depth : depths) depth = gain_of_db(kDuckDb * depth);
  return depths;
}

void apply_duck(const std::vector<float>& gains, std::span<float> interleaved) {
  for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
    const size_t hop = i / 2 / kDuckHop;
    const float part = static_cast<float>(i / 2 % kDuckHop) / kDuckHop;
    const float gain = gains[hop] + (gains[hop + 1] - gains[hop]) * part;
    interleaved[i] *= gain;
    interleaved[i + 1] *= gain;
  }
}

}  // namespace troupe::stage
