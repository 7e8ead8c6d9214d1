// What a silhouette tells of a body: legs, neck, arms, cuts.
#pragma once

#include <string_view>
#include <vector>

#include "image/cut_out.h"

namespace troupe::stage {

enum class BodyKind {
  biped,      ///< two legs that can be told apart, or a human outline
  skirted,    ///< human-like, legs hidden to below the middle
  quadruped,  ///< seen from the side, at least three legs
  half,       ///< cut by the lower edge of its picture
  blob,       ///< anything else: objects, robes, vehicles, animals from the front
};

/// All positions are fractions of the tight bounding box of the cut-out: x right, y down, 0 … 1.
struct Rig {
  BodyKind kind = BodyKind::blob;
  float crotch = 0.53f;          ///< y where the legs part
  std::vector<float> separator;  ///< x of the line between the legs, at 16 even rows from crotch to feet
  std::vector<float> leg_tops;   ///< quadruped: x of each leg's middle, left to right
  float neck = 0.16f;            ///< y of the narrowest row under the head; 0 = no head found
  float neck_x = 0.5f;
  float shoulder = 0.22f;  ///< y
  bool left_arm_free = false,
       right_arm_free = false;            ///< on the picture's left/right: separable from the body
  float left_arm_x = 0, right_arm_x = 1;  ///< inner edge of a free arm
  float armpit = 0.3f;                    ///< y from which on free arms stand clear of the body
  float arm_end = 0.5f;                   ///< y of the free hands
  float axis = 0.5f;                      ///< x of the body's middle
};

/// Which way a body seen from the side looks, judged by its feet (toes reach forward) and head (it leads): <
/// 0 to the picture's left, > 0 to its right; below 0.02 either way it may as well be a front. In fractions
/// of the height.
float side_direction(const image::CutOut& cut_out, const Rig& rig);

/// Analyses the alpha of a cut-out. Deterministic, about 5 ms. Never fails: what is unclear is a blob.
Rig make_rig(const image::CutOut& cut_out);

/// The rig of the mirrored picture.
Rig mirrored(const Rig& rig);

/// Hip to sole as a share of the height; for legless bodies what their steps are measured by.
float leg_share(const Rig& rig);

/// Height in metres of a thing called `noun`; "" or unknown: 1.7 for a human outline, 1.6 for other tall
/// things, 0.9 for square ones.
float real_height(std::string_view noun, const Rig& rig, float aspect);

}  // namespace troupe::stage
