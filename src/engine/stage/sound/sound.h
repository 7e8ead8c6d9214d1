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

/// Runs the `espeak-ng` program, looked for along PATH, on `text` (it is a separate program: GPL). Blocks for
/// at most 10 s. `text`: UTF-8 in any script; emoji are left out, what is past 2000 bytes is not said.
/// `voice_index` (any number) gives different speakers different voices; `noun` ("woman", "robot", "cat" … or
/// "") says what kind. The line has no silence at its ends and the same loudness as every other. Errors:
/// unavailable (not installed, or it failed: the caller goes on without speech and notes it),
/// invalid_argument (text without anything to say), cancelled. Thread-safety: safe.
Result<std::vector<float>> speak(const std::string& text, int voice_index, std::string_view noun,
                                 const CancelToken& cancel);

/// How far a mouth is open at `seconds` of the line's own clock: 0 … 1, from its loudness against the line's
/// louder parts (20 ms RMS, 30 ms attack, 80 ms release). 0 outside the line and for times that are no
/// number.
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
/// either end. A mix is raised by 24 dB at most, so that a take with nothing but the air of a room stays near
/// -30 LUFS. Shots that sound alike run on through a cut. Steps and lines outside the take or at no time are
/// left out. Deterministic. Errors: over_limit (sample_count negative or past ten minutes), cancelled (looked
/// at once a second of sound).
Result<std::vector<float>> mix_sound(const SoundRequest& request, const CancelToken& cancel);

}  // namespace troupe::stage
