// The sky of every place out of doors: a painted dome with sun or moon, and a layer of cloud that drifts over
// it.
#pragma once

#include <future>

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/paint/light_table.h"
#include "engine/stage/scene/scene.h"

namespace troupe::stage::paint {

/// Painted once, about 0.3 s at detail 1, on a thread of its own while the rest of a scene is painted; 17 MB
/// of textures. Immutable.
class Sky {
 public:
  /// Returns at once. The first emit() waits for the painting.
  Sky(const SceneRequest& request, const Atmosphere& air);

  /// Dome, moon and clouds on Layer::sky. Covers every direction, so nothing behind it is ever seen.
  void emit(const Camera& camera, double seconds, DrawList& list) const;

 private:
  struct Pictures {
    TexturePtr dome, disc, clouds;  ///< the disc is null where none shows
  };
  SkyColors colors_;
  MeshPtr dome_mesh_, disc_mesh_;
  std::shared_future<Pictures> pictures_;
  MeshPtr cloud_mesh(const Camera& camera, double seconds) const;
};

/// The colour of a clear sky in `direction` (unit), sun's light included, disc and clouds not.
Rgb sky_color(const SkyColors& sky, Vec3 direction);
/// A seamless cloud picture: alpha is its thickness, the side towards the sun is lit.
TexturePtr paint_clouds(const SkyColors& sky, int side, uint64_t seed);

}  // namespace troupe::stage::paint
