// The pictures of one subject, by the side that each shows.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/stage/plan.h"
#include "engine/stage/subject/rig.h"
#include "image/cut_out.h"

namespace troupe::stage {

enum class ViewSide { front, quarter, side, back };

struct View {
  Image picture;  ///< the tight box of the cut-out, rimmed
  Rig rig;
  std::optional<image::Rect> face;  ///< in `picture`
  float lips = 0;                   ///< row of the lip line, with a face
  ViewSide side = ViewSide::front;
  float direction = 1;      ///< +1 looks to the picture's right, -1 to its left
  bool sidelong = false;    ///< plainly looks that way, even if it is a front
  bool improvised = false;  ///< a back made from the front
};

/// A view to show, and how.
struct ViewChoice {
  size_t view = 0;
  bool flip = false;
  float yaw = 0;  ///< left over between the wanted angle and what the view shows, before flipping
};

/// Angles about the vertical: 0 towards the viewer, +pi/2 to the right, pi away.
class ViewSet {
 public:
  /// REQUIRES at least one cut-out. Further ones are told apart by a face (turned a little), a narrower or
  /// otherwise different outline (a side), or neither (the back). A front without any back gets one
  /// improvised.
  ViewSet(const std::vector<image::CutOut>& cut_outs, std::string_view noun);

  const std::vector<View>& views() const { return views_; }
  /// The only kind of picture there is shows a side (an animal, a car, a person in profile).
  bool profile_only() const { return profile_only_; }
  bool has(Facing facing) const;
  /// Pictures of three sides or more, so that a whole turn can be shown.
  bool all_round() const { return has(Facing::back) && has(Facing::left); }
  /// The angle that stands for a facing with the pictures there are.
  float angle_of(Facing facing) const;
  /// The angle between two facings, the shorter way.
  float angle_between(Facing from, Facing to, float progress) const;
  ViewChoice choose(float angle) const;

 private:
  std::vector<View> views_;
  bool profile_only_ = false;
};

}  // namespace troupe::stage
