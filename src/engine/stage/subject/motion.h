// What an action asks of a body at one moment, before it is applied to any picture.
#pragma once

#include <array>

#include "engine/stage/subject/body_shape.h"
#include "engine/stage/subject/puppet.h"

namespace troupe::stage {

/// What the actions need to know of the body that performs them.
struct Performer {
  const BodyShape& body;
  bool sideways = false;            ///< goes across the picture rather than towards or away from the viewer
  float forward = 1;                ///< +1 or -1: where it goes in the picture, when sideways
  bool depicted_from_side = false;  ///< the picture itself shows a side
  bool all_round = false;           ///< pictures of other sides exist, so that a whole turn can be shown
};

/// Amounts in metres and radians, counter-clockwise; all zero = the picture as it is.
struct Motion {
  struct Foot {
    Vec2 ankle;  ///< shift from the picture
    float pitch = 0;
    bool down = true;
  };
  std::array<Foot, 8> feet;
  Vec2 pelvis;       ///< shift of the hips
  float lean = 0;    ///< turn of the trunk about the hips
  float bow = 0;     ///< share of the trunk's height lost by bending towards the viewer
  float squash = 0;  ///< share of the whole height lost, gained in width
  float breath = 0;  ///< -1 … 1
  float head_turn = 0;
  Vec2 head;                            ///< shift
  float shoulders = 0;                  ///< rise
  float hem = 0;                        ///< sideways swing of what hangs
  float yaw = 0;                        ///< turn about the vertical
  float lift = 0;                       ///< above the ground
  std::array<float, 2> arm = {0, 0};    ///< turn at the shoulder
  std::array<float, 2> elbow = {0, 0};  ///< further turn of the forearm
  std::array<float, 2> reach = {1, 1};  ///< length of the forearm as it shows
};

/// The pose of an action, on top of breathing and shifting weight, which never stop.
Motion motion_of(const PoseInput& input, const Performer& performer);

// The parts of motion_of, by where they are kept. Each adds to `motion`; `t` is seconds times tempo.
void add_idle(float t, const Performer& who, Motion& motion);  // motion_idle.cc
void add_look(float t, const Performer& who, Motion& motion);
void add_nod(float t, const Performer& who, Motion& motion);
void add_talk(float t, float mouth, const Performer& who, Motion& motion);
void add_laugh(float t, const Performer& who, Motion& motion);
void add_steps(const Gait& gait, float stride, const Performer& who, Motion& motion);  // motion_steps.cc
void add_dance(float t, const Performer& who, Motion& motion);                         // motion_whole.cc
void add_jump(float t, const Performer& who, Motion& motion);
void add_wave(float t, const Performer& who, Motion& motion);
void add_sit(float t, const Performer& who, Motion& motion);
void add_float(float t, const Performer& who, Motion& motion);
void add_fight(float t, const Performer& who, Motion& motion);
void add_eat(float t, const Performer& who, Motion& motion);
void add_pick(float t, const Performer& who, Motion& motion);
void add_drive(float t, const Performer& who, Motion& motion);
void add_rotate(float t, const Performer& who, Motion& motion);

/// sin of `cycles` turns.
float wave_at(float cycles);

}  // namespace troupe::stage
