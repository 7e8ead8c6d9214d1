#include <algorithm>
#include <cmath>

#include "engine/stage/sound/sound.h"

namespace troupe::stage {
namespace {

constexpr int64_t kWindowFrames = kAudioRate / 50;
constexpr int64_t kStepFrames = kAudioRate / 200;  // the follower moves in steps of 5 ms
constexpr double kStepSeconds = 0.005, kAttackSeconds = 0.030, kReleaseSeconds = 0.080;
constexpr int64_t kHistorySteps = 100;  // six release times: what was before no longer matters
constexpr float kInaudible = 1e-4f;
constexpr float kShut = 0.08f;  // of the reference loudness: breath and hum keep the lips together

double square_of(float sample) { return std::isfinite(sample) ? static_cast<double>(sample) * sample : 0; }

float rms_around(const std::vector<float>& mono, int64_t centre) {
  const auto size = static_cast<int64_t>(mono.size());
  const int64_t begin = std::clamp<int64_t>(centre - kWindowFrames / 2, 0, size);
  const int64_t end = std::clamp<int64_t>(centre + kWindowFrames / 2, 0, size);
  double sum = 0;
  for (int64_t i = begin; i < end; ++i) sum += square_of(mono[static_cast<size_t>(i)]);
  return static_cast<float>(std::sqrt(sum / static_cast<double>(kWindowFrames)));
}

// The loudness of the line's louder parts: the mean square weighted by itself, so that pauses count for
// nothing. A part of the samples is enough for it; the mouth asks anew for each frame of video.
float reference_rms(const std::vector<float>& mono) {
  constexpr size_t kStride = 7;
  double weighted = 0, total = 0, window = 0;
  size_t filled = 0;
  for (size_t i = 0; i < mono.size(); i += kStride) {
    window += square_of(mono[i]);
    if (++filled < kWindowFrames / kStride && i + kStride < mono.size()) continue;
    const double mean = window / static_cast<double>(filled);
    weighted += mean * mean;
    total += mean;
    window = 0;
    filled = 0;
  }
  return total > 0 ? static_cast<float>(std::sqrt(weighted / total)) : 0;
}

}  // namespace

float mouth_opening(const SpokenLine& line, double seconds) {
  const double length = static_cast<double>(line.mono.size()) / kAudioRate;
  if (!(seconds >= 0) || seconds > length + 4 * kReleaseSeconds) return 0;
  const float reference = reference_rms(line.mono);
  if (reference < kInaudible) return 0;
  const double attack = 1 - std::exp(-kStepSeconds / kAttackSeconds);
  const double release = 1 - std::exp(-kStepSeconds / kReleaseSeconds);
  const auto now = static_cast<int64_t>(seconds * kAudioRate);
  double level = 0;
  for (int64_t step = kHistorySteps; step >= 0; --step) {
    const int64_t centre = now - step * kStepFrames;
    if (centre < 0) continue;
    const double target = rms_around(line.mono, centre);
    level += (target - level) * (target > level ? attack : release);
  }
  const auto open = static_cast<float>(level) / reference;
  return std::clamp((open - kShut) / (1 - kShut), 0.0f, 1.0f);
}

}  // namespace troupe::stage
