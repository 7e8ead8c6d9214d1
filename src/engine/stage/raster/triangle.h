// Screen triangles: what remains of a draw list after transform, clip and projection. Private to raster/.
#pragma once

#include <vector>

#include "engine/stage/raster/rasterizer.h"

namespace troupe::stage {

/// What is interpolated over a triangle. u, v and w are divided by depth (w = 1 / depth), so they are linear
/// on the screen; light and haze are taken as linear there too, which subdivided meshes allow.
enum Attribute { kU, kV, kW, kLightR, kLightG, kLightB, kHaze, kOpacity, kAttributes };

struct ScreenVertex {
  float x, y;  ///< pixels, origin top left, pixel centres at .5
  float value[kAttributes];
};

struct ScreenTriangle {
  float x[3], y[3];
  float origin[kAttributes];  ///< value at pixel position (0, 0)
  float dx[kAttributes], dy[kAttributes];
  const Texture* texture;
  float mip_bias;
  bool add;
  bool solid;              ///< hides all that it covers
  int row_begin, row_end;  ///< rows whose centres it may cover, clamped to the target
};

/// Texture positions (u, v) past it would overflow texel indices: such spans are not drawn.
inline constexpr float kTextureLimit = 1e6f;

/// What is drawn in one pass over a target.
enum class Pass {
  behind,      ///< sky and far layers
  reflection,  ///< the mirror image of `far` and `world`
  front,       ///< ground and everything after it
};

/// Transforms, clips and projects the items of a pass in drawing order.
std::vector<ScreenTriangle> project_list(const DrawList& list, Pass pass, const Camera& camera,
                                         const DrawSettings& settings, FrameSize size);

}  // namespace troupe::stage
