// The mirrored world under wet or polished ground: drawn small, blurred, laid under the ground. Private to
// raster/.
#pragma once

#include "base/task_queue.h"
#include "engine/stage/raster/rasterizer.h"

namespace troupe::stage {

/// Reflections are blurred anyway, so they are drawn at this fraction of the frame's sides.
inline constexpr int kReflectionShrink = 2;

FrameSize reflection_size(FrameSize frame);

/// Blurs by two box passes down and one across; radii in pixels of `picture`. Still wet ground streaks light
/// downwards, so `rows` is usually the larger.
void soften(RenderTarget& picture, int rows, int columns, TaskQueue& queue);

/// Lays a half-size picture, enlarged bilinearly, over the rows of a target. One for each thread.
class HalfSizeOverlay {
 public:
  /// `small` must outlive it, and have reflection_size() of the targets'.
  explicit HalfSizeOverlay(const RenderTarget& small);
  void lay_over(int y, RenderTarget& target);

 private:
  const RenderTarget& small_;
  std::vector<uint16_t> mixed_;  // two rows of `small` as the target's row sees them, in quarters
};

}  // namespace troupe::stage
