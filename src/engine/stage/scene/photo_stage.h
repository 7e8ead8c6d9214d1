// A place from a picture: the ground folded towards the viewer, the rest standing behind it.
#pragma once

#include <memory>
#include <vector>

#include "core/image.h"
#include "engine/stage/scene/scene.h"

namespace troupe::stage {

struct PhotoStageOptions {
  float horizon = 0.46f;    ///< row of the horizon, fraction of the picture's height
  float eye_height = 1.5f;  ///< metres the picture was taken from: sets the scale of its world
  /// For columns spread evenly over the picture: the row (fraction) where the upright thing seen there stands
  /// on the ground, or the horizon where nothing stands out. Empty = nothing stands.
  std::vector<float> standing;
  SceneRequest mood;  ///< frame size, and weather and style words to add; its environment is ignored
};

/// Folds `picture` after the single-view geometry of "Tour into the Picture" (Horry 1997) and the pop-up of
/// Hoiem (2005): below the horizon a ground plane seen from eye_height, blended smoothly into a backdrop,
/// what stands in front of it at the distance of its foot. From the home camera (position (0, eye_height, 0),
/// focal and shift_y as look() says) the frame is the picture itself, cut centrally to the frame's shape. 28
/// % of mirrored, blurred picture on each side gives moves room. The light on subjects is taken from the
/// picture. Takes about 0.1 s.
std::unique_ptr<Scene> fold_picture(const Image& picture, const PhotoStageOptions& options);

/// The light a picture suggests for whoever stands in it: colour, strength, side of the key.
LightRig light_of_picture(const Image& picture, float horizon);

}  // namespace troupe::stage
