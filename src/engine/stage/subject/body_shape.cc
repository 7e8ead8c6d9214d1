#include "engine/stage/subject/body_shape.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/raster/vec.h"
#include "engine/stage/subject/plate.h"

namespace troupe::stage {
namespace {

/// The body keeps what legs and arms do not take, with a soft lower edge over the legs.
Draft body_draft(const Plate& plate, const Mask& legs, const Mask& arms, bool legged) {
  Draft draft(plate);
  const int crotch = plate.row_of(plate.rig.crotch) + kRim;
  const int soft = legged ? std::max(1, static_cast<int>(0.008f * plate.height)) : 0;
  for (int y = 0; y < draft.weights.height; ++y)
    for (int x = 0; x < draft.weights.width; ++x) {
      if (arms.at(x, y) > 127) continue;
      const bool leg = legged && y >= crotch && legs.at(x, y) > 0;
      const float fade = clamp01(1 - static_cast<float>(y - crotch) / static_cast<float>(soft + 1));
      draft.weights.at(x, y) = static_cast<uint8_t>(leg ? 255 * fade : 255);
    }
  return draft;
}

}  // namespace

BodyShape make_body_shape(const Image& picture, const Rig& rig, float height, bool from_side,
                          const std::optional<image::Rect>& face, float lips) {
  const Plate plate(picture, rig, height);
  BodyShape body;
  body.kind = rig.kind;
  body.height = height;
  body.left = plate.metres(0, 0).x;
  body.right = plate.metres(plate.width, 0).x;
  body.half_width = 0.5f * (body.right - body.left);
  body.leg = leg_share(rig) * height;
  body.crotch = (1 - rig.crotch) * height;
  body.shoulder = (1 - rig.shoulder) * height;
  body.has_head = rig.neck > 0;
  body.neck = plate.metres(rig.neck_x * plate.width, rig.neck * plate.height);
  body.pelvis = {0, rig.kind == BodyKind::half ? 0 : 0.45f * height};
  Mask legs(plate.alpha.width, plate.alpha.height), arms = legs;
  const bool legged =
      rig.kind == BodyKind::biped || rig.kind == BodyKind::skirted || rig.kind == BodyKind::quadruped;
  if (legged && (rig.leg_tops.size() >= 2 || !rig.separator.empty())) add_legs(plate, from_side, body, legs);
  body.waist = body.legs > 0 ? body.crotch + 0.1f * height : 0.35f * height;
  std::vector<LayerShape> arm_layers;
  for (int side = 0; side < 2; ++side) {
    if (side == 0 ? !rig.left_arm_free : !rig.right_arm_free) continue;
    Mask taken(plate.alpha.width, plate.alpha.height);
    std::optional<LayerShape> arm = make_arm(plate, side, taken);
    if (!arm) continue;
    for (size_t p = 0; p < arms.values.size(); ++p)
      arms.values[p] = std::max(arms.values[p], taken.values[p]);
    const Vec2 line = arm->limb.tip - arm->limb.root;
    body.arm_hang[side] = std::atan2(side == 0 ? -line.x : line.x, -line.y);
    arm_layers.push_back(std::move(*arm));
    body.arm[side] = true;
  }
  LayerShape trunk;
  if (finish_layer(plate, body_draft(plate, legs, arms, body.legs > 0), face, trunk))
    body.layers.push_back(std::move(trunk));
  for (LayerShape& arm : arm_layers) body.layers.push_back(std::move(arm));
  if (face) {
    const Vec2 a = plate.metres(static_cast<float>(face->x - kRim), static_cast<float>(face->y - kRim));
    const Vec2 b = plate.metres(static_cast<float>(face->x + face->width - kRim),
                                static_cast<float>(face->y + face->height - kRim));
    body.face = {a.x, b.x, a.y, b.y, plate.metres(0, lips - static_cast<float>(kRim)).y};
  }
  return body;
}

}  // namespace troupe::stage
