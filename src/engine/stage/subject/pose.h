// Applying a motion to a body: every vertex to its place.
#pragma once

#include "engine/stage/subject/body_shape.h"
#include "engine/stage/subject/motion.h"

namespace troupe::stage {

/// Final turn and flip of a whole figure.
struct Turned {
  float yaw = 0;      ///< about the vertical, radians, away from what the picture shows; |yaw| <= pi / 2
  bool flip = false;  ///< left-right
};

/// Where each point of a body's picture is at one moment. A value made for each frame (about 10 us) and then
/// asked for every vertex.
class BodyPose {
 public:
  /// `mouth`: opening, 0 … 1.
  BodyPose(const BodyShape& body, const Motion& motion, const Performer& who, float mouth,
           const Turned& turned);
  BodyPose(const BodyPose&) = delete;
  BodyPose& operator=(const BodyPose&) = delete;

  /// A point of a layer, from the picture's place (RestVertex) to its own.
  Vec2 place(const LayerShape& layer, Vec2 rest) const;
  /// The gap between the lips: its left and right corner and its upper and lower edge, in the picture.
  struct Mouth {
    float left, right, top, bottom;
  };
  std::optional<Mouth> mouth() const;
  /// A point of the picture that moves with the face above the lips.
  Vec2 place_on_face(Vec2 rest) const;
  /// Metres from the ground to the lowest point of the feet.
  float lift() const { return motion_.lift; }
  /// How wide the figure shows, turned as it is: 0.35 … 1.
  float width_share() const { return cos_yaw_; }

 private:
  Vec2 trunk(Vec2 rest) const;
  Vec2 follow_legs(Vec2 rest, Vec2 placed) const;
  Vec2 whole(Vec2 p) const;
  void pose_legs(const Performer& who);
  void pose_arms();
  float jaw_drop(Vec2 rest) const;
  void stand_on_ground();

  const BodyShape& body_;
  Motion motion_;
  Turned turned_;
  float mouth_ = 0;
  float rise_ = 0;
  float cos_lean_ = 1, sin_lean_ = 0, cos_head_ = 1, sin_head_ = 0, cos_yaw_ = 1, bulge_ = 0;
  std::vector<std::optional<LimbCurve>> curves_;                 ///< by layer
  std::array<const LimbCurve*, 2> fringe_ = {nullptr, nullptr};  ///< of the left and the right leg
};

}  // namespace troupe::stage
