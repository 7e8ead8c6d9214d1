// Rings where raindrops hit a wet street.
#pragma once

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"

namespace troupe::stage {

class RainRipples {
 public:
  /// `color`: of the light that the rings catch; `amount` 0 … 2 scales their number.
  RainRipples(Rgb color, float amount);
  /// One item on Layer::ground that follows the viewer along z; a pure function of its arguments.
  void emit(const Camera& camera, double seconds, DrawList& list) const;

 private:
  Rgb color_;
  int count_;
  TexturePtr ring_;
};

}  // namespace troupe::stage
