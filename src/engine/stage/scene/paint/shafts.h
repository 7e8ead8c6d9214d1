// Beams of light that fall between trees.
#pragma once

#include <vector>

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage::paint {

/// A few soft slanted beams that repeat along z and breathe slowly. Nothing if there is no direct light.
class Shafts {
 public:
  Shafts(const Atmosphere& air, uint64_t seed);
  /// Added light on Layer::world.
  void emit(const Camera& camera, double seconds, DrawList& list) const;

 private:
  struct Beam {
    float x, z, width, strength, phase;
  };
  std::vector<Beam> beams_;
  TexturePtr texture_;
  Rgb color_;
  float slant_;  ///< metres sideways for a metre of height
};

}  // namespace troupe::stage::paint
