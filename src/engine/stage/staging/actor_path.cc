#include "engine/stage/staging/actor_path.h"

#include <algorithm>

namespace troupe::stage {
namespace {

constexpr float kTurnSeconds = 0.5f;
constexpr float kEaseSeconds = 0.3f;
constexpr float kHurry = 1.6f;  // how much faster than natural an actor may go to be in time

bool is_gait(Action action) {
  return action == Action::walk || action == Action::run || action == Action::drive;
}

// Path::stay with a walking action still has to go somewhere.
Path travel_path(const SubjectPlan& plan) {
  const bool walks = !plan.beats.empty() && is_gait(plan.beats.front().action);
  if (plan.path != Path::stay || !walks) return plan.path;
  switch (plan.facing) {
    case Facing::left:
      return Path::along_left;
    case Facing::right:
      return Path::along_right;
    case Facing::back:
      return Path::along_away;
    case Facing::front:
      break;
  }
  return Path::along_toward;
}

}  // namespace

ActorPath::ActorPath(const SubjectPlan& plan, const ActorShape& shape, Vec3 mark, const PathRoom& room)
    : beats_(plan.beats),
      shape_(shape),
      path_(travel_path(plan)),
      plan_facing_(plan.facing),
      seated_(plan.seated),
      seconds_(std::max(0.1f, room.seconds)),
      tempo_(room.tempo),
      mark_(mark),
      start_(mark),
      finish_(mark) {
  if (beats_.empty()) beats_.push_back({});
  for (const Beat& beat : beats_) {
    if (is_gait(beat.action)) {
      gait_ = beat.action;
      break;
    }
  }
  const float natural = gait_ == Action::drive ? 8.0f
                        : gait_ == Action::run ? shape_.run_speed
                                               : shape_.walk_speed;
  speed_ = natural * tempo_;
  plan_travel(room);
  const Vec3 way = finish_ - start_;
  length_ = length(way);
  const float duration = arrive_ - depart_;
  if (length_ < 0.05f || duration <= 0) {
    length_ = 0;
    return;
  }
  const float stride = gait_ == Action::run ? shape_.run_stride : shape_.walk_stride;
  stride_rate_ = length_ / duration / std::max(0.05f, stride);
  // Into or out of a photograph little ground is covered; the steps keep a natural pace and their slip, which
  // is along the line of sight, does not show.
  const bool deep = std::abs(way.z) > 2 * std::abs(way.x);
  if (deep) stride_rate_ = std::max(stride_rate_, 0.8f * speed_ / std::max(0.05f, stride));
}

void ActorPath::plan_travel(const PathRoom& room) {
  switch (path_) {
    case Path::stay:
      return;
    case Path::enter_left:
      return enter_or_exit(-1, true, room);
    case Path::enter_right:
      return enter_or_exit(1, true, room);
    case Path::exit_left:
      return enter_or_exit(-1, false, room);
    case Path::exit_right:
      return enter_or_exit(1, false, room);
    case Path::along_left:
      return travel_across(-1, room);
    case Path::along_right:
      return travel_across(1, room);
    case Path::exit_away:
    case Path::along_away:
      return travel_deep(1, room);
    case Path::approach:
    case Path::along_toward:
      return travel_deep(-1, room);
  }
}

// Passes its mark in the middle of the shot.
void ActorPath::travel_across(float direction, const PathRoom& room) {
  const float reach = std::min(speed_ * seconds_ / 2, room.side_max);
  start_.x = mark_.x - direction * reach;
  finish_.x = mark_.x + direction * reach;
  depart_ = 0;
  arrive_ = seconds_;
}

// Away from its mark, or towards it.
void ActorPath::travel_deep(float direction, const PathRoom& room) {
  const float reach = std::min(speed_ * seconds_, room.forward_max);
  (direction > 0 ? finish_ : start_).z += reach;
  depart_ = 0;
  arrive_ = path_ == Path::approach ? 0.92f * seconds_ : seconds_;
}

void ActorPath::enter_or_exit(float direction, bool enters, const PathRoom& room) {
  Vec3 outside = mark_;
  outside.x = room.centre_x + direction * (room.half_width + 0.6f * shape_.aspect * shape_.height + 0.1f);
  const float way = std::abs(outside.x - mark_.x);
  const float fastest = way / (speed_ * kHurry);
  const float needed = std::clamp(way / speed_, 0.2f * seconds_,
                                  std::max(0.55f * seconds_, std::min(fastest, 0.85f * seconds_)));
  if (enters) {
    start_ = outside;
    depart_ = 0;
    arrive_ = needed;
  } else {
    finish_ = outside;
    depart_ = seconds_ - needed;
    arrive_ = seconds_;
  }
}

Vec3 ActorPath::foot(float seconds) const {
  if (length_ == 0) return mark_;
  return mix(start_, finish_, clamp01((seconds - depart_) / (arrive_ - depart_)));
}

float ActorPath::strides(float seconds) const {
  if (length_ == 0) return 0;
  return stride_rate_ * (std::clamp(seconds, depart_, arrive_) - depart_);
}

bool ActorPath::moving(float seconds) const { return length_ > 0 && seconds >= depart_ && seconds < arrive_; }

const Beat& ActorPath::beat(float seconds) const {
  for (const Beat& beat : beats_) {
    if (seconds < beat.end * seconds_) return beat;
  }
  return beats_.back();
}

Action ActorPath::action(float seconds) const {
  const Action asked = beat(seconds).action;
  if (moving(seconds)) {
    // What can be done while walking is done while walking; the puppet walks anyway.
    const bool carried = asked == Action::jump || asked == Action::dance || asked == Action::float_;
    return carried ? asked : gait_;
  }
  if (seated_) return Action::sit;
  return is_gait(asked) ? Action::stand : asked;
}

float ActorPath::action_seconds(float seconds) const {
  const float begin = beat(seconds).begin * seconds_;
  const float since =
      !moving(seconds) && length_ > 0 && seconds >= arrive_ ? std::max(begin, arrive_) : begin;
  return (seconds - since) * tempo_;
}

float ActorPath::action_amount(float seconds) const {
  if (moving(seconds)) {
    const float in = depart_ > 0 ? smoothstep(0, kEaseSeconds, seconds - depart_) : 1;
    const float out = arrive_ < seconds_ ? smoothstep(0, kEaseSeconds, arrive_ - seconds) : 1;
    return std::min(in, out);
  }
  const Beat& now = beat(seconds);
  const float begin =
      length_ > 0 && arrive_ > now.begin * seconds_ && seconds >= arrive_ ? arrive_ : now.begin * seconds_;
  const float in = begin > 0 ? smoothstep(0, kEaseSeconds, seconds - begin) : 1;
  const float end = now.end * seconds_;
  const float out = end < seconds_ - 0.01f ? smoothstep(0, kEaseSeconds, end - seconds) : 1;
  return std::min(in, out);
}

Facing ActorPath::travel_facing() const {
  const Vec3 way = finish_ - start_;
  if (std::abs(way.x) >= std::abs(way.z)) return way.x > 0 ? Facing::right : Facing::left;
  return way.z > 0 ? Facing::back : Facing::front;
}

Facing ActorPath::facing(float seconds) const {
  if (moving(seconds)) return travel_facing();
  if (beat(seconds).action == Action::turn) return Facing::front;
  for (const Beat& earlier : beats_) {  // whoever has turned stays turned
    if (earlier.action == Action::turn && seconds >= earlier.end * seconds_) return Facing::front;
  }
  const bool walked_in = length_ > 0 && seconds >= arrive_;
  return walked_in && plan_facing_ == travel_facing() ? Facing::front : plan_facing_;
}

Facing ActorPath::turn_from(float seconds) const {
  if (length_ > 0 && seconds >= arrive_) return travel_facing();
  if (length_ > 0 && seconds < arrive_) return plan_facing_;
  return plan_facing_ == Facing::front ? Facing::left : plan_facing_;
}

float ActorPath::turn(float seconds) const {
  const Beat& now = beat(seconds);
  if (now.action == Action::turn && !moving(seconds)) {
    return clamp01((seconds - now.begin * seconds_) / kTurnSeconds);
  }
  if (length_ > 0 && seconds >= arrive_ && facing(seconds) != travel_facing()) {
    return clamp01((seconds - arrive_) / kTurnSeconds);
  }
  if (depart_ > 0 && seconds >= depart_) return clamp01((seconds - depart_) / kTurnSeconds);
  return 1;
}

}  // namespace troupe::stage
