// Light that spills over from bright parts. Private to finish/.
#pragma once

#include <vector>

#include "base/task_queue.h"
#include "engine/stage/raster/rasterizer.h"

namespace troupe::stage {

/// A quarter-size map of spilled light: three planes of width * height floats, 0 … 255.
struct BloomMap {
  int width = 0, height = 0;
  std::vector<float> plane[3];
};

/// What of `picture` is brighter than `threshold` (0 … 255), spread by three Gaussians (about 1, 4 and 12 %
/// of the height), summed and scaled by `strength`. `map` is reused between frames.
void make_bloom(const RenderTarget& picture, float threshold, float strength, TaskQueue& queue,
                BloomMap& map);

}  // namespace troupe::stage
