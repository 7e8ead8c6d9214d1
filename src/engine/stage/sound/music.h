// A soft pad with a few bell notes: music that never asks for attention.
#pragma once

#include <array>

#include "engine/stage/sound/sound_layer.h"
#include "engine/stage/sound/synth.h"

namespace troupe::stage {

/// Four chords of four seconds, in a key that the seed chooses, over and over; above them now and then a note
/// of the same chord. Natural loudness about -24 LUFS.
class MusicLayer : public SoundLayer {
 public:
  explicit MusicLayer(uint64_t seed);
  void add(std::span<float> interleaved) override;

 private:
  static constexpr int kNotes = 4;
  /// One chord that swells and fades; two of them overlap.
  struct Chord {
    std::array<float, kNotes> hertz{};
    std::array<Phase, kNotes> left, right;
    float level = 0;
    bool held = false;
  };
  struct Bell {
    float hertz = 0, level = 0, rise = 0;
    Phase phase, overtone;
    Stereo place;
  };
  void begin_chord();
  void begin_bell();
  Stereo next_pad();
  Stereo next_bells();

  Random random_;
  float root_;
  bool minor_;
  int chord_ = -1, frame_ = 0;
  std::array<Chord, 2> chords_;
  std::array<Bell, 4> bells_;
  int next_bell_ = 0;
  Filter<Stereo> soft_;
};

}  // namespace troupe::stage
