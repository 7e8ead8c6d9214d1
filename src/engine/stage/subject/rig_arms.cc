#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/stage/subject/rig_steps.h"

namespace troupe::stage {
namespace {

/// Follows the run beside the trunk on one side; free if it is there for a tenth of the height.
struct FreeArm {
  bool free = false;
  float inner = 0, armpit = 1, end = 0;
};

/// An arm whose hand is on the hip or in a pocket goes out and comes back, or runs on into the body.
bool hangs_free(const Body& body, const std::vector<std::pair<int, Run>>& arm, bool left) {
  if (arm.size() < 4) return false;
  const auto& [top, first] = arm.front();
  const auto& [bottom, last] = arm.back();
  const auto tall = static_cast<float>(body.height);
  const float outwards = left ? first.middle() - last.middle() : last.middle() - first.middle();
  if (outwards < -0.02f * tall) return false;
  for (const auto& [y, run] : arm) {
    const float t = static_cast<float>(y - top) / static_cast<float>(std::max(1, bottom - top));
    const float chord = first.middle() + (last.middle() - first.middle()) * t;
    if ((left ? chord - run.middle() : run.middle() - chord) > 0.028f * tall) return false;
  }
  const int under = std::min(body.height - 1, bottom + body.height / 40);
  const bool merges = body.shape.run_at(under, last.middle()).contains(last.middle());
  if (merges && bottom < body.row_of(0.49f)) return false;
  // Below the last row of its own the hand ends within a span.
  const int below = std::min(body.height - 1, bottom + body.height * 9 / 100);
  const Run rest = body.shape.extent(below);
  const float inside =
      left ? static_cast<float>(rest.begin) - last.middle() : last.middle() - static_cast<float>(rest.end);
  return rest.width() == 0 || inside > -0.15f * static_cast<float>(last.width());
}

FreeArm find_arm(const Body& body, const Rig& rig, bool left) {
  const int from = body.row_of(rig.shoulder), to = body.row_of(std::min(rig.crotch + 0.06f, 0.72f));
  const float trunk_x = rig.axis * static_cast<float>(body.width);
  std::vector<int> inner;
  std::vector<std::pair<int, Run>> middles;
  FreeArm arm;
  for (int y = from; y < to; ++y) {
    const std::vector<Run>& runs = body.shape.row(y);
    if (runs.size() < 2) continue;
    const bool beside = left ? static_cast<float>(runs.front().end) < trunk_x
                             : static_cast<float>(runs.back().begin) > trunk_x;
    if (!beside) continue;
    const Run run = left ? runs.front() : runs.back();
    if (run.width() > body.mass_max / 2) continue;
    // What comes after a break or a step aside is a leg.
    if (!middles.empty()) {
      const auto& [last_y, last] = middles.back();
      if (y - last_y > body.height / 30 || run.begin >= last.end || run.end <= last.begin) break;
    }
    inner.push_back(left ? run.end : run.begin);
    middles.push_back({y, run});
    arm.armpit = std::min(arm.armpit, fraction(y, body.height));
    arm.end = std::max(arm.end, fraction(y + 1, body.height));
  }
  arm.free = static_cast<int>(inner.size()) > body.height / 10 && hangs_free(body, middles, left);
  if (!arm.free) return arm;
  std::nth_element(inner.begin(), inner.begin() + static_cast<long>(inner.size() / 2), inner.end());
  arm.inner = fraction(inner[inner.size() / 2], body.width);
  return arm;
}

}  // namespace

void find_arms(const Body& body, Rig& rig) {
  const FreeArm left = find_arm(body, rig, true), right = find_arm(body, rig, false);
  rig.left_arm_free = left.free;
  rig.right_arm_free = right.free;
  rig.left_arm_x = left.free ? left.inner : 0;
  rig.right_arm_x = right.free ? right.inner : 1;
  if (!left.free && !right.free) return;
  rig.armpit = std::min(left.free ? left.armpit : 1.0f, right.free ? right.armpit : 1.0f);
  rig.arm_end = std::max(left.free ? left.end : 0.0f, right.free ? right.end : 0.0f);
}

}  // namespace troupe::stage
