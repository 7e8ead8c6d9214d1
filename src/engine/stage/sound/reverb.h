// The sound that walls throw back.
#pragma once

#include <array>
#include <span>
#include <vector>

namespace troupe::stage {

/// How a place answers.
struct Echo {
  float seconds = 0;  ///< until it has fallen by 60 dB; 0: nothing comes back
  float wet = 0;      ///< loudness of the answer, a share of the sound's
  float size = 1;     ///< 0.3 a small room … 2 a hall: how far the walls are
};

/// A feedback delay network of four lines (after J.-M. Jot, 1991). Thread-safety: one call at a time.
class Reverb {
 public:
  explicit Reverb(const Echo& echo);
  /// Adds the answer to `dry` to `mix`; both interleaved stereo of the same length. Cutting into calls
  /// changes nothing.
  void add(std::span<const float> dry, std::span<float> mix);

 private:
  static constexpr size_t kLines = 4;
  struct Line {
    std::vector<float> delay;
    size_t at = 0;
    float gain = 0, dull = 0;
  };
  std::array<Line, kLines> lines_;
  float wet_;
};

}  // namespace troupe::stage
