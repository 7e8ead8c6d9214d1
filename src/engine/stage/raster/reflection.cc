#include "engine/stage/raster/reflection.h"

#include <algorithm>

namespace troupe::stage {
namespace {

constexpr int kStripe = 64;  // columns of one task

// A running mean down columns [begin, end), edges replicated.
void box_down(const RenderTarget& in, RenderTarget& out, int begin, int end, int radius) {
  const int height = in.size.height, count = (end - begin) * 4;
  std::vector<int> sums(static_cast<size_t>(count));
  const auto row = [&](int y) {
    return in.row(std::clamp(y, 0, height - 1)) + static_cast<size_t>(begin) * 4;
  };
  for (int y = -radius; y <= radius; ++y) {
    for (int i = 0; i < count; ++i) sums[static_cast<size_t>(i)] += row(y)[i];
  }
  const float scale = 1.0f / static_cast<float>(2 * radius + 1);
  for (int y = 0; y < height; ++y) {
    uint8_t* to = out.row(y) + static_cast<size_t>(begin) * 4;
    const uint8_t *enters = row(y + radius + 1), *leaves = row(y - radius);
    for (int i = 0; i < count; ++i) {
      int& sum = sums[static_cast<size_t>(i)];
      to[i] = static_cast<uint8_t>(static_cast<float>(sum) * scale + 0.5f);
      sum += enters[i] - leaves[i];
    }
  }
}

void box_across(const RenderTarget& in, RenderTarget& out, int y, int radius) {
  const int width = in.size.width;
  const uint8_t* from = in.row(y);
  uint8_t* to = out.row(y);
  const float scale = 1.0f / static_cast<float>(2 * radius + 1);
  for (int c = 0; c < 4; ++c) {
    const auto at = [&](int x) { return from[static_cast<size_t>(std::clamp(x, 0, width - 1)) * 4 + c]; };
    int sum = 0;
    for (int x = -radius; x <= radius; ++x) sum += at(x);
    for (int x = 0; x < width; ++x) {
      to[static_cast<size_t>(x) * 4 + c] = static_cast<uint8_t>(static_cast<float>(sum) * scale + 0.5f);
      sum += at(x + radius + 1) - at(x - radius);
    }
  }
}

}  // namespace

FrameSize reflection_size(FrameSize frame) {
  const auto part = [](int side) { return std::max(1, (side + kReflectionShrink - 1) / kReflectionShrink); };
  return {part(frame.width), part(frame.height)};
}

void soften(RenderTarget& picture, int rows, int columns, TaskQueue& queue) {
  RenderTarget scratch(picture.size);
  const int stripes = (picture.size.width + kStripe - 1) / kStripe;
  queue.for_each(stripes, [&](int stripe) {
    const int begin = stripe * kStripe, end = std::min(begin + kStripe, picture.size.width);
    box_down(picture, scratch, begin, end, rows);
    box_down(scratch, picture, begin, end, rows);
  });
  if (columns < 1) return;
  const int bands = (picture.size.height + kStripe - 1) / kStripe;
  queue.for_each(bands, [&](int band) {
    for (int y = band * kStripe; y < std::min((band + 1) * kStripe, picture.size.height); ++y) {
      box_across(picture, scratch, y, columns);
    }
  });
  std::swap(picture.rgba, scratch.rgba);
}

}  // namespace troupe::stage
