#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"
#include "engine/stage/subject/leg_runs.h"
#include "engine/stage/subject/plate.h"

namespace troupe::stage {
namespace {

constexpr float kOverlap = 0.10f, kSkirtOverlap = 0.08f;  // of the height: legs reach up under the body

/// Middle of a leg between two shares of its rows.
Vec2 leg_middle(const LegRuns& legs, size_t leg, float from, float to) {
  const std::vector<Run>& rows = legs.legs[leg];
  double x = 0, y = 0;
  int count = 0;
  const auto last = static_cast<float>(rows.size());
  for (auto i = static_cast<size_t>(from * last);
       i < std::min(rows.size(), static_cast<size_t>(to * last) + 1); ++i) {
    if (rows[i].width() <= 0) continue;
    x += rows[i].middle();
    y += legs.top + static_cast<double>(i);
    ++count;
  }
  return count > 0 ? Vec2{static_cast<float>(x / count), static_cast<float>(y / count)} : Vec2{-1, -1};
}

struct LegMaker {
  const Plate& plate;
  const LegRuns& runs;
  float overlap;  // share of the height
  float taper;    // narrowing of the overlap towards its top
  float hip;      // row of the hip joint, tight pixels

  int bottom(size_t leg) const {
    const std::vector<Run>& rows = runs.legs[leg];
    for (size_t i = rows.size(); i-- > 0;)
      if (rows[i].width() > 0) return runs.top + static_cast<int>(i);
    return runs.top;
  }

  Limb limb(size_t leg) const {
    const auto foot = static_cast<float>(bottom(leg) + 1);
    const float ankle = std::min(0.06f * plate.height, 0.16f * (foot - static_cast<float>(runs.top)));
    const Vec2 top = leg_middle(runs, leg, 0, 0.12f), low = leg_middle(runs, leg, 0.78f, 0.9f);
    Limb limb;
    limb.root = plate.metres(top.x, hip);
    limb.tip = plate.metres(low.x, foot - ankle);
    limb.overlap = overlap * plate.height * plate.scale;
    limb.foot = std::max(ankle * plate.scale, 1e-3f);
    return limb;
  }

  /// The leg's pixels, and above the crotch a column under the body that fades out.
  void draw(Draft& draft, size_t leg) const {
    const int height = plate.shape.height();
    for (int y = runs.top; y < height; ++y)
      for (int x = -kRim; x < plate.shape.width() + kRim; ++x) {
        if (plate.alpha.at(x + kRim, y + kRim) == 0) continue;
        if (leg_of(runs, x, y, height) == static_cast<int>(leg)) draft.weights.at(x + kRim, y + kRim) = 255;
      }
    const std::vector<Run>& rows = runs.legs[leg];
    std::vector<int> widths;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i < rows.size() / 4 + 1 && rows[i].width() > 0) widths.push_back(rows[i].width());
    }
    const auto first = std::find_if(rows.begin(), rows.end(), [](const Run& r) { return r.width() > 0; });
    if (first == rows.end() || widths.empty()) return;
    std::nth_element(widths.begin(), widths.begin() + static_cast<long>(widths.size() / 2), widths.end());
    const int half = std::max(1, std::min(first->width(), widths[widths.size() / 2] * 6 / 5)) / 2;
    const int middle = static_cast<int>(first->middle());
    const int up = static_cast<int>(overlap * plate.height);
    for (int i = 1; i <= up && runs.top - i >= 0; ++i) {
      const int y = runs.top - i;
      const int reach = static_cast<int>(static_cast<float>(half) *
                                         (1 - taper * static_cast<float>(i) / static_cast<float>(up)));
      for (const Run& run : plate.shape.row(y)) {
        const Run column{std::max(run.begin, middle - reach), std::min(run.end, middle + reach)};
        if (column.width() > 0)
          draft.mark(column, y,
                     static_cast<uint8_t>(
                         255.0f * clamp01(4 - 4.0f * static_cast<float>(i) / static_cast<float>(up))));
      }
    }
  }
};

}  // namespace

void add_legs(const Plate& plate, bool from_side, BodyShape& body, Mask& taken) {
  const Rig& rig = plate.rig;
  const LegRuns runs = find_leg_runs(plate.shape, rig);
  const bool skirt = rig.kind == BodyKind::skirted, quadruped = rig.kind == BodyKind::quadruped;
  const float overlap = std::min(skirt ? kSkirtOverlap : kOverlap, 0.8f * rig.crotch);
  // The joint lies above the fork; under a skirt, where a hip would be.
  const float hip = plate.height * (1 - leg_share(rig));
  const LegMaker maker{plate, runs, overlap, skirt ? 0.6f : 0.15f, hip};
  const bool pairs = quadruped && runs.legs.size() == 2;
  const bool shared = !quadruped && from_side && runs.apart < 0.35f;
  const auto count = static_cast<int>(runs.legs.size());
  std::vector<LayerShape> near;
  for (int i = 0; i < count; ++i) {
    LayerShape layer;
    layer.part = Part::leg;
    layer.index = i;
    Draft draft(plate);
    for (int k = 0; k < count; ++k)
      if (k == i || shared) maker.draw(draft, static_cast<size_t>(k));
    for (size_t p = 0; p < taken.values.size(); ++p)
      taken.values[p] = std::max(taken.values[p], draft.weights.values[p]);
    layer.limb = maker.limb(static_cast<size_t>(i));
    if (shared) {
      const Limb other = maker.limb(static_cast<size_t>(1 - i));
      layer.limb.root = (layer.limb.root + other.root) * 0.5f;
      layer.limb.tip = (layer.limb.tip + other.tip) * 0.5f;
      layer.copy = i == 0;
    }
    if (!finish_layer(plate, draft, std::nullopt, layer)) continue;
    if (pairs) {
      LayerShape hidden = layer;
      hidden.copy = true;
      hidden.index = i + count;
      body.layers.push_back(std::move(hidden));
    }
    near.push_back(std::move(layer));
  }
  for (LayerShape& layer : near) body.layers.push_back(std::move(layer));
  body.shared_legs = shared;
  body.legs = static_cast<int>(body.layers.size());
  body.leg = std::max(0.02f, (plate.height - hip) * plate.scale);
  body.fringe = (skirt ? 0.2f : overlap) * body.height;
  body.parting = plate
                     .metres(0.5f * (leg_middle(runs, 0, 0, 0.12f).x +
                                     leg_middle(runs, runs.legs.size() - 1, 0, 0.12f).x),
                             0)
                     .x;
  body.pelvis = {body.parting, (plate.height - hip) * plate.scale};
}

Sole sole_of(const LayerShape& leg, float forward) {
  Sole sole;
  sole.height = leg.limb.foot;
  const float size = length(leg.limb.tip - leg.limb.root);
  // Feet drawn from the front still roll a little.
  sole.toe = 0.1f * size;
  sole.heel = 0.04f * size;
  for (const Vec2& point : leg.soles) {
    if (point.y > leg.limb.tip.y) continue;
    const float ahead = forward * (point.x - leg.limb.tip.x);
    sole.toe = std::max(sole.toe, ahead);
    sole.heel = std::max(sole.heel, -ahead);
  }
  sole.toe = std::min(sole.toe, 0.3f * size);
  sole.heel = std::min(sole.heel, 0.12f * size);
  return sole;
}

}  // namespace troupe::stage
