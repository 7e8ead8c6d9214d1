// A pinhole camera in the stage's world.
#pragma once

#include "engine/stage/raster/vec.h"

namespace troupe::stage {

/// At yaw = pitch = roll = 0 it looks along +z with y up.
struct Camera {
  Vec3 position = {0, 1.5f, 0};
  float yaw = 0;                   ///< radians, > 0 turns to the right (+x)
  float pitch = 0;                 ///< radians, > 0 looks up
  float roll = 0;                  ///< radians, > 0 turns the picture clockwise
  float focal = 1.2f;              ///< focal length over frame height: 1.2 = 45 degrees of vertical view
  float shift_x = 0, shift_y = 0;  ///< principal point off the centre, in frame heights; > 0 right, down

  /// World to camera axes: x right, y up, z depth.
  Vec3 to_view(Vec3 world) const;
  /// Where a point shows, in frame heights from the frame's centre, x right, y down. REQUIRES depth > 0.
  struct Projected {
    float x, y, depth;
  };
  Projected project(Vec3 world) const;
};

}  // namespace troupe::stage
