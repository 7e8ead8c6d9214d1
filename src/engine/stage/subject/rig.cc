#include "engine/stage/subject/rig.h"

#include <algorithm>
#include <optional>

#include "engine/stage/subject/rig_steps.h"

namespace troupe::stage {

Body::Body(const image::CutOut& cut_out) : shape(cut_out), width(shape.width()), height(shape.height()) {
  double sum = 0, weighted = 0;
  for (int y = 0; y < height; ++y) {
    for (const Run& run : shape.row(y)) {
      sum += run.width();
      weighted += static_cast<double>(run.width()) * run.middle();
    }
    mass_max = std::max(mass_max, shape.mass(y));
  }
  axis = sum > 0 ? static_cast<float>(weighted / sum) : 0.5f * static_cast<float>(width);
}

Rig make_rig(const image::CutOut& cut_out) {
  const Body body(cut_out);
  Rig rig;
  rig.axis = std::clamp(body.axis / static_cast<float>(body.width), 0.0f, 1.0f);
  const std::optional<Neck> neck = find_neck(body, cut_out);
  rig.neck = neck ? neck->y : 0;
  rig.neck_x = neck ? neck->x : rig.axis;
  rig.shoulder = neck ? std::max(neck->shoulder, neck->y + 0.02f) : 0.22f;
  rig.kind = classify_legs(body, cut_out, rig);
  if (rig.kind == BodyKind::quadruped) rig.neck = 0;
  if (rig.kind == BodyKind::half) rig.crotch = 1;
  if (rig.kind != BodyKind::quadruped && rig.neck > 0) find_arms(body, rig);
  return rig;
}

Rig mirrored(const Rig& rig) {
  Rig other = rig;
  for (float& x : other.separator) x = 1 - x;
  std::reverse(other.leg_tops.begin(), other.leg_tops.end());
  for (float& x : other.leg_tops) x = 1 - x;
  other.neck_x = 1 - rig.neck_x;
  other.axis = 1 - rig.axis;
  other.left_arm_free = rig.right_arm_free;
  other.right_arm_free = rig.left_arm_free;
  other.left_arm_x = 1 - rig.right_arm_x;
  other.right_arm_x = 1 - rig.left_arm_x;
  return other;
}

float leg_share(const Rig& rig) {
  switch (rig.kind) {
    case BodyKind::biped:
      return 1 - std::max(0.02f, rig.crotch - 0.05f);
    case BodyKind::skirted:
      return 1 - std::min(0.52f, rig.crotch - 0.1f);
    case BodyKind::quadruped:
      return 1 - std::max(0.02f, rig.crotch - 0.1f);
    case BodyKind::half:
    case BodyKind::blob:
      break;
  }
  return 0.42f;
}

}  // namespace troupe::stage
