// Footsteps.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "engine/stage/sound/sound.h"

namespace troupe::stage {

/// Makes and places footsteps. A few variants are made for each ground and weight and used in turns, so that
/// no two steps in a row are alike and ten thousand cost little. Thread-safety: one call at a time.
class Foley {
 public:
  explicit Foley(uint64_t seed) : seed_(seed) {}

  /// Adds a step to an interleaved stereo mix, with its onset at its time. A step outside the mix, or with a
  /// time that is not a number, is left out; other fields are brought within their ranges.
  void add(const Footstep& step, std::span<float> mix);

 private:
  const std::vector<float>& variant(Surface surface, float weight);

  uint64_t seed_;
  int turn_ = 0;
  std::map<std::tuple<Surface, int, int>, std::vector<float>> variants_;  ///< surface, weight class, variant
};

}  // namespace troupe::stage
