// The bricks of synthetic sound: noise, filters, slow movement. All run at kAudioRate.
#pragma once

#include <cstdint>

#include "base/random.h"
#include "core/output.h"

namespace troupe::stage {

inline constexpr float kTwoPi = 6.28318530718f;

struct Stereo {
  float left = 0, right = 0;
  Stereo operator+(Stereo o) const { return {left + o.left, right + o.right}; }
  Stereo operator-(Stereo o) const { return {left - o.left, right - o.right}; }
  Stereo operator*(Stereo o) const { return {left * o.left, right * o.right}; }
  Stereo operator*(float gain) const { return {left * gain, right * gain}; }
  friend Stereo operator*(float gain, Stereo s) { return s * gain; }
};

/// 10^(db / 20).
float gain_of_db(float db);

/// Equal-power gains for a place between left (-1) and right (1); 0.707 each in the middle. NaN counts as 0.
Stereo pan_gains(float pan);

/// 0 … 1 with flat ends, for x in 0 … 1 (clamped).
constexpr float smooth_step(float x) {
  x = x < 0 ? 0 : x > 1 ? 1 : x;
  return x * x * (3 - 2 * x);
}

/// White noise, uniform in [-1, 1); the two sides are independent.
class WhiteNoise {
 public:
  explicit WhiteNoise(uint64_t seed) : random_(seed) {}
  Stereo next() {
    const uint64_t bits = random_.next();
    constexpr float kScale = 1.0f / 2147483648.0f;
    return {static_cast<float>(static_cast<int32_t>(bits)) * kScale,
            static_cast<float>(static_cast<int32_t>(bits >> 32)) * kScale};
  }

 private:
  Random random_;
};

/// Pink noise (-3 dB an octave within 0.5 dB above 30 Hz) made of white: three leaky sums and a direct part.
class PinkFilter {
 public:
  Stereo operator()(Stereo white) {
    low_ = low_ * 0.99765f + white * 0.0990460f;
    middle_ = middle_ * 0.96300f + white * 0.2965164f;
    high_ = high_ * 0.57000f + white * 1.0526913f;
    return (low_ + middle_ + high_ + white * 0.1848f) * 0.25f;
  }

 private:
  Stereo low_, middle_, high_;
};

/// Coefficients of a second-order filter, after the formulas of R. Bristow-Johnson's Audio EQ Cookbook.
/// Frequencies are kept within 5 Hz … 22 kHz.
struct FilterShape {
  float b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};
FilterShape low_pass(float hertz, float q = 0.7071f);
FilterShape high_pass(float hertz, float q = 0.7071f);
FilterShape band_pass(float hertz, float q);  ///< 0 dB at the centre

/// A second-order filter on float or Stereo (transposed direct form II).
template <class T>
class Filter {
 public:
  Filter() = default;
  explicit Filter(const FilterShape& shape) : shape_(shape) {}
  void set(const FilterShape& shape) { shape_ = shape; }  ///< may be called while it runs
  T operator()(T in) {
    const T out = in * shape_.b0 + first_;
    first_ = in * shape_.b1 - out * shape_.a1 + second_;
    second_ = in * shape_.b2 - out * shape_.a2;
    return out;
  }

 private:
  FilterShape shape_;
  T first_ = {}, second_ = {};
};

/// Glides from one random value in [-1, 1] to the next, without corners. `seconds`: from one to the next.
class Wander {
 public:
  Wander(uint64_t seed, float seconds);
  /// The next value; call once every `frames` frames.
  float next(int frames = 1) {
    phase_ += step_ * static_cast<float>(frames);
    while (phase_ >= 1) {
      phase_ -= 1;
      from_ = to_;
      to_ = random_.uniform(-1, 1);
    }
    return from_ + (to_ - from_) * smooth_step(phase_);
  }

 private:
  Random random_;
  float step_, phase_, from_, to_;
};

/// sin(2π phase) for phase in [0, 1): a fifth-order fit that is smooth everywhere, within 0.0004.
inline float sine_of(float phase) {
  const float x = phase < 0.25f ? phase : phase < 0.75f ? 0.5f - phase : phase - 1;
  const float square = x * x;
  return x * (kTwoPi + square * (-41.06193f + square * 72.49544f));
}

/// A phase in [0, 1) that advances by a frequency.
class Phase {
 public:
  explicit Phase(float start = 0) : phase_(start) {}
  float next(float hertz) {
    phase_ += hertz * (1.0f / kAudioRate);
    if (phase_ >= 1) phase_ -= 1;
    return phase_;
  }

 private:
  float phase_;
};

}  // namespace troupe::stage
