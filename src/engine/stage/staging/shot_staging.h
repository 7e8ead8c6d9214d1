// One shot on its stage: who stands where, and where the camera is.
#pragma once

#include <vector>

#include "core/frame_size.h"
#include "engine/stage/plan.h"
#include "engine/stage/scene/scene.h"
#include "engine/stage/staging/actor_path.h"
#include "engine/stage/staging/camera_path.h"

namespace troupe::stage {

/// The shot as functions of time. A value.
struct ShotStaging {
  std::vector<ActorPath> actors;   ///< one for each of the plan's subjects
  std::vector<float> base_height;  ///< metres between each actor's origin and the ground (half figures float)
  CameraPath camera_path;
  ShotSize size = ShotSize::full;
  float focus_blur = 0;        ///< mip bias of everything but the subjects
  float subject_share = 0.8f;  ///< height of the tallest subject over the frame's, at base time
  int followed = -1;           ///< actor the camera tracks, or -1
  std::vector<engine::Note> notes;

  Camera camera(float seconds) const;
};

/// Height of a natural camera for subjects of `height` metres: eye level for people, lower for small animals,
/// but not proportionally, so that they look small in a big world.
float eye_height_for(float height);

/// Stages `shot` in a scene of `look`. `shapes`: one for each of the shot's subjects. Deterministic. Notes
/// tell of every wish that was bent (size changed for a half figure, a move kept inside a photograph).
ShotStaging stage_shot(const ShotPlan& shot, const std::vector<ActorShape>& shapes, const SceneLook& look,
                       FrameSize frame, float seconds, Anchor anchor = Anchor::free);

}  // namespace troupe::stage
