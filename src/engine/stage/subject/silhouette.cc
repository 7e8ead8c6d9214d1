#include "engine/stage/subject/silhouette.h"

#include <algorithm>
#include <cmath>

#include "image/ops.h"

namespace troupe::stage {
namespace {

constexpr int kSideMax = 512;

Mask tight_mask(const image::CutOut& cut_out) {
  const image::Rect box = cut_out.bounds;
  const Image& picture = cut_out.picture;
  const int x0 = std::clamp(box.x, 0, std::max(0, picture.width - 1));
  const int y0 = std::clamp(box.y, 0, std::max(0, picture.height - 1));
  const int width = std::clamp(box.width, 1, std::max(1, picture.width - x0));
  const int height = std::clamp(box.height, 1, std::max(1, picture.height - y0));
  Mask mask(width, height);
  if (picture.empty()) return mask;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) mask.at(x, y) = picture.at(x0 + x, y0 + y)[3];
  const int side = std::max(width, height);
  if (side <= kSideMax) return mask;
  const auto scaled = [side](int length) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(length) * kSideMax / side)));
  };
  return image::resize(mask, scaled(width), scaled(height));
}

}  // namespace

Silhouette::Silhouette(const image::CutOut& cut_out) : mask_(tight_mask(cut_out)) { find_runs(); }

Silhouette::Silhouette(const Mask& mask) : mask_(mask) { find_runs(); }

void Silhouette::find_runs() {
  // Slivers and pinholes of a matte are not limbs.
  const int sliver = std::max(1, mask_.width / 120);
  rows_.resize(static_cast<size_t>(mask_.height));
  for (int y = 0; y < mask_.height; ++y) {
    std::vector<Run>& runs = rows_[static_cast<size_t>(y)];
    for (int x = 0; x < mask_.width; ++x) {
      if (mask_.at(x, y) < 128) continue;
      if (!runs.empty() && x - runs.back().end <= sliver / 2) {
        runs.back().end = x + 1;
      } else {
        runs.push_back({x, x + 1});
      }
    }
    if (runs.size() > 1) std::erase_if(runs, [sliver](const Run& run) { return run.width() <= sliver; });
  }
}

Run Silhouette::extent(int y) const {
  const std::vector<Run>& runs = row(y);
  return runs.empty() ? Run{} : Run{runs.front().begin, runs.back().end};
}

int Silhouette::mass(int y) const {
  int sum = 0;
  for (const Run& run : row(y)) sum += run.width();
  return sum;
}

Run Silhouette::run_at(int y, float x) const {
  Run best;
  float nearest = 1e9f;
  for (const Run& run : row(y)) {
    if (run.contains(x)) return run;
    const float away =
        std::min(std::abs(x - static_cast<float>(run.begin)), std::abs(x - static_cast<float>(run.end)));
    if (away < nearest) {
      nearest = away;
      best = run;
    }
  }
  return best;
}

}  // namespace troupe::stage
