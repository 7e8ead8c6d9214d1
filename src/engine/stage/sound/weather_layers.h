// Air and water: noise that moves.
#pragma once

#include "engine/stage/sound/sound_layer.h"
#include "engine/stage/sound/synth.h"

namespace troupe::stage {

/// A band of steady noise.
struct NoiseBand {
  float low_hertz = 20, high_hertz = 20000;
  float gain = 0.1f;
  float sway_db = 0;       ///< how far its loudness wanders, to each side
  float sway_seconds = 3;  ///< from one loudness to the next
  float width = 1;         ///< 0 the same on both sides … 1 independent
};

/// Pink noise between two frequencies, wandering in loudness: rain's hiss, a room's air, a city's rumble.
class NoiseLayer : public SoundLayer {
 public:
  NoiseLayer(const NoiseBand& band, uint64_t seed);
  void add(std::span<float> interleaved) override;

 private:
  NoiseBand band_;
  WhiteNoise noise_;
  PinkFilter pink_;
  Filter<Stereo> low_cut_, high_cut_;
  Wander left_sway_, right_sway_;
  Stereo gain_, gain_step_;
  int until_control_ = 0;
};

/// Wind: noise through slow resonances at `low_hertz` … `high_hertz`, rising and falling in gusts.
struct WindSound {
  float low_hertz = 200, high_hertz = 900;
  float resonance = 2.2f;  ///< 0.7 broad … 6 whistling
  float gain = 0.1f;
  float gust_seconds = 2.5f;
  float calm = 0.25f;  ///< loudness between gusts, a share of the gusts'
};
class WindLayer : public SoundLayer {
 public:
  WindLayer(const WindSound& wind, uint64_t seed);
  void add(std::span<float> interleaved) override;

 private:
  struct Side {
    Side(const WindSound& wind, uint64_t seed);
    Wander gust, tone;
    Filter<float> body, second;
    float gain = 0, gain_step = 0;
  };
  void steer(Side& side);

  WindSound wind_;
  WhiteNoise noise_;
  PinkFilter pink_;
  Side left_, right_;
  int until_control_ = 0;
};

/// Waves on a shore, about eight seconds each: they build up, break, and run back with a hiss.
class SeaLayer : public SoundLayer {
 public:
  /// `gain`: of the breaking waves. `far`: 0 at the waterline … 1 far below a cliff (dull and even).
  SeaLayer(float gain, float far, uint64_t seed);
  void add(std::span<float> interleaved) override;

 private:
  static constexpr int kWaves = 3;
  struct Wave {
    float phase = 0, step = 0;  ///< of its cycle
    float size = 1;
    Stereo place;
    Filter<Stereo> body;
    float body_gain = 0, body_step = 0, hiss_gain = 0, hiss_step = 0;
  };
  void begin_wave(Wave& wave);
  void steer(Wave& wave);

  float gain_, far_;
  Random random_;
  WhiteNoise noise_;
  PinkFilter pink_;
  Filter<Stereo> hiss_, deep_, rumble_cut_;
  Wave waves_[kWaves];
  int until_control_ = 0;
};

}  // namespace troupe::stage
