// The WAV stream that a speech program writes to a pipe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace troupe::stage {

struct WavSound {
  int rate = 0;             ///< samples a second, 4000 … 192000
  std::vector<float> mono;  ///< [-1, 1]; several channels are averaged
};

/// Reads a RIFF/WAVE stream of 16-bit PCM with 1 or 2 channels. A program that writes to a pipe cannot know
/// the length when it writes the header, so a data size of 0 or past the end means "up to the end"; a half
/// sample at the end is dropped. Bytes may be anything. Errors: corrupt_input, unsupported (another sample
/// format).
Result<WavSound> parse_wav(std::span<const uint8_t> bytes);

}  // namespace troupe::stage
