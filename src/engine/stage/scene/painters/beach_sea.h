// The sea before a beach: swell that rolls in, breaks and runs up the sand.
#pragma once

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage {

/// Painted once. Immutable.
class BeachSea {
 public:
  BeachSea(const paint::Atmosphere& air, float detail, uint64_t seed);

  /// Wet sand, water, glitter and foam on Layer::ground, to be drawn over dry sand. The sea gives way before
  /// a viewer who walks towards it, so that it stays a few paces off however long a shot is.
  void emit(const Camera& camera, double seconds, DrawList& list) const;

 private:
  float shore(const Camera& camera) const;
  float waterline(float x, float shore, float seconds) const;
  Rgb water_color(float offshore, float slope) const;
  void emit_water(const Camera& camera, float seconds, DrawList& list) const;
  void emit_wet_sand(const Camera& camera, float seconds, DrawList& list) const;
  void emit_breakers(const Camera& camera, float seconds, DrawList& list) const;

  paint::Atmosphere air_;
  float swell_;  ///< metres
  TexturePtr ripples_, glints_, foam_, sheen_;
};

}  // namespace troupe::stage
