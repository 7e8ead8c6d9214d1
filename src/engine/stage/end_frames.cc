#include "engine/stage/end_frames.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"
#include "image/ops.h"

namespace troupe::stage {

EndFrames::EndFrames(const engine::RenderRequest& request, int64_t frame_count) : count_(frame_count) {
  if (request.first_frame) first_ = image::cover(*request.first_frame, request.size);
  if (request.last_frame) last_ = image::cover(*request.last_frame, request.size);
  const auto wanted = static_cast<int64_t>(std::lround(kClosingSeconds * request.rate.per_second()));
  dissolve_frames_ = std::clamp<int64_t>(wanted, 1, std::max<int64_t>(1, frame_count / 2));
}

std::optional<Frame> EndFrames::exact(int64_t index) const {
  if (first_ && index == 0) return frame_from_image(*first_);
  if (last_ && index == count_ - 1) return frame_from_image(*last_);
  return std::nullopt;
}

float EndFrames::amount(int64_t index) const {
  int64_t distance = kEaseFrames;
  if (first_) distance = std::min(distance, index);
  if (last_) distance = std::min(distance, count_ - 1 - index);
  return static_cast<float>(std::max<int64_t>(0, distance)) / static_cast<float>(kEaseFrames);
}

float EndFrames::closing(int64_t index) const {
  if (!last_) return 0;
  const int64_t into = index - (count_ - 1 - dissolve_frames_);
  return smoothstep(0, 1, static_cast<float>(into) / static_cast<float>(dissolve_frames_));
}

void blend_into(RenderTarget& target, const RenderTarget& other, float share) {
  const int weight = static_cast<int>(std::lround(clamp01(share) * 256));
  for (size_t i = 0; i < target.rgba.size(); ++i) {
    target.rgba[i] =
        static_cast<uint8_t>((target.rgba[i] * (256 - weight) + other.rgba[i] * weight + 128) >> 8);
  }
}

void darken(RenderTarget& target, float level) {
  const int weight = static_cast<int>(std::lround(clamp01(level) * 256));
  for (size_t i = 0; i < target.rgba.size(); ++i) {
    if (i % 4 != 3) target.rgba[i] = static_cast<uint8_t>((target.rgba[i] * weight) >> 8);
  }
}

}  // namespace troupe::stage
