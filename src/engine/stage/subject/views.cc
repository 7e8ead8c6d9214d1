#include "engine/stage/subject/views.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "engine/stage/raster/vec.h"
#include "engine/stage/subject/body_shape.h"
#include "engine/stage/subject/mouth.h"
#include "engine/stage/subject/rear_view.h"
#include "engine/stage/subject/silhouette.h"
#include "image/ops.h"

namespace troupe::stage {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kSidelong = 0.02f;      // side_direction beyond this is no plain front
constexpr float kFlipsFrom = 0.5f;      // radians
constexpr float kBackLikeness = 0.75f;  // of the outlines of a front and its back
constexpr float kHalfTurned = 0.55f;    // a front that goes sideways is turned by so much

float aspect_of(const image::CutOut& cut_out) {
  return static_cast<float>(cut_out.bounds.width) / static_cast<float>(std::max(1, cut_out.bounds.height));
}

/// Mean width between a fifth and half of the way down, where feet and hands do not count, over the height.
float trunk_width(const image::CutOut& cut_out) {
  const Silhouette shape(cut_out);
  const int from = shape.height() / 5, to = std::max(from + 1, shape.height() / 2);
  int sum = 0;
  for (int y = from; y < to; ++y) sum += shape.mass(y);
  return static_cast<float>(sum) / static_cast<float>((to - from) * shape.height());
}

/// How far two outlines cover each other, 0 … 1, scaled to one height, on their centres of mass, the second
/// one either way round. A back covers its front; a side does not.
float outline_likeness(const image::CutOut& a, const image::CutOut& b) {
  constexpr int kHeight = 96, kWidth = 160;
  const auto outline = [](const image::CutOut& cut_out, bool flip) {
    Mask mask(kWidth, kHeight);
    const image::Rect box = cut_out.bounds;
    const float scale = static_cast<float>(std::max(1, box.height)) / kHeight;
    double sum = 0, mass = 0;
    for (int y = 0; y < box.height; ++y) {
      for (int x = 0; x < box.width; ++x) {
        const bool shows = cut_out.picture.at(box.x + x, box.y + y)[3] >= 128;
        sum += shows ? x : 0;
        mass += shows;
      }
    }
    const float centre = static_cast<float>(sum / std::max(1.0, mass));
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const float across = static_cast<float>(x - kWidth / 2) * scale * (flip ? -1.0f : 1.0f);
        const int sx = static_cast<int>(std::lround(centre + across));
        const int sy = static_cast<int>(static_cast<float>(y) * scale);
        if (sx < 0 || sx >= box.width || sy >= box.height) continue;
        mask.at(x, y) = cut_out.picture.at(box.x + sx, box.y + sy)[3] >= 128;
      }
    }
    return mask;
  };
  const Mask first = outline(a, false);
  float best = 0;
  for (const bool flip : {false, true}) {
    const Mask second = outline(b, flip);
    int both = 0, either = 0;
    for (size_t i = 0; i < first.values.size(); ++i) {
      both += first.values[i] & second.values[i];
      either += first.values[i] | second.values[i];
    }
    best = std::max(best, static_cast<float>(both) / static_cast<float>(std::max(1, either)));
  }
  return best;
}

/// The lower end of a car leads; the higher end of an animal does.
bool leads_with_low_end(std::string_view noun) {
  constexpr std::array kVehicles = {"car", "taxi", "truck", "motorcycle", "motorbike", "scooter", "tractor"};
  return std::any_of(kVehicles.begin(), kVehicles.end(),
                     [&](std::string_view v) { return noun.ends_with(v); });
}

Image rimmed(const image::CutOut& cut_out) {
  const image::Rect box = cut_out.bounds;
  Image result(std::max(1, box.width) + 2 * kRim, std::max(1, box.height) + 2 * kRim);
  for (int y = 0; y < box.height; ++y)
    for (int x = 0; x < box.width; ++x) {
      const int sx = x + box.x, sy = y + box.y;
      if (sx < 0 || sy < 0 || sx >= cut_out.picture.width || sy >= cut_out.picture.height) continue;
      std::copy_n(cut_out.picture.at(sx, sy), 4, result.at(x + kRim, y + kRim));
    }
  return result;
}

View make_view(const image::CutOut& cut_out, std::string_view noun) {
  View view;
  view.picture = rimmed(cut_out);
  view.rig = make_rig(cut_out);
  if (cut_out.face && cut_out.face->width > 7 && cut_out.face->height > 7) {
    view.face = cut_out.face;
    view.face->x += kRim - cut_out.bounds.x;
    view.face->y += kRim - cut_out.bounds.y;
    view.lips = find_lips(view.picture, *view.face);
  }
  const bool low = view.rig.kind == BodyKind::blob && leads_with_low_end(noun);
  const float direction = side_direction(cut_out, view.rig);
  view.direction = (direction < 0) != low ? -1.0f : 1.0f;
  view.sidelong = std::abs(direction) > kSidelong && view.rig.kind != BodyKind::blob;
  return view;
}

/// What the first picture shows when it has no face to tell.
ViewSide side_of_first(const image::CutOut& cut_out, const Rig& rig) {
  if (rig.kind == BodyKind::quadruped) return ViewSide::side;
  if (cut_out.face) return ViewSide::front;
  if (rig.kind == BodyKind::blob) return aspect_of(cut_out) > 1.35f ? ViewSide::side : ViewSide::front;
  return ViewSide::front;
}

ViewSide side_of_further(const image::CutOut& cut_out, const Rig& rig, const image::CutOut& first) {
  if (cut_out.face) return ViewSide::quarter;
  if (rig.kind == BodyKind::quadruped) return ViewSide::side;
  const float ratio = trunk_width(cut_out) / std::max(1e-3f, trunk_width(first));
  if (ratio < 0.8f || (!first.face && ratio > 1.25f)) return ViewSide::side;
  return outline_likeness(first, cut_out) < kBackLikeness ? ViewSide::side : ViewSide::back;
}

float shown_angle(const View& view) {
  switch (view.side) {
    case ViewSide::front:
      return 0;
    case ViewSide::quarter:
      return 0.25f * kPi * view.direction;
    case ViewSide::side:
      return 0.5f * kPi * view.direction;
    case ViewSide::back:
      return kPi;
  }
  return 0;
}

float wrapped(float angle) { return angle - 2 * kPi * std::round(angle / (2 * kPi)); }

}  // namespace

ViewSet::ViewSet(const std::vector<image::CutOut>& cut_outs, std::string_view noun) {
  for (const image::CutOut& cut_out : cut_outs) {
    View view = make_view(cut_out, noun);
    view.side = views_.empty() ? side_of_first(cut_out, view.rig)
                               : side_of_further(cut_out, view.rig, cut_outs.front());
    views_.push_back(std::move(view));
  }
  profile_only_ =
      std::all_of(views_.begin(), views_.end(), [](const View& v) { return v.side == ViewSide::side; });
  if (profile_only_ || has(Facing::back)) return;
  const auto front =
      std::find_if(views_.begin(), views_.end(), [](const View& v) { return v.side == ViewSide::front; });
  View back = front == views_.end() ? views_.front() : *front;
  back.picture = make_rear_view(back.picture, back.rig, back.face);
  back.rig = mirrored(back.rig);
  back.face.reset();
  back.side = ViewSide::back;
  back.improvised = true;
  views_.push_back(std::move(back));
}

bool ViewSet::has(Facing facing) const {
  return std::any_of(views_.begin(), views_.end(), [&](const View& view) {
    if (view.improvised) return false;
    switch (facing) {
      case Facing::front:
        return view.side == ViewSide::front || view.side == ViewSide::quarter;
      case Facing::back:
        return view.side == ViewSide::back;
      case Facing::left:
      case Facing::right:
        return view.side == ViewSide::side;
    }
    return false;
  });
}

float ViewSet::angle_of(Facing facing) const {
  const float sign = facing == Facing::left ? -1.0f : 1.0f;
  const bool side = has(Facing::left);
  const bool quarter =
      std::any_of(views_.begin(), views_.end(), [](const View& v) { return v.side == ViewSide::quarter; });
  switch (facing) {
    case Facing::left:
    case Facing::right:
      return sign * (side ? 0.5f * kPi : quarter ? 0.25f * kPi : kHalfTurned);
    case Facing::front:
      return profile_only_ ? shown_angle(views_.front()) : 0.0f;
    // Only turned away a little: edge-on there would be nothing to see.
    case Facing::back:
      return profile_only_ ? shown_angle(views_.front()) * 1.3f : kPi;
  }
  return 0;
}

float ViewSet::angle_between(Facing from, Facing to, float progress) const {
  const float a = angle_of(from), b = angle_of(to);
  const float way = std::abs(b - a) <= kPi + 1e-3f ? b - a : wrapped(b - a);
  return a + way * smoothstep(0, 1, progress);
}

ViewChoice ViewSet::choose(float angle) const {
  ViewChoice best;
  float nearest = 1e9f;
  for (size_t i = 0; i < views_.size(); ++i) {
    const View& view = views_[i];
    const bool flips = view.side == ViewSide::side || view.side == ViewSide::quarter;
    // A front that is turned a little already goes the way that it looks.
    if (view.side == ViewSide::front && view.sidelong && std::abs(angle) > kFlipsFrom &&
        angle * view.direction < 0 && std::abs(wrapped(angle)) < nearest - 1e-4f) {
      nearest = std::abs(wrapped(angle));
      best = {i, true, std::clamp(-wrapped(angle), -0.5f * kPi, 0.5f * kPi)};
      continue;
    }
    for (int flip = 0; flip < (flips ? 2 : 1); ++flip) {
      const float shown = shown_angle(views_[i]) * (flip ? -1.0f : 1.0f), left = wrapped(angle - shown);
      if (std::abs(left) >= nearest - 1e-4f) continue;
      nearest = std::abs(left);
      best = {i, flip != 0, std::clamp(flip ? -left : left, -0.5f * kPi, 0.5f * kPi)};
    }
  }
  return best;
}

}  // namespace troupe::stage
