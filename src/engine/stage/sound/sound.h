// The sound of a stage take: ambience, footsteps, speech, mixed to exact length.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "core/output.h"
#include "engine/stage/plan.h"
#include "engine/stage/scene/scene.h"

namespace troupe::stage {

struct Footstep {
  double seconds = 0;  ///< on the take's clock
  float pan = 0;       ///< -1 left … 1 right
  float distance = 4;  ///< metres from the camera
  float weight = 1;    ///< 0.2 a cat … 2 an elephant
  Surface surface = Surface::grass;
};

/// One spoken line, already synthesised.
struct SpokenLine {
  std::vector<float> mono;  ///< kAudioRate a second, [-1, 1]
  double seconds = 0;       ///< when it starts, on the take's clock
  float pan = 0;
};

/// Runs the `espeak-ng` program on `text` (it is a separate program: GPL). Blocks for at most 10 s.
/// `voice_index` gives different speakers different voices. Errors: unavailable (not installed, or it failed:
/// the caller goes on without speech and notes it), invalid_argument (text without anything to say),
/// cancelled.
Result<std::vector<float>> speak(const std::string& text, int voice_index, std::string_view noun,
                                 const CancelToken& cancel);

/// How far a mouth is open at `seconds` of a line: 0 … 1, from its loudness (20 ms RMS, fast attack, slow
/// release).
float mouth_opening(const SpokenLine& line, double seconds);

/// What one shot sounds like.
struct ShotSound {
  double begin = 0, end = 0;  ///< seconds on the take's clock; shots follow each other without gaps
  std::string ambience;       ///< SceneLook::ambience, or "" for silence
  std::vector<Weather> weather;
  bool music = false;
};

struct SoundRequest {
  int64_t sample_count = 0;  ///< frames of stereo samples to make: exactly this many
  std::vector<ShotSound> shots;
  std::vector<Footstep> footsteps;
  std::vector<SpokenLine> lines;
  uint64_t seed = 0;
};

/// The mix: interleaved stereo, sample_count * 2 values in [-1, 1], -16 LUFS +-2 when there is anything to
/// hear, true peak under -1 dBFS, beds ducked 8 dB under speech, 50 ms cross-fades at cuts, no click at
/// either end. Deterministic. Errors: cancelled (looked at once a second of sound).
Result<std::vector<float>> mix_sound(const SoundRequest& request, const CancelToken& cancel);

}  // namespace troupe::stage
