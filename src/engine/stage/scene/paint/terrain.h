// Ground without end, the path on it, and the land at the horizon.
#pragma once

#include <functional>
#include <vector>

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage::paint {

/// A plane of one repeating texture that follows the viewer and reaches 380 m in all directions.
void emit_ground(const Camera& camera, const TexturePtr& texture, float tile, Layer layer, float height,
                 float opacity, DrawList& list);

/// A ribbon of texture along z (v runs along it, `tile` metres a repeat), soft at its sides if the texture
/// is. `middle(z)` gives its x and must repeat where the world repeats.
void emit_path(const Camera& camera, const TexturePtr& texture, float half_width, float tile,
               const std::function<float(float z)>& middle, DrawList& list);

/// A band of land that goes round the viewer at `distance`, its foot `below` metres under the ground. The
/// texture repeats `repeats` times round.
void emit_horizon(const Camera& camera, const TexturePtr& texture, float distance, float height, float below,
                  int repeats, float haze, DrawList& list);

/// A range of hills, seamless sideways: `rough` 0 = downs … 1 = peaks; trees on it where `wooded`.
struct RidgeSpec {
  int width = 2048, height = 128;  ///< pixels; the width a power of two
  float metres_wide = 620, metres_high = 40;
  Rgb land = {0.30f, 0.38f, 0.24f};  ///< albedo
  Rgb snow = {0, 0, 0};              ///< of the tops, drawn where `snow_share` > 0
  float snow_share = 0;
  float haze = 0.3f;     ///< least share of haze colour; more of it at the foot
  float distance = 150;  ///< metres: the air between adds its haze
  float rough = 0.3f;
  float low = 0.35f, high = 0.9f;     ///< share of the height where the skyline runs
  float wooded = 1;                   ///< trees, 1 = closed forest
  float tree_low = 4, tree_high = 8;  ///< metres
  bool pines = false;
  uint64_t seed = 0;
};
TexturePtr paint_ridge(const RidgeSpec& spec, const Atmosphere& air);

}  // namespace troupe::stage::paint
