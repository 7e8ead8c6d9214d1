#include "engine/stage/raster/camera.h"

namespace troupe::stage {

Vec3 Camera::to_view(Vec3 world) const {
  const Vec3 d = world - position;
  const float cy = std::cos(yaw), sy = std::sin(yaw);
  const float x1 = cy * d.x - sy * d.z, z1 = sy * d.x + cy * d.z;
  const float cp = std::cos(pitch), sp = std::sin(pitch);
  const float y2 = cp * d.y - sp * z1, z2 = sp * d.y + cp * z1;
  const float cr = std::cos(roll), sr = std::sin(roll);
  return {cr * x1 + sr * y2, cr * y2 - sr * x1, z2};
}

Camera::Projected Camera::project(Vec3 world) const {
  const Vec3 v = to_view(world);
  const float scale = focal / v.z;
  return {v.x * scale + shift_x, -v.y * scale + shift_y, v.z};
}

}  // namespace troupe::stage
