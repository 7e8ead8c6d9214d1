#include "engine/stage/subject/pose.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"

namespace troupe::stage {
namespace {

constexpr float kNarrowest = 0.35f;  // a figure turned further looks like the paper it is
constexpr float kJawDrop = 0.075f;   // of the face's height

/// The widest opening leaves a figure at least kNarrowest of its width.
float squeeze(float yaw) {
  const float c = std::cos(yaw), s = std::sin(yaw);
  return std::sqrt(c * c + kNarrowest * kNarrowest * s * s);
}

}  // namespace

BodyPose::BodyPose(const BodyShape& body, const Motion& motion, const Performer& who, float mouth,
                   const Turned& turned)
    : body_(body), motion_(motion), turned_(turned), mouth_(body.face ? clamp01(mouth) : 0.0f) {
  cos_lean_ = std::cos(motion_.lean);
  sin_lean_ = std::sin(motion_.lean);
  cos_head_ = std::cos(motion_.head_turn);
  sin_head_ = std::sin(motion_.head_turn);
  cos_yaw_ = squeeze(turned_.yaw);
  bulge_ = 0.25f * std::sin(turned_.yaw) * std::cos(turned_.yaw);
  curves_.resize(body_.layers.size());
  pose_legs(who);
  pose_arms();
  stand_on_ground();
}

void BodyPose::pose_legs(const Performer& who) {
  for (size_t i = 0; i < body_.layers.size(); ++i) {
    const LayerShape& layer = body_.layers[i];
    if (layer.part != Part::leg) continue;
    const Motion::Foot& foot = motion_.feet[static_cast<size_t>(layer.index) % motion_.feet.size()];
    const Vec2 lean_root = rotated_about(layer.limb.root, body_.pelvis, motion_.lean) + motion_.pelvis;
    Vec2 target = layer.limb.tip + foot.ankle;
    // A foot that the stretched leg does not reach comes off the ground rather than slide.
    const float far = length(layer.limb.tip - layer.limb.root) * 0.9995f;
    const float aside = std::clamp(target.x - lean_root.x, -0.95f * far, 0.95f * far);
    target.y = std::max(target.y, lean_root.y - std::sqrt(far * far - aside * aside));
    LimbPose pose = who.sideways
                        ? reach(layer.limb, lean_root, target, -who.forward, motion_.lean, foot.pitch)
                        : reach_towards_viewer(layer.limb, lean_root, layer.limb.tip + foot.ankle,
                                               motion_.lean, foot.pitch);
    curves_[i].emplace(layer.limb, pose);
    if (body_.kind != BodyKind::quadruped) fringe_[static_cast<size_t>(layer.index) % 2] = &*curves_[i];
  }
}

void BodyPose::pose_arms() {
  for (size_t i = 0; i < body_.layers.size(); ++i) {
    const LayerShape& layer = body_.layers[i];
    if (layer.part != Part::arm) continue;
    const auto side = static_cast<size_t>(layer.index);
    LimbPose pose;
    pose.root = trunk(layer.limb.root);
    // The sleeve turns with its arm: what would stay behind is the body's own shoulder.
    pose.upper = motion_.lean + motion_.arm[side];
    pose.body = pose.upper;
    pose.lower = pose.upper + motion_.elbow[side];
    pose.foot = pose.lower;
    pose.lower_scale = std::clamp(motion_.reach[side], 0.5f, 1.2f);
    pose.upper_scale = mix(1.0f, pose.lower_scale, 0.35f);
    curves_[i].emplace(layer.limb, pose);
  }
}

float BodyPose::jaw_drop(Vec2 rest) const {
  const BodyShape::Face& face = *body_.face;
  const float width = face.right - face.left, height = face.top - face.bottom;
  const float below = (face.lips - rest.y) / height;  // 0 at the lips, about 0.22 at the chin
  const float aside = std::abs(rest.x - 0.5f * (face.left + face.right)) / width;
  const float down = smoothstep(-0.012f, 0.02f, below) * (1 - smoothstep(0.2f, 0.5f, below));
  return mouth_ * kJawDrop * height * down * (1 - smoothstep(0.2f, 0.44f, aside));
}

/// Everything of the body but legs and arms, before the whole figure is turned and set on the ground.
Vec2 BodyPose::trunk(Vec2 rest) const {
  const float h = body_.height;
  Vec2 p = rest;
  if (mouth_ > 0) p.y -= jaw_drop(rest);
  if (body_.has_head) {
    const float w = smoothstep(-0.035f * h, 0.03f * h, rest.y - body_.neck.y);
    if (w > 0) {
      const Vec2 d = p - body_.neck;
      const Vec2 turned = {d.x * cos_head_ - d.y * sin_head_, d.x * sin_head_ + d.y * cos_head_};
      p = p + (turned - d + motion_.head) * w;
    }
  } else if (motion_.head_turn != 0 || motion_.head.y != 0) {
    // No head to tell apart: the upper end leads.
    const float w = smoothstep(body_.waist, h, rest.y);
    p = p + (Vec2{-0.25f * h * motion_.head_turn, 0} + motion_.head) * w;
  }
  const float above = smoothstep(body_.waist, body_.shoulder, rest.y);
  p.y += (0.0035f * h * motion_.breath + motion_.shoulders) * above;
  const float chest = above * (1 - smoothstep(body_.shoulder, body_.shoulder + 0.06f * h, rest.y));
  p.x += 0.007f * rest.x * motion_.breath * chest;
  if (body_.kind != BodyKind::quadruped)
    p.x += motion_.hem * (1 - smoothstep(0.02f * h, body_.waist, rest.y));
  const Vec2 d = p - body_.pelvis;
  const float tall = d.y * (1 - (d.y > 0 ? motion_.bow : 0));
  return body_.pelvis + motion_.pelvis +
         Vec2{d.x * cos_lean_ - tall * sin_lean_, d.x * sin_lean_ + tall * cos_lean_};
}

/// Near the crotch the outline of the body goes over into that of the thighs.
Vec2 BodyPose::follow_legs(Vec2 rest, Vec2 placed) const {
  if (!fringe_[0] && !fringe_[1]) return placed;
  const float w =
      0.85f * (1 - smoothstep(body_.crotch - 0.01f * body_.height, body_.crotch + body_.fringe, rest.y));
  if (w <= 0) return placed;
  const LimbCurve* left = fringe_[0] ? fringe_[0] : fringe_[1];
  const LimbCurve* right = fringe_[1] ? fringe_[1] : fringe_[0];
  const float side = body_.shared_legs
                         ? 0.5f
                         : smoothstep(-0.06f * body_.height, 0.06f * body_.height, rest.x - body_.parting);
  const Vec2 legs = (*left)(rest) * (1 - side) + (*right)(rest)*side;
  // What hangs beside the thighs, hands and hems, keeps to the body.
  return placed + (legs - placed) * (w * (body_.kind == BodyKind::skirted ? 0.7f : 1.0f));
}

Vec2 BodyPose::whole(Vec2 p) const {
  p = {p.x * (1 + 0.5f * motion_.squash), p.y * (1 - motion_.squash)};
  if (turned_.yaw != 0) {
    const float share = std::clamp(p.x / std::max(1e-3f, body_.half_width), -1.0f, 1.0f);
    p.x = p.x * cos_yaw_ + bulge_ * body_.half_width * (1 - share * share);
  }
  if (turned_.flip) p.x = -p.x;
  return p;
}

void BodyPose::stand_on_ground() {
  if (body_.kind == BodyKind::half) {
    motion_.lift = 0;
    return;
  }
  float lowest = 1e9f;
  for (const LayerShape& layer : body_.layers)
    if (layer.part == Part::leg || body_.legs == 0)
      for (const Vec2& sole : layer.soles) lowest = std::min(lowest, place(layer, sole).y);
  if (lowest < 1e8f) rise_ = motion_.lift - lowest;
}

Vec2 BodyPose::place(const LayerShape& layer, Vec2 rest) const {
  const auto index = static_cast<size_t>(&layer - body_.layers.data());
  Vec2 p;
  if (layer.part == Part::body) {
    p = follow_legs(rest, trunk(rest));
  } else {
    p = (*curves_[index])(rest);
  }
  // The cut of a half figure stays where the frame's edge hides it.
  if (body_.kind == BodyKind::half) p = rest + (p - rest) * smoothstep(0, 0.22f * body_.height, rest.y);
  p = whole(p);
  return {p.x, p.y + rise_};
}

Vec2 BodyPose::place_on_face(Vec2 rest) const {
  Vec2 p = trunk(rest);
  if (body_.kind == BodyKind::half) p = rest + (p - rest) * smoothstep(0, 0.22f * body_.height, rest.y);
  p = whole(p);
  return {p.x, p.y + rise_};
}

std::optional<BodyPose::Mouth> BodyPose::mouth() const {
  if (!body_.face || mouth_ <= 0.02f) return std::nullopt;
  const BodyShape::Face& face = *body_.face;
  const float width = face.right - face.left, height = face.top - face.bottom;
  const float middle = 0.5f * (face.left + face.right), half = 0.5f * width * (0.29f - 0.05f * mouth_);
  return Mouth{middle - half, middle + half, face.lips + 0.006f * height, face.lips - 0.022f * height};
}

}  // namespace troupe::stage
