// Draw lists to pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "base/task_queue.h"
#include "core/frame_size.h"
#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"

namespace troupe::stage {

/// Premultiplied RGBA8, rows top-down. Rows are padded: pixel (x, y) is at rgba[(y * stride + x) * 4].
struct RenderTarget {
  FrameSize size;
  int stride = 0;  ///< pixels
  std::vector<uint8_t> rgba;

  RenderTarget() = default;
  explicit RenderTarget(FrameSize s);
  uint8_t* row(int y) { return &rgba[static_cast<size_t>(y) * stride * 4]; }
  const uint8_t* row(int y) const { return &rgba[static_cast<size_t>(y) * stride * 4]; }
  /// Alpha below 255 after a frame's draw is a hole.
  Image to_image() const;
};

struct DrawSettings {
  Rgb haze_color = {0.7f, 0.75f, 0.8f};
  float haze_density = 0;     ///< a metre
  bool mirror_world = false;  ///< draw `far` and `world` items with `reflects` upside down under the ground
  float mirror_blur = 2.3f;   ///< mip bias of the mirrored items
};

/// Draws `list` as `camera` sees it into `target` (cleared to transparent first). Order: the layers from sky
/// to front; inside `world` and its mirror image far to near. The mirror
/// image is drawn at half size and blurred, mostly downwards, as wet ground does. Textures are sampled
/// bilinearly between mip levels chosen every 16 pixels (64 where depth is the same along the row);
/// perspective is exact there and linear between. Triangles are clipped at 5 cm before the camera. Bands of
/// rows are shared out over `queue`; the result does not depend on how many threads it has. Coordinates that
/// are not finite drop their triangle. Blocks. Thread-safe for different targets.
void draw(const DrawList& list, const Camera& camera, const DrawSettings& settings, TaskQueue& queue,
          RenderTarget& target);

}  // namespace troupe::stage
