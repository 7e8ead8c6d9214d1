// Voices and machines: layers that have a pitch.
#pragma once

#include <vector>

#include "engine/stage/sound/sound_layer.h"
#include "engine/stage/sound/synth.h"

namespace troupe::stage {

/// A few steady sines that beat against each other: a neon sign, a drone.
class HumLayer : public SoundLayer {
 public:
  struct Partial {
    float hertz, gain;
  };
  /// `drift`: how far each partial's loudness wanders, 0 … 1.
  HumLayer(std::vector<Partial> partials, float drift, uint64_t seed);
  void add(std::span<float> interleaved) override;

 private:
  struct Voice {
    float hertz, gain;
    Phase left, right;
    Wander sway;
    float level = 0, step = 0;
  };
  std::vector<Voice> voices_;
  float drift_;
  int until_control_ = 0;
};

/// People who talk at other tables: syllables without words, dulled as by a room.
class MurmurLayer : public SoundLayer {
 public:
  MurmurLayer(int voices, float gain, float dull_hertz, uint64_t seed);
  void add(std::span<float> interleaved) override;

 private:
  struct Voice {
    explicit Voice(uint64_t seed);
    void steer();
    float next();

    Random random;
    float base_hertz, hertz, level = 0, target = 0, phase = 0;
    int frames_left = 0;
    Stereo place;
    Filter<float> throat, lips;
  };
  std::vector<Voice> voices_;
  float gain_;
  Filter<Stereo> wall_;
};

}  // namespace troupe::stage
