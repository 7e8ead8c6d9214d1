// One continuous sound of a place, such as wind.
#pragma once

#include <span>

namespace troupe::stage {

/// Thread-safety: one call at a time. What it makes does not depend on how it is cut into calls.
class SoundLayer {
 public:
  virtual ~SoundLayer() = default;
  /// Adds the next samples, interleaved stereo at kAudioRate (an even number).
  virtual void add(std::span<float> interleaved) = 0;
};

}  // namespace troupe::stage
