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

/// Blends `small`, enlarged bilinearly, over row `y` of `target`.
void lay_row_over(const RenderTarget& small, int y, RenderTarget& target);

}  // namespace troupe::stage
