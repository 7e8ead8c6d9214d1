// First and last frames that are pictures the user gave: exact at the ends, and eased into.
#pragma once

#include <memory>
#include <optional>

#include "core/frame.h"
#include "engine/engine.h"
#include "engine/stage/raster/rasterizer.h"

namespace troupe::stage {

/// What the given pictures change of a take of `frame_count` frames. Immutable.
class EndFrames {
 public:
  EndFrames(const engine::RenderRequest& request, int64_t frame_count);

  bool has_first() const { return first_.has_value(); }
  bool has_last() const { return last_.has_value(); }
  /// REQUIRES has_first() / has_last(). Cut centrally to the frame's shape and size.
  const Image& first() const { return *first_; }
  const Image& last() const { return *last_; }

  /// The frame that must stand at `index` byte for byte, if one must.
  std::optional<Frame> exact(int64_t index) const;

  /// How much of grade and weather frame `index` gets: 0 at a given end, 1 from kEaseFrames away from it.
  float amount(int64_t index) const;

  /// Share of the last picture's own stage in frame `index`: 0, rising to 1 over the closing dissolve.
  float closing(int64_t index) const;

 private:
  std::optional<Image> first_, last_;
  int64_t count_;
  int64_t dissolve_frames_;
};

inline constexpr int64_t kEaseFrames = 6;
inline constexpr double kClosingSeconds = 0.6;

/// target = target * (1 - share) + other * share. REQUIRES equal sizes.
void blend_into(RenderTarget& target, const RenderTarget& other, float share);
/// Multiplies colour by `level`, 0 … 1.
void darken(RenderTarget& target, float level);

}  // namespace troupe::stage
