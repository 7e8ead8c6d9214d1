// Where a subject is during a shot.
#pragma once

#include <vector>

#include "engine/stage/plan.h"
#include "engine/stage/raster/vec.h"

namespace troupe::stage {

/// What staging needs to know of a puppet.
struct ActorShape {
  float height = 1.7f;       ///< metres
  float aspect = 0.4f;       ///< width over height
  bool half_figure = false;  ///< its lower edge must stay out of frame
  float walk_speed = 1.25f;  ///< metres a second
  float run_speed = 3.2f;
  float walk_stride = 1.43f;  ///< metres two steps cover
  float run_stride = 2.4f;
};

/// What an actor's move has to keep to.
struct PathRoom {
  float seconds = 5;       ///< of the shot
  float half_width = 2;    ///< metres from the centre of view to the frame's edge, at the actor's depth
  float centre_x = 0;      ///< of the view there
  float forward_max = 20;  ///< metres along z that the scene has room for
  float side_max = 3;      ///< metres to each side
  float tempo = 1;
  bool flat_scene = false;  ///< a photograph: going deeper covers little real ground
};

/// A subject's way through one shot. A value; all times in seconds from the shot's start.
class ActorPath {
 public:
  /// `mark`: its place on the ground when it stands where the framing wants it.
  ActorPath(const SubjectPlan& plan, const ActorShape& shape, Vec3 mark, const PathRoom& room);

  Vec3 foot(float seconds) const;
  /// Strides (two steps) taken so far: the phase of the walk, so that feet do not skate.
  float strides(float seconds) const;
  bool moving(float seconds) const;
  Facing facing(float seconds) const;
  /// Progress of the latest turn into facing(), and what it turns from.
  float turn(float seconds) const;
  Facing turn_from(float seconds) const;
  /// What it does, and since when.
  Action action(float seconds) const;
  float action_seconds(float seconds) const;
  /// How far it is into (or still in) that action, 0 … 1: actions are eased in and out, so that nothing pops.
  float action_amount(float seconds) const;

  bool travels() const { return length_ > 0.05f; }
  Vec3 mark() const { return mark_; }
  Path path() const { return path_; }

 private:
  void plan_travel(const PathRoom& room);
  void travel_across(float direction, const PathRoom& room);
  void travel_deep(float direction, const PathRoom& room);
  void enter_or_exit(float direction, bool enters, const PathRoom& room);
  const Beat& beat(float seconds) const;
  Facing travel_facing() const;

  std::vector<Beat> beats_;
  ActorShape shape_;
  Path path_;
  Facing plan_facing_;
  bool seated_;
  float seconds_, tempo_;
  Vec3 mark_, start_, finish_;
  float depart_ = 0, arrive_ = 0;  ///< when the travel from start_ to finish_ happens
  float length_ = 0, speed_ = 0;
  float stride_rate_ = 0;  ///< strides a second while moving
  Action gait_ = Action::walk;
};

}  // namespace troupe::stage
