// Motions of the whole body: dancing, jumping, waving, sitting and the like.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/stage/raster/vec.h"
#include "engine/stage/subject/motion.h"

namespace troupe::stage {
namespace {

constexpr float kTurn = 2 * std::numbers::pi_v<float>;

bool on_two_legs(const Performer& who) { return who.body.legs > 0 && who.body.kind != BodyKind::quadruped; }

/// Up over the first `rise` of a period, held, and down over the last.
float held(float at, float rise, float hold, float fall) {
  return smoothstep(0, rise, at) - smoothstep(rise + hold, rise + hold + fall, at);
}

void raise_arms(float outward_turn, float bend, Motion& motion) {
  motion.arm[0] -= outward_turn;
  motion.arm[1] += outward_turn;
  motion.elbow[0] -= bend;
  motion.elbow[1] += bend;
}

}  // namespace

void add_dance(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height, in = smoothstep(0, 0.6f, t);
  const float beat = 1.05f * t, side = wave_at(0.5f * beat), bounce = 0.5f - 0.5f * std::cos(kTurn * beat);
  motion.pelvis.x += 0.06f * h * in * side * (on_two_legs(who) ? 0.8f : 1.0f);
  motion.lean -= 0.10f * in * side * (on_two_legs(who) ? 1.0f : 0.7f);
  motion.head_turn += 0.05f * in * side;
  motion.hem += 0.03f * h * in * wave_at(0.5f * beat - 0.16f);
  motion.yaw += 0.28f * in * wave_at(0.25f * beat);
  if (who.body.legs > 0) {
    motion.pelvis.y -= 0.035f * h * in * (1 - bounce);
    // The free leg lifts while the weight is on the other.
    const size_t free_leg = side > 0 ? 0 : 1;
    const float knee = 0.09f * h * in * std::pow(std::abs(side), 1.5f);
    motion.feet[free_leg].ankle = {0.02f * h * side * -1.0f, knee};
    motion.feet[free_leg].down = knee < 0.01f * h;
    if (who.body.kind == BodyKind::quadruped) motion.feet[3 - free_leg] = motion.feet[free_leg];
  } else {
    motion.squash += 0.035f * in * (1 - bounce);
  }
  raise_arms(in * (0.55f + 0.3f * wave_at(beat)), in * (0.35f + 0.25f * wave_at(beat + 0.2f)), motion);
  motion.arm[0] += 0.25f * in * side;
  motion.arm[1] += 0.25f * in * side;
  // One twirl in eight beats.
  const float bar = std::fmod(beat, 8.0f);
  motion.yaw += kTurn * smoothstep(5.6f, 7.2f, bar);
}

void add_jump(float t, const Performer& who, Motion& motion) {
  constexpr float kPeriod = 1 / 0.85f, kCrouchEnd = 0.30f, kLeave = 0.38f, kAir = 0.40f,
                  kLand = kLeave + kAir;
  const float h = who.body.height, at = std::fmod(t, kPeriod);
  const float before = smoothstep(0, 0.2f, at) - smoothstep(kCrouchEnd - 0.04f, kLeave, at);
  const float after = smoothstep(kLand, kLand + 0.08f, at) - smoothstep(kLand + 0.1f, kPeriod, at);
  const float crouch = before + 0.9f * after;
  const bool legged = who.body.legs > 0;
  if (legged) {
    motion.pelvis.y -= 0.09f * h * crouch;
    motion.lean -= who.sideways ? who.forward * 0.16f * crouch : 0;
    motion.bow += who.sideways ? 0 : 0.05f * crouch;
  } else {
    motion.squash += 0.10f * crouch;
  }
  raise_arms(0.25f * crouch, 0, motion);
  if (at <= kLeave || at >= kLand) return;
  const float fly = (at - kLeave) / kAir, arc = 4 * fly * (1 - fly);
  motion.lift += 0.115f * h * arc;
  motion.squash -= legged ? 0.01f * arc : 0.05f * (1 - arc);
  raise_arms(0.7f * arc, 0.2f * arc, motion);
  for (size_t foot = 0; foot < motion.feet.size(); ++foot) {
    motion.feet[foot].down = false;
    if (!legged) continue;
    const float tuck = arc * (foot % 2 == 0 ? 0.055f : 0.035f);
    motion.feet[foot].ankle = {who.sideways ? -who.forward * 0.05f * h * arc : 0.0f, tuck * h};
    motion.feet[foot].pitch = who.sideways ? -who.forward * 0.4f * arc : 0.0f;
  }
}

void add_wave(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height, in = smoothstep(0, 0.45f, t), swing = wave_at(1.6f * t);
  const bool left = who.body.arm[0] && !who.body.arm[1];
  const float outward = left ? -1.0f : 1.0f;
  if (who.body.arm[0] || who.body.arm[1]) {
    const size_t side = left ? 0 : 1;
    motion.arm[side] += outward * in * (1.8f + 0.06f * swing - who.body.arm_hang[side]);
    motion.elbow[side] += outward * in * (1.05f + 0.38f * swing);
    motion.lean -= outward * 0.025f * in;
    motion.head_turn -= outward * 0.05f * in;
    motion.shoulders += 0.003f * h * in;
    return;
  }
  // Arms that lie on the body cannot be raised: greet with the whole of it.
  motion.lean += in * 0.05f * wave_at(0.8f * t);
  motion.head_turn += in * 0.07f * wave_at(0.8f * t + 0.06f);
  motion.head.y -= in * 0.006f * h * (0.5f - 0.5f * std::cos(kTurn * 1.6f * t));
  motion.pelvis.x += in * 0.012f * h * wave_at(0.8f * t - 0.05f);
}

void add_sit(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height, in = smoothstep(0, 0.8f, t);
  if (!on_two_legs(who)) {
    if (who.body.legs > 0) motion.pelvis.y -= 0.06f * h * in;
    return;
  }
  motion.pelvis.y -= in * (who.sideways ? 0.42f : 0.36f) * who.body.leg;
  if (!who.sideways) return;
  motion.pelvis.x -= who.forward * 0.25f * who.body.leg * in;
  for (Motion::Foot& foot : motion.feet) foot.ankle.x += who.forward * 0.2f * who.body.leg * in;
}

void add_float(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height, in = smoothstep(0, 0.9f, t);
  motion.lift += in * h * (0.09f + 0.028f * wave_at(0.32f * t));
  motion.lean += in * 0.035f * wave_at(0.19f * t);
  motion.hem += in * 0.025f * h * wave_at(0.27f * t + 0.2f);
  raise_arms(in * (0.28f + 0.12f * wave_at(0.32f * t + 0.3f)), in * 0.15f, motion);
  for (size_t foot = 0; foot < motion.feet.size(); ++foot) {
    motion.feet[foot].down = in < 0.05f;
    motion.feet[foot].ankle = {0.012f * h * in * wave_at(0.29f * t + 0.5f * static_cast<float>(foot)),
                               0.02f * h * in * (1 + wave_at(0.37f * t + 0.3f * static_cast<float>(foot)))};
  }
}

void add_fight(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height, at = std::fmod(1.1f * t, 1.0f);
  const float lunge = held(at, 0.16f, 0.08f, 0.4f),
              recoil = held(std::fmod(at + 0.28f, 1.0f), 0.2f, 0.02f, 0.2f);
  const float punch = lunge - 0.5f * recoil;
  const bool odd = static_cast<int>(std::floor(1.1f * t)) % 2 != 0;
  const float aim = who.sideways ? who.forward : odd ? 1.0f : -1.0f;
  motion.pelvis = motion.pelvis + Vec2{0.05f * h * aim * punch, -0.03f * h - 0.015f * h * lunge};
  motion.lean -= aim * 0.16f * punch;
  motion.head_turn += aim * 0.06f * punch;
  motion.bow += who.sideways ? 0 : 0.03f * lunge;
  const size_t fist = aim > 0 ? 1 : 0;
  motion.arm[fist] += aim * (0.5f + 0.95f * lunge);
  motion.elbow[fist] += aim * 1.1f * (1 - lunge);
  motion.arm[1 - fist] -= aim * 0.3f;
  motion.elbow[1 - fist] += (fist == 1 ? -1.0f : 1.0f) * 0.9f;
}

void add_eat(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height, bite = 0.5f - 0.5f * std::cos(kTurn * 0.7f * t);
  motion.head_turn -= (who.depicted_from_side ? who.forward * 0.10f : 0.02f) * bite;
  motion.head.y -= 0.007f * h * bite;
  motion.bow += who.depicted_from_side ? 0 : 0.015f * bite;
  if (who.depicted_from_side) motion.lean -= who.forward * 0.05f * bite;
}

void add_pick(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height, down = held(std::fmod(t, 3.6f), 0.7f, 0.8f, 0.8f);
  if (who.depicted_from_side || who.sideways) {
    const bool four = who.body.kind == BodyKind::quadruped;
    motion.lean -= who.forward * (four ? 0.08f : 0.5f) * down;
    motion.pelvis = motion.pelvis + Vec2{-who.forward * 0.04f * h * down, -0.05f * h * down};
    for (float& arm : motion.arm) arm += who.forward * 0.55f * down;
    return;
  }
  motion.bow += 0.16f * down;
  motion.pelvis.y -= 0.045f * h * down;
  motion.lean -= 0.09f * down;
  motion.head.y -= 0.012f * h * down;
  motion.arm[1] += 0.25f * down;
  motion.reach[1] += 0.12f * down;
}

void add_drive(float t, const Performer& who, Motion& motion) {
  const float h = who.body.height;
  motion.pelvis.y += 0.004f * h * wave_at(2.9f * t);
  motion.squash += 0.004f * wave_at(2.9f * t) + 0.003f * wave_at(4.7f * t + 0.3f);
  motion.lean += 0.004f * wave_at(1.3f * t);
}

void add_rotate(float t, const Performer& who, Motion& motion) {
  // One picture can be turned a little to either side; more would show its flatness.
  motion.yaw += who.all_round ? kTurn * 0.125f * t : 0.6f * wave_at(0.14f * t);
}

}  // namespace troupe::stage
