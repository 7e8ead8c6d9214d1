// One continuous camera move between two pictures of the same place.
#pragma once

#include <memory>

#include "base/task_queue.h"
#include "core/image.h"
#include "engine/stage/raster/rasterizer.h"

namespace troupe::stage {

/// Inliers from which two pictures count as one scene.
inline constexpr int kSameSceneInliers = 40;

/// Both pictures are warped to a view in between and cross-faded: at progress 0 the first stands exactly, at
/// 1 the last. The way between is the similarity nearest to their homography, its scale and turn taken evenly
/// (log scale); what the similarity leaves over is spread along it. Immutable.
class PictureMorph {
 public:
  /// None if the pictures do not show one scene (match_pictures finds fewer than kSameSceneInliers), or the
  /// move between them is too large to show (scale past 4, a turn past 60 degrees). About 1 s. REQUIRES equal
  /// sizes.
  static std::unique_ptr<PictureMorph> make(const Image& first, const Image& last);
  ~PictureMorph();

  /// Draws the view at `progress`, 0 … 1. Blocks.
  void draw(float progress, TaskQueue& queue, RenderTarget& target) const;

  /// Natural logarithm of the last picture's scale in the first one's: > 0 when the camera comes closer.
  float log_scale() const;

 private:
  struct State;
  explicit PictureMorph(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace troupe::stage
