// Where feet are during a walk or a run: planted ones stay where they stand.
#pragma once

#include "engine/stage/subject/limb.h"

namespace troupe::stage {

/// A way of going, in shares of the leg's length (hip to sole) unless said otherwise.
struct Gait {
  float stride;       ///< ground covered in two steps
  float duty;         ///< share of a cycle that a foot stands
  float lift;         ///< of the swinging foot
  float crouch;       ///< how much lower the hips ride
  float toe_off;      ///< radians the heel has risen when the foot leaves
  float heel_strike;  ///< radians the toes are up when it lands
  float flight;       ///< height of the arc while no foot stands
};
inline constexpr Gait kWalk = {1.42f, 0.58f, 0.11f, 0.015f, 0.62f, 0.26f, 0};
inline constexpr Gait kRun = {2.6f, 0.36f, 0.26f, 0.055f, 0.75f, 0.1f, 0.05f};

/// One foot at one moment, relative to the point on the ground under its hip.
struct FootPlace {
  Vec2 ankle;       ///< metres from where the ankle is when standing under the hip
  float pitch = 0;  ///< radians, counter-clockwise for a body that goes to +x: > 0 toes up
  bool down = false;
};

/// The sole around the ankle, metres.
struct Sole {
  float height = 0.08f;  ///< ankle above the ground
  float toe = 0.12f;     ///< forward reach
  float heel = 0.05f;    ///< backward reach
};

/// `phase` 0 … 1 (any number is taken modulo 1): 0 = the foot lands. Going to +x; mirror for -x.
/// While down, the point of the sole that carries moves back by exactly the ground covered: no skating.
FootPlace side_step(const Gait& gait, const Sole& sole, float leg, float phase);

/// The same seen from the front or back: the foot only rises.
FootPlace front_step(const Gait& gait, float leg, float phase);

/// Metres off the ground between the steps of a run with legs half a cycle apart.
float flight_height(const Gait& gait, float leg, float phase);

}  // namespace troupe::stage
