// Open sea seen from above its shore: swell, white caps, surf at the foot of rocks.
#pragma once

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage {

/// Painted once. Immutable.
class CliffSea {
 public:
  /// `level` = height of the water, metres (below 0).
  CliffSea(const paint::Atmosphere& air, float level, float detail, uint64_t seed);

  /// On Layer::far, from the viewer's feet to the horizon in every direction.
  void emit(const Camera& camera, double seconds, DrawList& list) const;
  /// Surf around a rock that stands at (x, z) and is `width` metres wide.
  void emit_surf(const Camera& camera, float x, float z, float width, double seconds, DrawList& list) const;

 private:
  Rgb water_color(float distance, float slope, float crest) const;
  paint::Atmosphere air_;
  float level_, swell_;
  TexturePtr ripples_, caps_, glints_, spray_;
};

}  // namespace troupe::stage
