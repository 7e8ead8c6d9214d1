#include "engine/stage/sound/loudness.h"

#include <algorithm>
#include <cmath>

#include "core/output.h"

namespace troupe::stage {
namespace {

constexpr int64_t kStepFrames = kAudioRate / 10;
constexpr size_t kStepsInBlock = 4;
constexpr double kAbsoluteGateLufs = -70, kRelativeGateLu = -10;

// BS.1770-4, tables 1 and 2: the head's high shelf, then the low cut, at 48 kHz.
struct Coefficients {
  double b0, b1, b2, a1, a2;
};
constexpr std::array<Coefficients, 2> kWeighting = {
    {{1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585},
     {1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621}}};

double lufs_of(double mean_square) {
  return mean_square > 1e-20 ? -0.691 + 10 * std::log10(mean_square) : kSilentLufs;
}

double mean_above(const std::vector<double>& blocks, double gate_lufs) {
  double sum = 0;
  size_t count = 0;
  for (const double block : blocks) {
    if (lufs_of(block) <= gate_lufs) continue;
    sum += block;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

constexpr int kTaps = 16;
constexpr int kPhases = 3;  // between two samples; the samples themselves need no filter
constexpr int kBefore = kTaps / 2 - 1;
using PhaseTaps = std::array<std::array<float, kTaps>, kPhases>;

// Hann-windowed sinc for the quarters between two samples, each with a sum of one.
PhaseTaps make_taps() {
  PhaseTaps taps{};
  constexpr double kPi = 3.14159265358979;
  for (int phase = 0; phase < kPhases; ++phase) {
    double sum = 0;
    std::array<double, kTaps> row{};
    for (int k = 0; k < kTaps; ++k) {
      const double x = k - kBefore - (phase + 1) / 4.0;
      const double window = 0.5 + 0.5 * std::cos(kPi * x / (kTaps / 2.0 + 0.5));
      row[static_cast<size_t>(k)] = std::sin(kPi * x) / (kPi * x) * window;
      sum += row[static_cast<size_t>(k)];
    }
    for (size_t k = 0; k < kTaps; ++k) {
      taps[static_cast<size_t>(phase)][k] = static_cast<float>(row[k] / sum);
    }
  }
  return taps;
}

constexpr size_t kHopValues = 2 * kPeakHop;
constexpr size_t kPadded = kHopValues + 2 * kTaps;

// `padded` holds the hop from 2 * kBefore on, with its neighbours around it.
float peak_of_hop(const std::array<float, kPadded>& padded, const PhaseTaps& taps) {
  float peak = 0;
  for (size_t i = 0; i < kHopValues; ++i) peak = std::max(peak, std::fabs(padded[i + 2 * kBefore]));
  for (const auto& row : taps) {
    std::array<float, kHopValues> between{};
    for (size_t k = 0; k < kTaps; ++k) {
      const float tap = row[k];
      for (size_t i = 0; i < kHopValues; ++i) between[i] += tap * padded[i + 2 * k];
    }
    for (const float value : between) peak = std::max(peak, std::fabs(value));
  }
  return peak;
}

}  // namespace

double LoudnessMeter::weigh(double sample, std::array<Stage, 2>& stages) const {
  for (size_t i = 0; i < stages.size(); ++i) {
    const Coefficients& c = kWeighting[i];
    const double out = c.b0 * sample + stages[i].first;
    stages[i].first = c.b1 * sample - c.a1 * out + stages[i].second;
    stages[i].second = c.b2 * sample - c.a2 * out;
    sample = out;
  }
  return sample;
}

void LoudnessMeter::add(std::span<const float> interleaved) {
  for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
    const double left = weigh(interleaved[i], channels_[0]);
    const double right = weigh(interleaved[i + 1], channels_[1]);
    energy_ += left * left + right * right;
    if (++filled_ == kStepFrames) {
      steps_.push_back(energy_);
      energy_ = 0;
      filled_ = 0;
    }
  }
}

double LoudnessMeter::integrated_lufs() const {
  if (steps_.size() < kStepsInBlock) {
    const int64_t frames = static_cast<int64_t>(steps_.size()) * kStepFrames + filled_;
    double energy = energy_;
    for (const double step : steps_) energy += step;
    return frames == 0 ? kSilentLufs : lufs_of(energy / static_cast<double>(frames));
  }
  std::vector<double> blocks;
  for (size_t i = 0; i + kStepsInBlock <= steps_.size(); ++i) {
    const double energy = steps_[i] + steps_[i + 1] + steps_[i + 2] + steps_[i + 3];
    blocks.push_back(energy / static_cast<double>(kStepFrames * static_cast<int64_t>(kStepsInBlock)));
  }
  const double loud = mean_above(blocks, kAbsoluteGateLufs);
  if (loud <= 0) return kSilentLufs;
  return lufs_of(mean_above(blocks, std::max(kAbsoluteGateLufs, lufs_of(loud) + kRelativeGateLu)));
}

std::vector<float> true_peaks(std::span<const float> interleaved) {
  const PhaseTaps taps = make_taps();
  const size_t hops = (interleaved.size() + kHopValues - 1) / kHopValues;
  std::vector<float> peaks(hops);
  std::array<float, kPadded> padded{};
  for (size_t hop = 0; hop < hops; ++hop) {
    const auto begin = static_cast<int64_t>(hop * kHopValues) - 2 * kBefore;
    for (size_t i = 0; i < kPadded; ++i) {
      const int64_t at = begin + static_cast<int64_t>(i);
      const bool inside = at >= 0 && at < static_cast<int64_t>(interleaved.size());
      padded[i] = inside ? interleaved[static_cast<size_t>(at)] : 0;
    }
    peaks[hop] = peak_of_hop(padded, taps);
  }
  return peaks;
}

}  // namespace troupe::stage
