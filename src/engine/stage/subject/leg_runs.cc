#include "engine/stage/subject/leg_runs.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"

namespace troupe::stage {
namespace {

Run clipped(const Run& run, float low, float high) {
  return {std::max(run.begin, static_cast<int>(std::lround(low))),
          std::min(run.end, static_cast<int>(std::lround(high)))};
}

int shared(const Run& a, const Run& b) { return std::min(a.end, b.end) - std::max(a.begin, b.begin); }

/// The part of a row inside a leg's zone that continues the row below it.
Run following(const std::vector<Run>& runs, float low, float high, const Run& below) {
  Run best;
  int best_score = 0;
  for (const Run& run : runs) {
    const Run part = clipped(run, low, high);
    if (part.width() <= 0) continue;
    const int score = below.width() > 0 ? 4096 + shared(part, below) : part.width();
    if (best.width() > 0 && score <= best_score) continue;
    best = part;
    best_score = score;
  }
  return best;
}

/// Borders between legs: the separator of a biped, else midway between neighbours as they were a row below.
struct Zones {
  const Rig& rig;
  int top, height, width;

  float border(int y, size_t i, const std::vector<Run>& below) const {
    if (!rig.separator.empty()) {
      const float t = static_cast<float>(y - top) / static_cast<float>(std::max(1, height - 1 - top));
      const float at = clamp01(t) * static_cast<float>(rig.separator.size() - 1);
      const size_t k = std::min(static_cast<size_t>(at), rig.separator.size() - 1);
      const size_t next = std::min(k + 1, rig.separator.size() - 1);
      return mix(rig.separator[k], rig.separator[next], at - static_cast<float>(k)) *
             static_cast<float>(width);
    }
    const auto middle = [&](size_t leg) {
      return below[leg].width() > 0 ? below[leg].middle() : rig.leg_tops[leg] * static_cast<float>(width);
    };
    return 0.5f * (middle(i) + middle(i + 1));
  }
};

}  // namespace

LegRuns find_leg_runs(const Silhouette& shape, const Rig& rig) {
  const size_t count = rig.separator.empty() ? rig.leg_tops.size() : 2;
  LegRuns result;
  result.top =
      std::clamp(static_cast<int>(rig.crotch * static_cast<float>(shape.height())), 0, shape.height() - 1);
  const int rows = shape.height() - result.top;
  result.legs.assign(count, std::vector<Run>(static_cast<size_t>(rows)));
  const Zones zones{rig, result.top, shape.height(), shape.width()};
  std::vector<Run> below(count);
  int apart = 0;
  for (int y = shape.height() - 1; y >= result.top; --y) {
    const bool foot = y > shape.height() - 1 - rows / 5;
    // Above the foot a leg widens slowly: a jump is a hand or a hem that touches it.
    const int growth = foot ? shape.width() : std::max(1, shape.height() / 300);
    const std::vector<Run> previous = below;
    int own = 0;
    for (size_t i = 0; i < count; ++i) {
      const float low = i == 0 ? 0 : zones.border(y, i - 1, previous);
      const float high = i + 1 == count ? static_cast<float>(shape.width()) : zones.border(y, i, previous);
      Run run = following(shape.row(y), low, high, previous[i]);
      if (run.width() > 0 && previous[i].width() > 0 && !foot) {
        run.begin = std::max(run.begin, previous[i].begin - growth);
        run.end = std::min(run.end, previous[i].end + growth);
      }
      if (run.width() <= 0) continue;
      below[i] = run;
      result.legs[i][static_cast<size_t>(y - result.top)] = run;
      ++own;
    }
    apart += own == static_cast<int>(count) && shape.row(y).size() >= count;
  }
  result.apart = static_cast<float>(apart) / static_cast<float>(std::max(1, rows));
  return result;
}

int leg_of(const LegRuns& runs, int x, int y, int height) {
  const int row = y - runs.top, rows = height - runs.top;
  if (row < 0) return -1;
  const bool foot = row > rows - rows / 5;
  int best = -1;
  const float limit = (runs.four ? 0.05f : 0.03f) * static_cast<float>(height);
  float nearest = 1e9f;
  int left_of = 0, right_of = 0;
  for (size_t i = 0; i < runs.legs.size(); ++i) {
    // A row in which a leg has no run of its own borrows the nearest one.
    Run run;
    for (int away = 0; away < rows && run.width() == 0; ++away) {
      if (row - away >= 0) run = runs.legs[i][static_cast<size_t>(row - away)];
      if (run.width() == 0 && row + away < rows) run = runs.legs[i][static_cast<size_t>(row + away)];
      if (!foot && away > rows / 50) break;
    }
    if (run.width() == 0) continue;
    const auto at = static_cast<float>(x);
    const float away =
        std::max({0.0f, static_cast<float>(run.begin) - at, at - static_cast<float>(run.end - 1)});
    if (away >= nearest) continue;
    nearest = away;
    best = static_cast<int>(i);
  }
  const bool between = runs.four && left_of > 0 && right_of > 0;
  return foot || between || nearest < limit ? best : -1;
}

}  // namespace troupe::stage
