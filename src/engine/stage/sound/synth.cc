#include "engine/stage/sound/synth.h"

#include <algorithm>
#include <cmath>

namespace troupe::stage {
namespace {

struct Angle {
  float cosine, alpha;
};

Angle angle_of(float hertz, float q) {
  const float omega = kTwoPi * std::clamp(hertz, 5.0f, 22000.0f) / kAudioRate;
  return {std::cos(omega), std::sin(omega) / (2 * std::max(q, 0.05f))};
}

FilterShape normalised(float b0, float b1, float b2, Angle angle) {
  const float scale = 1 / (1 + angle.alpha);
  return {b0 * scale, b1 * scale, b2 * scale, -2 * angle.cosine * scale, (1 - angle.alpha) * scale};
}

}  // namespace

float gain_of_db(float db) { return std::pow(10.0f, db / 20); }

Stereo pan_gains(float pan) {
  const float place = std::isnan(pan) ? 0.5f : (std::clamp(pan, -1.0f, 1.0f) + 1) / 2;
  return {std::cos(place * kTwoPi / 4), std::sin(place * kTwoPi / 4)};
}

FilterShape low_pass(float hertz, float q) {
  const Angle angle = angle_of(hertz, q);
  const float side = (1 - angle.cosine) / 2;
  return normalised(side, 2 * side, side, angle);
}

FilterShape high_pass(float hertz, float q) {
  const Angle angle = angle_of(hertz, q);
  const float side = (1 + angle.cosine) / 2;
  return normalised(side, -2 * side, side, angle);
}

FilterShape band_pass(float hertz, float q) {
  const Angle angle = angle_of(hertz, q);
  return normalised(angle.alpha, 0, -angle.alpha, angle);
}

Wander::Wander(uint64_t seed, float seconds)
    : random_(seed),
      step_(1 / (seconds * kAudioRate)),
      phase_(random_.uniform()),
      from_(random_.uniform(-1, 1)),
      to_(random_.uniform(-1, 1)) {}

}  // namespace troupe::stage
