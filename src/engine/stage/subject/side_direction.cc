#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/stage/subject/leg_runs.h"
#include "engine/stage/subject/rig.h"
#include "engine/stage/subject/silhouette.h"

namespace troupe::stage {
namespace {

/// Head and neck reach out past the forelegs farther, and with more behind them, than a tail past the hind
/// ones.
float overhang(const Silhouette& shape, int crotch) {
  double begin = 0, end = 0;
  int rows = 0;
  for (int y = crotch + (shape.height() - crotch) / 4; y < shape.height(); ++y) {
    const Run run = shape.extent(y);
    if (run.width() == 0) continue;
    begin += run.begin;
    end += run.end;
    ++rows;
  }
  if (rows == 0) return 0;
  double sum = 0;
  for (int y = 0; y < crotch; ++y)
    for (const Run& run : shape.row(y)) {
      sum += std::max(0.0, run.end - std::max<double>(run.begin, end / rows));
      sum -= std::max(0.0, std::min<double>(run.end, begin / rows) - run.begin);
    }
  return static_cast<float>(sum / std::max(1, crotch));
}

/// Where the upper third of a lying or rolling shape has its mass, from the middle of the whole, pixels.
float high_end(const Silhouette& shape) {
  double sum = 0, mass = 0;
  for (int y = 0; y < shape.height() / 3; ++y)
    for (const Run& run : shape.row(y)) {
      sum += (run.middle() - 0.5 * shape.width()) * run.width();
      mass += run.width();
    }
  return mass > 0 ? static_cast<float>(sum / mass) : 0;
}

/// Mean distance of the feet ahead of where their shins point, pixels; > 0 to the right.
float toes_ahead(const Silhouette& shape, const Rig& rig) {
  const LegRuns runs = find_leg_runs(shape, rig);
  float sum = 0;
  for (const std::vector<Run>& rows : runs.legs) {
    size_t last = rows.size();
    while (last > 0 && rows[last - 1].width() == 0) --last;
    const auto middle = [&](float from, float to) {
      float x = 0;
      int count = 0;
      for (auto i = static_cast<size_t>(from * static_cast<float>(last));
           i < static_cast<size_t>(to * static_cast<float>(last)); ++i) {
        if (rows[i].width() == 0) continue;
        x += rows[i].middle();
        ++count;
      }
      return count > 0 ? x / static_cast<float>(count) : 0.0f;
    };
    const float shin = middle(0.55f, 0.65f), ankle = middle(0.78f, 0.86f);
    sum += middle(0.93f, 1.0f) - (ankle + (ankle - shin) * 0.65f);
  }
  return sum / static_cast<float>(std::max<size_t>(1, runs.legs.size()));
}

}  // namespace

float side_direction(const image::CutOut& cut_out, const Rig& rig) {
  const Silhouette shape(cut_out);
  const int height = shape.height();
  const auto row_of = [height](float share) {
    return std::clamp(static_cast<int>(share * static_cast<float>(height)), 0, height - 1);
  };
  if (rig.kind == BodyKind::quadruped)
    return overhang(shape, row_of(rig.crotch)) / static_cast<float>(height);
  if (rig.kind == BodyKind::blob) return high_end(shape) / static_cast<float>(height);
  const auto middle = [&](float from, float to) {
    double sum = 0;
    int count = 0;
    for (int y = row_of(from); y <= row_of(to); ++y)
      for (const Run& run : shape.row(y)) {
        sum += static_cast<double>(run.middle()) * run.width();
        count += run.width();
      }
    return count > 0 ? static_cast<float>(sum / count) : 0.0f;
  };
  float lead = rig.separator.empty() ? 0 : toes_ahead(shape, rig);
  if (rig.neck > 0)
    lead += 0.25f * (middle(0.35f * rig.neck, 0.8f * rig.neck) - middle(rig.neck, rig.neck + 0.01f));
  return lead / static_cast<float>(height);
}

}  // namespace troupe::stage
