#include "engine/stage/staging/camera_path.h"

#include <algorithm>
#include <cmath>

namespace troupe::stage {
namespace {

constexpr float radians(float degrees) { return degrees * 0.01745329252f; }
constexpr float kDefaultPush = 0.12f / 0.25f;  // the unasked slow push, as a share of the asked one

bool is_tracking(CameraMove move) {
  return move == CameraMove::track || move == CameraMove::track_behind || move == CameraMove::track_side ||
         move == CameraMove::track_lead;
}

// Two steady incommensurate waves and a slow one: a hand, not noise.
float waver(float seconds, float phase) {
  return 0.55f * std::sin(seconds * 2.51f + phase) + 0.3f * std::sin(seconds * 6.73f + phase * 2.1f) +
         0.15f * std::sin(seconds * 14.4f + phase * 3.7f);
}

}  // namespace

float eased(float t, float ease) {
  t = clamp01(t);
  if (ease <= 0) return t;
  const float slope = 1 / (1 - ease);
  if (t < ease) return slope * t * t / (2 * ease);
  if (t > 1 - ease) return 1 - slope * (1 - t) * (1 - t) / (2 * ease);
  return slope * (t - ease / 2);
}

struct CameraPath::Offset {
  Vec3 position = {0, 0, 0};
  float yaw = 0, pitch = 0, roll = 0, zoom = 1;
  bool look_at_aim = false;
};

CameraPath::CameraPath(const ShotPlan& shot, const CameraSetup& setup)
    : move_(shot.move), shake_(shot.shake), setup_(setup) {
  amount_ = shot.move_asked ? std::clamp(shot.move_speed, 0.3f, 1.9f) : kDefaultPush;
  ease_ = is_tracking(move_) ? 0.08f : shot.move_smooth ? 0.25f : 0.18f;
  if (!setup.photograph) return;
  const bool deep = move_ == CameraMove::crane || move_ == CameraMove::drone || move_ == CameraMove::orbit;
  const float limit =
      move_ == CameraMove::push_in || move_ == CameraMove::pull_out ? kPhotoPushShare / 0.25f : 1.0f;
  clamped_ = deep || amount_ > limit;
  amount_ = std::min(amount_, limit);
}

bool CameraPath::tracks() const { return is_tracking(move_); }

// Moves that change more than one thing at once.
CameraPath::Offset CameraPath::large_offset(float e) const {
  const float d = setup_.distance, a = amount_, rise = setup_.height / 1.7f;
  Offset o;
  if (move_ == CameraMove::crane) {
    o.position.y = (setup_.photograph ? 0.5f : 1.6f) * rise * std::min(a, 1.2f) * e;
    o.look_at_aim = true;
  } else if (move_ == CameraMove::drone) {
    o.position = {0, setup_.photograph ? 0.6f : 2.0f - 0.6f * e, 0.25f * d * e};
    o.look_at_aim = true;
  } else if (move_ == CameraMove::orbit) {
    const float turn = radians(setup_.photograph ? 16 : 44) * a * (e - 0.5f);
    o.position = {-std::sin(turn) * d, 0, d - std::cos(turn) * d};
    o.yaw = turn;
  } else {
    o.position.z = 0.4f * d * a * e;
    o.zoom = 1 - 0.4f * a * e;
  }
  return o;
}

// The move's state at `e`, 0 … 1 of it.
CameraPath::Offset CameraPath::offset(float e) const {
  const float d = setup_.distance, centred = e - 0.5f, a = amount_;
  const float rise = setup_.height / 1.7f;
  Offset o;
  switch (move_) {
    case CameraMove::push_in:
      o.position.z = 0.25f * d * a * e;
      break;
    case CameraMove::pull_out:
      o.position.z = 0.30f * d * std::min(a, 1.5f) * (1 - e);
      break;
    case CameraMove::zoom_in:
      o.zoom = 1 + 0.35f * a * e;
      break;
    case CameraMove::zoom_out:
      o.zoom = 1 + 0.35f * a * (1 - e);
      break;
    case CameraMove::pan_left:
      o.yaw = -radians(14) * a * centred;
      break;
    case CameraMove::pan_right:
      o.yaw = radians(14) * a * centred;
      break;
    case CameraMove::tilt_up:
      o.pitch = radians(10) * a * centred;
      break;
    case CameraMove::tilt_down:
      o.pitch = -radians(10) * a * centred;
      break;
    case CameraMove::truck_left:
      o.position.x = -0.3f * d * a * centred;
      break;
    case CameraMove::truck_right:
      o.position.x = 0.3f * d * a * centred;
      break;
    case CameraMove::pedestal_up:
      o.position.y = 0.5f * a * rise * centred;
      break;
    case CameraMove::pedestal_down:
      o.position.y = -0.5f * a * rise * centred;
      break;
    case CameraMove::crane:
    case CameraMove::drone:
    case CameraMove::orbit:
    case CameraMove::dolly_zoom:
      return large_offset(e);
    case CameraMove::whip:
      o.yaw = -radians(40) * (1 - clamp01(e * setup_.seconds / 0.3f));
      break;
    case CameraMove::roll:
      o.roll = radians(8) * a * centred;
      break;
    case CameraMove::track:
    case CameraMove::track_behind:
    case CameraMove::track_side:
    case CameraMove::track_lead:
      o.position.z = 0.05f * d * e;
      break;
    case CameraMove::still:
      break;
  }
  return o;
}

CameraPath::Offset CameraPath::anchored(float progress) const {
  Offset o = offset(progress);
  if (setup_.anchor == Anchor::free) return o;
  const Offset fixed = offset(setup_.anchor == Anchor::start ? 0.0f : 1.0f);
  o.position = o.position - fixed.position;
  o.yaw -= fixed.yaw;
  o.pitch -= fixed.pitch;
  o.roll -= fixed.roll;
  o.zoom /= fixed.zoom;
  return o;
}

Camera CameraPath::at(float seconds, Vec3 follow) const {
  const float progress =
      move_ == CameraMove::whip ? seconds / setup_.seconds : eased(seconds / setup_.seconds, ease_);
  const Offset o = anchored(progress);
  Camera camera = setup_.base;
  camera.position = camera.position + o.position + follow;
  camera.yaw += o.yaw;
  camera.pitch += o.pitch;
  camera.roll += o.roll;
  camera.focal *= o.zoom;
  const Vec3 aim = setup_.aim + follow;
  if (o.look_at_aim) {
    const float depth = aim.z - camera.position.z;
    camera.pitch += std::atan2(aim.y - camera.position.y, depth) -
                    std::atan2(setup_.aim.y - setup_.base.position.y, setup_.distance);
  } else if (setup_.hold_aim && (o.position.z != 0 || o.zoom != 1)) {
    Camera level = camera;
    level.yaw = setup_.base.yaw;
    camera.shift_y += setup_.base.project(setup_.aim).y - level.project(aim).y;
  }
  shake(seconds, camera);
  return camera;
}

void CameraPath::shake(float seconds, Camera& camera) const {
  if (shake_ == CameraShake::none && !is_tracking(move_)) return;
  const bool handheld = shake_ == CameraShake::handheld;
  float calm = 1;  // an anchored end stands still
  if (setup_.anchor == Anchor::start) calm = smoothstep(0, 0.5f, seconds);
  if (setup_.anchor == Anchor::end) calm = smoothstep(0, 0.5f, setup_.seconds - seconds);
  const float angle = calm * radians(handheld ? 0.35f : 0.07f), shift = calm * (handheld ? 0.008f : 0.003f);
  const float t = handheld ? seconds : seconds * 0.45f;
  camera.yaw += angle * waver(t, 0.4f);
  camera.pitch += angle * waver(t, 2.2f);
  camera.roll += angle * 0.5f * waver(t, 4.1f);
  camera.position.x += shift * waver(t, 5.3f);
  camera.position.y += shift * waver(t, 1.7f);
}

}  // namespace troupe::stage
