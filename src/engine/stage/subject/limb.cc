#include "engine/stage/subject/limb.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"

namespace troupe::stage {
namespace {

constexpr float kKneeFrom = 0.34f, kKneeTo = 0.66f;

/// Turn at `s`, the share of the way from root to tip.
float turn_at(const LimbPose& pose, float s, float overlap_share) {
  if (s < 0.1f) {
    const float above = std::min(0.08f, overlap_share);
    return mix(pose.body, pose.upper, smoothstep(-above, 0.1f, s));
  }
  if (s < 0.85f) return mix(pose.upper, pose.lower, smoothstep(kKneeFrom, kKneeTo, s));
  return mix(pose.lower, pose.foot, smoothstep(0.88f, 1.0f, s));
}

float cross(Vec2 a, Vec2 b) { return a.x * b.y - a.y * b.x; }

float angle_between(Vec2 from, Vec2 to) { return std::atan2(cross(from, to), dot(from, to)); }

}  // namespace

float length(Vec2 a) { return std::sqrt(dot(a, a)); }

Vec2 rotated(Vec2 a, float radians) {
  const float c = std::cos(radians), s = std::sin(radians);
  return {a.x * c - a.y * s, a.x * s + a.y * c};
}

Vec2 rotated_about(Vec2 a, Vec2 pivot, float radians) { return pivot + rotated(a - pivot, radians); }

LimbCurve::LimbCurve(const Limb& limb, const LimbPose& pose) {
  const Vec2 line = limb.tip - limb.root;
  length_ = std::max(1e-4f, length(line));
  rest_root_ = limb.root;
  along_ = line * (1 / length_);
  across_ = {-along_.y, along_.x};
  step_above_ = std::max(1e-4f, limb.overlap) / kBelow;
  step_past_ = std::max(1e-4f, limb.foot) / kPast;
  const float step = length_ / kAlong, overlap_share = limb.overlap / length_;
  const auto sample_at = [&](Vec2 center, float turn) { return Sample{center, rotated(across_, turn)}; };
  const auto direction = [&](float turn) { return rotated(along_, turn); };
  samples_[kBelow] = sample_at(pose.root, turn_at(pose, 0, overlap_share));
  Vec2 at = pose.root;
  for (int i = 1; i <= kBelow; ++i) {
    const float s = -static_cast<float>(i) * step_above_ / length_;
    at = at - direction(turn_at(pose, s + 0.5f * step_above_ / length_, overlap_share)) * step_above_;
    samples_[static_cast<size_t>(kBelow - i)] = sample_at(at, turn_at(pose, s, overlap_share));
  }
  at = pose.root;
  for (int i = 1; i <= kAlong; ++i) {
    const float s = static_cast<float>(i) / kAlong, middle = s - 0.5f / kAlong;
    const float scale = mix(pose.upper_scale, pose.lower_scale, smoothstep(kKneeFrom, kKneeTo, middle));
    at = at + direction(turn_at(pose, middle, overlap_share)) * (step * scale);
    samples_[static_cast<size_t>(kBelow + i)] = sample_at(at, turn_at(pose, s, overlap_share));
  }
  for (int i = 1; i <= kPast; ++i) {
    at = at + direction(pose.foot) * step_past_;
    samples_[static_cast<size_t>(kBelow + kAlong + i)] = sample_at(at, pose.foot);
  }
}

Vec2 LimbCurve::operator()(Vec2 rest) const {
  const Vec2 offset = rest - rest_root_;
  const float s = dot(offset, along_), d = dot(offset, across_);
  float place = s < 0         ? kBelow + s / step_above_
                : s < length_ ? kBelow + s / length_ * kAlong
                              : kBelow + kAlong + (s - length_) / step_past_;
  // Past the ends the curve goes on straight.
  const float inside = std::clamp(place, 0.0f, static_cast<float>(kCount - 1));
  const int i = std::min(static_cast<int>(inside), kCount - 2);
  const float t = place - static_cast<float>(i);
  const Sample& a = samples_[static_cast<size_t>(i)];
  const Sample& b = samples_[static_cast<size_t>(i + 1)];
  const float u = clamp01(t);
  const Vec2 normal = a.normal * (1 - u) + b.normal * u;
  const float n = std::max(1e-3f, length(normal));
  return a.center + (b.center - a.center) * t + normal * (d / n);
}

Vec2 LimbCurve::tip() const { return samples_[kBelow + kAlong].center; }

LimbPose reach(const Limb& limb, Vec2 root, Vec2 target, float bend, float body_turn, float foot_turn) {
  const Vec2 line = limb.tip - limb.root;
  const float half = 0.5f * std::max(1e-4f, length(line));
  LimbPose pose{.root = root, .body = body_turn, .foot = foot_turn};
  Vec2 aim = target;
  // The smooth joint cuts the corner of the sharp one that the formula bends: aim past the error, twice.
  for (int round = 0; round < 3; ++round) {
    const Vec2 to = aim - root;
    const float distance = std::clamp(length(to), 0.3f * half, 2 * half);
    const float knee = std::acos(std::clamp(distance / (2 * half), -1.0f, 1.0f));
    const float straight = angle_between(line, to);
    pose.upper = straight - bend * knee;
    pose.lower = straight + bend * knee;
    if (round < 2) aim = aim + (target - LimbCurve(limb, pose).tip());
  }
  return pose;
}

LimbPose reach_towards_viewer(const Limb& limb, Vec2 root, Vec2 target, float body_turn, float foot_turn) {
  const Vec2 line = limb.tip - limb.root, to = target - root;
  const float scale = std::clamp(length(to) / std::max(1e-4f, length(line)), 0.35f, 1.06f);
  LimbPose pose{.root = root, .body = body_turn, .foot = foot_turn};
  pose.upper = pose.lower = angle_between(line, to);
  pose.upper_scale = 1 - 0.6f * (1 - scale);
  pose.lower_scale = 2 * scale - pose.upper_scale;
  return pose;
}

}  // namespace troupe::stage
