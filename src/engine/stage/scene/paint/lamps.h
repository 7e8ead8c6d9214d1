// Lamp posts along a path; lit when it is dark.
#pragma once

#include <vector>

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/paint/cards.h"

namespace troupe::stage::paint {

/// Posts that repeat along z every `period` metres. When it is dark each has a halo and a pool of light under
/// it.
class Lamps {
 public:
  Lamps(const Atmosphere& air, float detail, std::vector<Planted> posts, float period);
  void emit(const Camera& camera, double seconds, DrawList& list) const;

 private:
  void emit_light(Vec3 foot, float near, DrawList& list) const;
  std::vector<Planted> posts_;
  Cards cards_;
  TexturePtr glow_;
  float period_;
  bool lit_;
};

}  // namespace troupe::stage::paint
