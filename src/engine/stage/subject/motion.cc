#include "engine/stage/subject/motion.h"

#include <cmath>
#include <numbers>

#include "engine/stage/raster/vec.h"

namespace troupe::stage {
namespace {

/// Takes a motion back towards standing still.
void fade(Motion& motion, float amount) {
  for (Motion::Foot& foot : motion.feet) {
    foot.ankle = foot.ankle * amount;
    foot.pitch *= amount;
    foot.down = foot.down || amount < 0.5f;
  }
  motion.pelvis = motion.pelvis * amount;
  motion.head = motion.head * amount;
  for (float* value :
       {&motion.lean, &motion.bow, &motion.squash, &motion.head_turn, &motion.shoulders, &motion.hem,
        &motion.yaw, &motion.lift, &motion.arm[0], &motion.arm[1], &motion.elbow[0], &motion.elbow[1]})
    *value *= amount;
  for (float& reach : motion.reach) reach = mix(1.0f, reach, amount);
}

void add_action(const PoseInput& input, float t, const Performer& who, Motion& motion) {
  switch (input.action) {
    case Action::walk:
      return add_steps(kWalk, input.stride, who, motion);
    case Action::run:
      return add_steps(kRun, input.stride, who, motion);
    case Action::dance:
      return add_dance(t, who, motion);
    case Action::jump:
      return add_jump(t, who, motion);
    case Action::wave:
      return add_wave(t, who, motion);
    case Action::talk:
      return add_talk(t, input.mouth, who, motion);
    case Action::look:
      return add_look(t, who, motion);
    case Action::sit:
      return add_sit(t, who, motion);
    case Action::float_:
      return add_float(t, who, motion);
    case Action::nod:
      return add_nod(t, who, motion);
    case Action::laugh:
      return add_laugh(t, who, motion);
    case Action::fight:
      return add_fight(t, who, motion);
    case Action::eat:
      return add_eat(t, who, motion);
    case Action::pick:
      return add_pick(t, who, motion);
    case Action::drive:
      return add_drive(t, who, motion);
    case Action::rotate:
      return add_rotate(t, who, motion);
    case Action::stand:
    case Action::turn:
      return;
  }
}

}  // namespace

float wave_at(float cycles) {
  return std::sin(2 * std::numbers::pi_v<float> * (cycles - std::floor(cycles)));
}

Motion motion_of(const PoseInput& input, const Performer& performer) {
  Motion motion;
  const float t = input.seconds * input.tempo;
  add_action(input, t, performer, motion);
  if (input.amount < 1) fade(motion, clamp01(input.amount));
  // Speech moves the head of whoever does something else, too.
  if (input.action != Action::talk && input.mouth > 0) add_talk(t, 0.6f * input.mouth, performer, motion);
  add_idle(t, performer, motion);
  return motion;
}

}  // namespace troupe::stage
