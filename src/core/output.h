// Where an engine puts what it makes.
#pragma once

#include <span>

#include "base/result.h"
#include "core/frame.h"

namespace troupe {

inline constexpr int kAudioRate = 48000;  ///< samples a second of all audio inside the program
inline constexpr int kAudioChannels = 2;

/// Takes frames and sound in order. Implementations: the encoder (media/), and in tests one that counts,
/// hashes or keeps. Thread-safety: one call at a time.
class Output {
 public:
  virtual ~Output() = default;

  /// Takes the next frame of the video. May block while the encoder is behind (its queue is bounded).
  /// Errors: invalid_argument (another size than agreed), io, internal. After an error no call succeeds.
  virtual Result<void> video(Frame frame) = 0;

  /// Takes the next interleaved stereo samples, kAudioRate a second, nominally in [-1, 1]. Independent of
  /// video(): the two are aligned by counting from zero. Same errors.
  virtual Result<void> audio(std::span<const float> interleaved) = 0;
};

}  // namespace troupe
