#include "engine/stage/sound/mastering.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/output.h"
#include "engine/stage/sound/loudness.h"
#include "engine/stage/sound/synth.h"

namespace troupe::stage {
namespace {

constexpr size_t kHopValues = 2 * kPeakHop;
constexpr int kReach = 3;           // hops that the limiter looks to each side
constexpr float kRelease = 0.016f;  // of the missing gain, given back each hop: about 60 ms
constexpr int kRounds = 4;          // of setting the gain and measuring again
constexpr double kCloseEnoughLu = 0.3;

float ceiling() { return gain_of_db(kCeilingDbtp); }

// The gain at the edges of hops: never above what any hop within reach can bear, without corners.
std::vector<float> limiter_gains(const std::vector<float>& peaks, float gain) {
  const auto hops = static_cast<int>(peaks.size());
  std::vector<float> bearable(peaks.size() + 1);
  float level = gain;
  for (int edge = 0; edge <= hops; ++edge) {
    float peak = 0;
    for (int hop = std::max(0, edge - kReach - 1); hop < std::min(hops, edge + kReach + 1); ++hop) {
      peak = std::max(peak, peaks[static_cast<size_t>(hop)]);
    }
    const float most = peak * gain > ceiling() ? ceiling() / peak : gain;
    level = std::min(most, level + (gain - level) * kRelease);
    bearable[static_cast<size_t>(edge)] = level;
  }
  std::vector<float> smooth(bearable.size());
  for (int edge = 0; edge <= hops; ++edge) {
    float sum = 0;
    for (int at = edge - kReach; at <= edge + kReach; ++at) {
      sum += bearable[static_cast<size_t>(std::clamp(at, 0, hops))];
    }
    smooth[static_cast<size_t>(edge)] = sum / (2 * kReach + 1);
  }
  return smooth;
}

// `from` times the gains, for one hop.
void amplify_hop(std::span<const float> from, float begin, float end, std::span<float> to) {
  const float step = (end - begin) / kPeakHop;
  for (size_t i = 0; i + 1 < from.size(); i += 2) {
    const float gain = begin + step * static_cast<float>(i / 2);
    to[i] = from[i] * gain;
    to[i + 1] = from[i + 1] * gain;
  }
}

std::span<const float> hop_of(std::span<const float> mix, size_t hop) {
  const size_t begin = hop * kHopValues;
  return mix.subspan(begin, std::min(kHopValues, mix.size() - begin));
}

double loudness_with(const std::vector<float>& mix, const std::vector<float>& gains) {
  LoudnessMeter meter;
  std::array<float, kHopValues> scratch;
  for (size_t hop = 0; hop + 1 < gains.size(); ++hop) {
    const auto from = hop_of(mix, hop);
    const auto to = std::span<float>(scratch).first(from.size());
    amplify_hop(from, gains[hop], gains[hop + 1], to);
    meter.add(to);
  }
  return meter.integrated_lufs();
}

}  // namespace

Result<void> master(std::vector<float>& interleaved, const CancelToken& cancel) {
  const auto stop = [&] { return cancel.cancelled(); };
  const Error cancelled = make_error(ErrorCode::cancelled, "Cancelled while the sound was levelled.");
  LoudnessMeter meter;
  meter.add(interleaved);
  const double natural = meter.integrated_lufs();
  if (natural <= kSilentLufs) return {};
  const std::vector<float> peaks = true_peaks(interleaved);
  double raise = std::min(kTargetLufs - natural, kRaiseDbMax);
  const double wanted = natural + raise;
  std::vector<float> gains = limiter_gains(peaks, gain_of_db(static_cast<float>(raise)));
  // The limiter takes loudness away; push against it until the target is met.
  for (int round = 0; round < kRounds; ++round) {
    if (stop()) return cancelled;
    const double missing = wanted - loudness_with(interleaved, gains);
    if (std::fabs(missing) < kCloseEnoughLu) break;
    raise += 1.3 * missing;
    gains = limiter_gains(peaks, gain_of_db(static_cast<float>(raise)));
  }
  if (stop()) return cancelled;
  for (size_t hop = 0; hop + 1 < gains.size(); ++hop) {
    const size_t begin = hop * kHopValues;
    const auto to = std::span<float>(interleaved).subspan(begin, hop_of(interleaved, hop).size());
    amplify_hop(to, gains[hop], gains[hop + 1], to);
  }
  return {};
}

}  // namespace troupe::stage
