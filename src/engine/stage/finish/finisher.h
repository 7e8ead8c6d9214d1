// From the drawn picture to the frame: bloom, curves, vignette, grain, BT.709.
#pragma once

#include <cstdint>
#include <memory>

#include "base/task_queue.h"
#include "core/frame.h"
#include "engine/stage/raster/rasterizer.h"
#include "engine/stage/scene/scene.h"

namespace troupe::stage {

/// The finish of one shot. Keeps scratch memory between frames (about 1.5 bytes a pixel), so one object
/// serves one thread of frames. Thread-safety: unsafe.
class Finisher {
 public:
  /// `size`: of every picture; even sides.
  Finisher(const Grade& grade, FrameSize size, uint64_t seed);
  ~Finisher();
  Finisher(const Finisher&) = delete;
  Finisher& operator=(const Finisher&) = delete;

  /// `picture` is opaque (holes show black). `amount` 0 … 1 scales the whole grade: 0 converts the picture as
  /// it is. Grain depends on the seed and `frame_index` alone. Blocks; rows are shared out over `queue`.
  Frame finish(const RenderTarget& picture, int64_t frame_index, float amount, TaskQueue& queue);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace troupe::stage
