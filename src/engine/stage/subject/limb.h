// Bending a picture of a limb along a curve, so that it keeps its thickness.
#pragma once

#include <array>

namespace troupe::stage {

/// Metres in a puppet's plane: x right, y up, the ground at 0.
struct Vec2 {
  float x = 0, y = 0;
};
constexpr Vec2 operator+(Vec2 a, Vec2 b) { return {a.x + b.x, a.y + b.y}; }
constexpr Vec2 operator-(Vec2 a, Vec2 b) { return {a.x - b.x, a.y - b.y}; }
constexpr Vec2 operator*(Vec2 a, float s) { return {a.x * s, a.y * s}; }
constexpr float dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }
float length(Vec2 a);
/// Counter-clockwise.
Vec2 rotated(Vec2 a, float radians);
Vec2 rotated_about(Vec2 a, Vec2 pivot, float radians);

/// A limb as it is in the picture: from its root joint (hip, shoulder) to its tip joint (ankle, wrist).
struct Limb {
  Vec2 root = {0, 1}, tip = {0, 0};
  float overlap = 0.1f;  ///< metres of picture above the root, under the body
  float foot = 0.1f;     ///< metres of picture past the tip
};

/// A limb's pose. Angles are turns from the picture, counter-clockwise, radians.
struct LimbPose {
  Vec2 root;                               ///< where the root joint is
  float body = 0;                          ///< turn of what lies above the root
  float upper = 0;                         ///< turn of the upper half
  float lower = 0;                         ///< turn of the lower half
  float foot = 0;                          ///< turn of what lies past the tip
  float upper_scale = 1, lower_scale = 1;  ///< lengths, for limbs that come towards the viewer
};

/// The turn of a two-part limb that brings its tip to `target`: exact while it is within reach, else
/// stretched out towards it. `bend` = +1 or -1: which way the joint gives (the sign of lower - upper).
LimbPose reach(const Limb& limb, Vec2 root, Vec2 target, float bend, float body_turn, float foot_turn);

/// The same by foreshortening: the limb keeps straight and its lower part shortens more than its upper one.
LimbPose reach_towards_viewer(const Limb& limb, Vec2 root, Vec2 target, float body_turn, float foot_turn);

/// Where every point of a posed limb goes. The turn changes smoothly along the limb (Catmull's curve
/// skinning: a point keeps its distance from the centre line, along the line's local normal), so a bend never
/// thins it.
class LimbCurve {
 public:
  LimbCurve(const Limb& limb, const LimbPose& pose);
  Vec2 operator()(Vec2 rest) const;
  Vec2 tip() const;

 private:
  static constexpr int kBelow = 8, kAlong = 32, kPast = 8, kCount = kBelow + kAlong + kPast + 1;
  struct Sample {
    Vec2 center, normal;
  };
  float length_, step_above_, step_past_;
  Vec2 rest_root_, along_, across_;
  std::array<Sample, kCount> samples_;
};

}  // namespace troupe::stage
