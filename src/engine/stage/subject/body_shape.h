// A picture of a body cut into layers that can move: legs under the body, free arms over it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/image.h"
#include "engine/stage/subject/gait.h"
#include "engine/stage/subject/limb.h"
#include "engine/stage/subject/rig.h"

namespace troupe::stage {

/// Pixels of transparent rim around a tight picture, so that its edges are smoothed when drawn.
inline constexpr int kRim = 2;

/// A point of a layer's grid: where it is in the picture.
struct RestVertex {
  Vec2 position;  ///< metres
  float u = 0, v = 0;
};

enum class Part { body, leg, arm };

struct LayerShape {
  Part part = Part::body;
  int index =
      0;  ///< of the leg (left to right; a copy has the number of legs added) or arm (0 left, 1 right)
  bool copy = false;  ///< the same pixels as another leg, standing for the one that it hides
  image::Rect crop;   ///< in the rimmed picture
  Mask weights;       ///< share of each pixel's alpha that this layer draws, over `crop`
  std::vector<RestVertex> vertices;
  std::vector<uint32_t> indices;
  std::vector<Vec2> soles;  ///< the lowest opaque points
  Limb limb;                ///< legs and arms
};

/// Metres: x from the rig's axis, y up from the lowest opaque row.
struct BodyShape {
  std::vector<LayerShape> layers;  ///< in drawing order
  BodyKind kind = BodyKind::blob;
  float height = 1, half_width = 0.3f;
  float left = -0.3f, right = 0.3f;
  float leg = 0.5f;  ///< hip to sole; for legless bodies what their steps are measured by
  int legs = 0;      ///< layers of part leg
  Vec2 pelvis = {0, 0.5f};
  float fringe = 0.1f;  ///< height over the crotch in which the body follows the legs
  float crotch = 0.5f, waist = 0.6f, shoulder = 0.8f;
  bool shared_legs = false;  ///< both legs are drawn from the same pixels
  float parting = 0;         ///< x between the legs at the crotch
  bool has_head = false;
  Vec2 neck = {0, 0.85f};
  bool arm[2] = {false, false};
  float arm_hang[2] = {0, 0};  ///< how far an arm is spread in the picture, radians from hanging down
  struct Face {
    float left, right, top, bottom, lips;
  };
  std::optional<Face> face;
};

/// `picture`: the tight box with a transparent rim of kRim pixels. `lips`: row of the lip line in it, with
/// the face's box, if the mouth is to move. `from_side`: legs that hide each other are both drawn from the
/// same pixels. `height`: metres of the tight box.
BodyShape make_body_shape(const Image& picture, const Rig& rig, float height, bool from_side,
                          const std::optional<image::Rect>& face, float lips);

/// The ground contact of a leg that goes to +x (`forward` = 1) or -x (-1).
Sole sole_of(const LayerShape& leg, float forward);

}  // namespace troupe::stage
