// The steps of make_rig.
#pragma once

#include <algorithm>
#include <optional>

#include "engine/stage/subject/rig.h"
#include "engine/stage/subject/silhouette.h"

namespace troupe::stage {

/// The shape under analysis with what every step asks for.
struct Body {
  explicit Body(const image::CutOut& cut_out);
  int row_of(float share) const {
    return std::clamp(static_cast<int>(share * static_cast<float>(height)), 0, height - 1);
  }
  float slenderness() const { return static_cast<float>(height) / static_cast<float>(width); }
  /// Mean opaque width between two heights, pixels.
  float mean_mass(float from, float to) const {
    const int begin = row_of(from), end = std::max(begin + 1, row_of(to));
    int sum = 0;
    for (int y = begin; y < end; ++y) sum += shape.mass(y);
    return static_cast<float>(sum) / static_cast<float>(end - begin);
  }

  Silhouette shape;
  int width, height;
  float axis = 0;
  int mass_max = 0;
};

inline float fraction(int part, int whole) {
  return static_cast<float>(part) / static_cast<float>(std::max(1, whole));
}

struct Neck {
  float y = 0, x = 0.5f, shoulder = 0;  ///< shares of height, width, height
};
std::optional<Neck> find_neck(const Body& body, const image::CutOut& cut_out);  // rig_head.cc

/// Fills the arm fields. REQUIRES shoulder, crotch and axis to be known.
void find_arms(const Body& body, Rig& rig);  // rig_arms.cc

/// Fills crotch, separator and leg_tops. REQUIRES the neck to be known.
BodyKind classify_legs(const Body& body, const image::CutOut& cut_out, Rig& rig);  // rig_legs.cc

}  // namespace troupe::stage
