// Walking and running on two legs, four, or none.

#include <cmath>

#include "engine/stage/raster/vec.h"
#include "engine/stage/subject/motion.h"

namespace troupe::stage {
namespace {

/// Cycle shifts of legs from left to right in a picture that looks right: hind pair, then front pair.
float leg_phase(int leg, const BodyShape& body, bool run, float forward) {
  if (body.kind != BodyKind::quadruped) return leg % 2 == 0 ? 0.0f : 0.5f;
  const bool pairs = body.legs == 4 && body.layers.front().copy;
  if (pairs) {
    const int place = forward > 0 ? leg % 2 : 1 - leg % 2;
    const float hind_or_front = place == 0 ? 0.0f : (run ? 0.45f : 0.25f);
    return hind_or_front + (leg >= 2 ? (run ? 0.12f : 0.5f) : 0.0f);
  }
  constexpr float kWalkPhases[4] = {0, 0.5f, 0.25f, 0.75f}, kGallop[4] = {0, 0.12f, 0.45f, 0.57f};
  const int place = forward > 0 ? leg : body.legs - 1 - leg;
  // Of three legs the pair that shows only one is the one in front.
  return (run ? kGallop : kWalkPhases)[static_cast<size_t>(place) % 4];
}

void swing_arms(float phase, bool run, const Performer& who, Motion& motion) {
  for (size_t side = 0; side < 2; ++side) {
    const float outward = side == 0 ? -1.0f : 1.0f;
    // An arm swings against the leg of its side; the left leg lands at phase 0.
    const float swing = -(side == 0 ? 1.0f : -1.0f) * wave_at(phase + 0.25f);
    if (who.sideways) {
      motion.arm[side] += who.forward * (run ? 0.75f : 0.34f) * swing;
      motion.elbow[side] += who.forward * (run ? 1.15f : 0.14f + 0.1f * swing);
    } else {
      motion.arm[side] += outward * (run ? 0.14f : 0.035f + 0.02f * swing);
      motion.reach[side] -= run ? 0.3f + 0.2f * swing : 0.07f + 0.09f * swing;
    }
  }
}

void place_feet(const Gait& gait, float stride, const Performer& who, Motion& motion) {
  const BodyShape& body = who.body;
  const bool run = gait.flight > 0;
  for (const LayerShape& layer : body.layers) {
    if (layer.part != Part::leg) continue;
    const float phase = stride + leg_phase(layer.index, body, run, who.forward);
    Motion::Foot& foot = motion.feet[static_cast<size_t>(layer.index) % motion.feet.size()];
    if (!who.sideways) {
      const FootPlace place = front_step(gait, body.leg, phase);
      foot = {place.ankle, 0, place.down};
      continue;
    }
    const FootPlace place = side_step(gait, sole_of(layer, who.forward), body.leg, phase);
    // Legs apart in the picture gather under their hips, which from the side are one; those of an animal keep
    // half of its stance.
    const bool four = body.kind == BodyKind::quadruped;
    const float hip = who.depicted_from_side && !four ? body.parting : layer.limb.root.x;
    foot.ankle = {who.forward * place.ankle.x + (hip - layer.limb.tip.x) * (four ? 0.5f : 1.0f),
                  place.ankle.y};
    foot.pitch = who.forward * place.pitch;
    foot.down = place.down;
  }
}

void step_on_legs(const Gait& gait, float stride, const Performer& who, Motion& motion) {
  const BodyShape& body = who.body;
  const bool run = gait.flight > 0, four = body.kind == BodyKind::quadruped;
  place_feet(gait, stride, who, motion);
  motion.pelvis.y -= gait.crouch * body.leg;
  motion.lift += flight_height(gait, body.leg, stride);
  // The left leg carries from phase 0 on and is under the body a good quarter later.
  const float over_left = wave_at(stride + 0.25f - 0.5f * gait.duty);
  if (who.sideways) {
    motion.lean -= who.forward * (four ? 0 : run ? 0.12f : 0.03f);
    motion.lean += (four ? 0.02f : 0.012f) * wave_at(2 * stride + 0.1f) * (run ? 1.45f : 1.0f);
    motion.pelvis.y += 0.004f * body.height * wave_at(2 * stride + 0.6f);
  } else {
    const float strength = run ? 1.45f : 1.0f;
    motion.pelvis.x -= 0.011f * body.height * strength * over_left;
    motion.pelvis.y += 0.006f * body.height * strength * (over_left * over_left - 0.5f);
    motion.lean += 0.018f * strength * over_left;
    if (run) motion.bow += 0.03f;
  }
  motion.head_turn -= 0.55f * motion.lean;
  motion.hem += 0.018f * body.height * wave_at(stride + 0.45f) * (run ? 1.6f : 1.0f);
  if (!four) swing_arms(stride, run, who, motion);
}

/// Bodies whose legs do not show rock from side to side.
void waddle(const Gait& gait, float stride, const Performer& who, Motion& motion) {
  const BodyShape& body = who.body;
  const bool half = body.kind == BodyKind::half;
  const float strength = gait.flight > 0 ? 1.5f : 1.0f, step = wave_at(stride + 0.1f);
  motion.lean += (half ? 0.018f : 0.05f) * strength * step;
  motion.pelvis.y += (half ? 0.010f : 0.018f) * body.height * strength * std::abs(wave_at(stride + 0.35f));
  motion.pelvis.x -= (half ? 0.008f : 0.0f) * body.height * step;
  if (!half) motion.lift += 0.018f * body.height * strength * std::abs(wave_at(stride + 0.35f));
  motion.head_turn -= 0.55f * motion.lean;
  motion.hem += 0.02f * body.height * strength * wave_at(stride - 0.1f);
  motion.feet[0].down = wave_at(stride) >= 0;
  motion.feet[1].down = !motion.feet[0].down;
  swing_arms(stride, gait.flight > 0, who, motion);
}

}  // namespace

void add_steps(const Gait& gait, float stride, const Performer& who, Motion& motion) {
  if (who.body.legs > 0) {
    step_on_legs(gait, stride, who, motion);
  } else {
    waddle(gait, stride, who, motion);
  }
}

}  // namespace troupe::stage
