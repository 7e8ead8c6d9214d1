// How loud a mix is, and how high it peaks between its samples.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace troupe::stage {

/// What the meter says of silence.
inline constexpr double kSilentLufs = -200;

/// Integrated loudness after ITU-R BS.1770-4: K-weighting, blocks of 400 ms overlapping by 75 %, gates at
/// -70 LUFS and 10 LU under the mean. Stereo at kAudioRate. Sound shorter than a block counts as one block,
/// no matter how quiet.
class LoudnessMeter {
 public:
  /// Takes the next interleaved stereo samples (an even number, any length).
  void add(std::span<const float> interleaved);
  /// Of all that was added; kSilentLufs if nothing passes the gates.
  double integrated_lufs() const;

 private:
  struct Stage {
    double first = 0, second = 0;
  };
  double weigh(double sample, std::array<Stage, 2>& stages) const;

  std::array<std::array<Stage, 2>, 2> channels_{};
  std::vector<double> steps_;  ///< energy of each whole 100 ms
  double energy_ = 0;          ///< of the step that is being filled
  int64_t filled_ = 0;
};

/// The highest value of the curve through the samples of either side (four times oversampled, within 0.2 dB),
/// for each run of kPeakHop frames of an interleaved stereo signal; the last run may be shorter.
inline constexpr int kPeakHop = 48;
std::vector<float> true_peaks(std::span<const float> interleaved);

}  // namespace troupe::stage
