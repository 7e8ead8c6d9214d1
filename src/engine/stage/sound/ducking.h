// Making room for speech.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/stage/sound/sound.h"

namespace troupe::stage {

inline constexpr float kDuckDb = -8;
inline constexpr int kDuckHop = 48;  ///< frames

/// The gain of the beds at each kDuckHop frames, from 0 to past `frames`: kDuckDb while a line is heard, 1
/// elsewhere, with ramps before and after. A line that holds only silence ducks nothing.
std::vector<float> duck_gains(int64_t frames, std::span<const SpokenLine> lines);

/// Multiplies interleaved stereo by the gains of duck_gains.
void apply_duck(const std::vector<float>& gains, std::span<float> interleaved);

}  // namespace troupe::stage
