#include <algorithm>
#include <cmath>

#include "engine/stage/subject/plate.h"

namespace troupe::stage {
namespace {

/// The rows in which an arm stands clear of the body, tight pixels.
struct ArmRows {
  int top = -1, bottom = -1;
  Run first, last;
  float width = 0;  ///< median
};

ArmRows follow_arm(const Plate& plate, bool left, Draft& draft) {
  const Rig& rig = plate.rig;
  const float inner = (left ? rig.left_arm_x : rig.right_arm_x) * plate.width, reach = 0.06f * plate.width;
  ArmRows arm;
  std::vector<int> widths;
  for (int y = plate.row_of(rig.shoulder); y <= plate.row_of(rig.arm_end); ++y) {
    const std::vector<Run>& runs = plate.shape.row(y);
    if (runs.size() < 2) continue;
    const Run run = left ? runs.front() : runs.back();
    const bool inside =
        left ? static_cast<float>(run.end) > inner + reach : static_cast<float>(run.begin) < inner - reach;
    if (inside) continue;
    draft.mark(run, y);
    widths.push_back(run.width());
    if (arm.top < 0) {
      arm.top = y;
      arm.first = run;
    }
    arm.bottom = y;
    arm.last = run;
  }
  if (widths.size() < 4) return {};
  // Fingertips are too thin to be runs.
  const int tips = std::min(plate.shape.height(), arm.bottom + 2 + plate.shape.height() / 60);
  for (int y = arm.bottom + 1; y < tips; ++y)
    if (!plate.shape.run_at(y, arm.last.middle()).contains(arm.last.middle())) draft.mark(arm.last, y);
  std::nth_element(widths.begin(), widths.begin() + static_cast<long>(widths.size() / 2), widths.end());
  arm.width = static_cast<float>(widths[widths.size() / 2]);
  return arm;
}

/// Over the armpit the arm is what lies outside of its inner edge, rounded over the joint.
void add_shoulder(const Plate& plate, bool left, const ArmRows& arm, float joint, float radius, Draft& draft,
                  Mask& taken) {
  const auto center = static_cast<int>(arm.first.middle());
  for (int y = std::max(0, static_cast<int>(joint - radius)); y < arm.top; ++y) {
    const float above = joint - static_cast<float>(y);
    const auto half = static_cast<int>(std::sqrt(std::max(0.0f, radius * radius - above * above)));
    Run reach = left ? Run{0, arm.first.end} : Run{arm.first.begin, plate.shape.width()};
    if (above > 0) reach = {center - half, center + half};
    for (const Run& run : plate.shape.row(y)) {
      const Run part = {std::max(run.begin, reach.begin), std::min(run.end, reach.end)};
      draft.mark(part, y);
      // The body keeps the round of the shoulder; the rest of the sleeve would stay behind as a stump.
      if (above > -0.3f * radius) continue;
      for (int x = part.begin; x < part.end; ++x) taken.at(x + kRim, y + kRim) = 255;
    }
  }
}

}  // namespace

std::optional<LayerShape> make_arm(const Plate& plate, int side, Mask& taken) {
  const bool left = side == 0;
  Draft draft(plate);
  const ArmRows arm = follow_arm(plate, left, draft);
  if (arm.top < 0) return std::nullopt;
  const float radius = 0.62f * arm.width;
  const float joint = std::max(static_cast<float>(plate.row_of(plate.rig.shoulder)) + 0.3f * radius,
                               static_cast<float>(arm.top) - 0.12f * plate.height);
  taken = draft.weights;
  add_shoulder(plate, left, arm, joint, radius, draft, taken);
  grow_into_soft_edges(plate, taken);
  grow_into_soft_edges(plate, draft.weights);
  LayerShape layer;
  layer.part = Part::arm;
  layer.index = side;
  const float hand = 0.14f * (static_cast<float>(arm.bottom) - joint);
  layer.limb.root = plate.metres(arm.first.middle(), joint);
  layer.limb.tip = plate.metres(arm.last.middle(), static_cast<float>(arm.bottom) - hand);
  layer.limb.overlap = radius * plate.scale;
  layer.limb.foot = std::max(hand * plate.scale, 1e-3f);
  if (!finish_layer(plate, draft, std::nullopt, layer)) return std::nullopt;
  return layer;
}

}  // namespace troupe::stage
