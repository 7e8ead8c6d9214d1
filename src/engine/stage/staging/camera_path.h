// How the camera moves during a shot.
#pragma once

#include "engine/stage/plan.h"
#include "engine/stage/raster/camera.h"

namespace troupe::stage {

/// Where the move passes through the base camera exactly: at its middle as the move likes, or at one end,
/// when that end is a picture the user gave.
enum class Anchor { free, start, end };

/// Everything a move is made of. Lengths in metres, angles in radians.
struct CameraSetup {
  Camera base;              ///< frames the subject as the shot's size asks
  float distance = 4;       ///< from the base camera to the subject
  float height = 1.7f;      ///< of the subject: moves up and down follow it
  Vec3 aim = {0, 1.4f, 4};  ///< point of the subject that the framing holds
  float seconds = 5;        ///< of the shot
  bool photograph = false;  ///< moves are kept to what a folded picture can show
  Anchor anchor = Anchor::free;
  bool hold_aim = true;  ///< keeps the aim's row while distance or focal length change
};

/// Bounds of moves in a photograph: past these the plate's edges or its stretched parts show.
inline constexpr float kPhotoPushShare = 0.45f;  ///< of the subject's distance
inline constexpr float kPhotoTruckShare = 0.25f;
inline constexpr float kPhotoPanRadians = 0.244f;  ///< 14 degrees in all

/// One shot's camera. A value and a pure function of time.
class CameraPath {
 public:
  CameraPath(const ShotPlan& shot, const CameraSetup& setup);

  /// `follow`: how far the followed subject has gone from where it was at base time (for tracking moves).
  Camera at(float seconds, Vec3 follow) const;

  bool tracks() const;
  /// True if the asked move was made smaller to stay inside a photograph.
  bool clamped() const { return clamped_; }

 private:
  struct Offset;
  Offset offset(float progress) const;
  Offset large_offset(float progress) const;
  Offset anchored(float progress) const;
  void shake(float seconds, Camera& camera) const;

  CameraMove move_;
  CameraShake shake_;
  CameraSetup setup_;
  float amount_;
  float ease_;
  bool clamped_ = false;
};

/// 0 … 1 with quadratic ends of length `ease` (0 … 0.5) and a linear middle.
float eased(float progress, float ease);

}  // namespace troupe::stage
