// How one picture moved into another: what a camera did between two frames, and how two pictures of one place
// fit on each other. Thread-safe; deterministic.
#pragma once

#include <array>
#include <optional>

#include "core/image.h"

namespace troupe::image {

/// Shift, turn and scale that carry points of one picture onto the other, about the picture's middle.
struct Similarity {
  float x = 0;          ///< shift to the right, fraction of the width
  float y = 0;          ///< shift down, fraction of the height
  float log_scale = 0;  ///< natural logarithm; > 0: things grow
  float rotation = 0;   ///< radians, > 0: clockwise on screen
  /// What the similarity leaves over, in pixels of a 640-px wide picture: outward flow of the lower 38 % less
  /// that of the rest. A zoom leaves next to nothing, a dolly over a floor a lot, since near things move
  /// faster.
  float parallax = 0;
  int points = 0;  ///< tracked points that agree
};

/// Tracks corners (Shi-Tomasi, Lucas-Kanade) and fits a similarity by RANSAC. `ignore` (same size, >= 128 =
/// leave out) hides a moving subject. None when fewer than 12 points agree. REQUIRES pictures of one size,
/// not empty.
std::optional<Similarity> estimate_motion(const Image& from, const Image& to, const Mask* ignore = nullptr);

/// How well two pictures show one place.
struct Match {
  int inliers = 0;  ///< >= 40: the same scene
  std::array<double, 9>
      homography{};  ///< row-major; pixels of `a` to pixels of `b`; all zero without inliers
};

/// SIFT (Lowe 2004), ratio 0.75, RANSAC homography; about 1 s. Pictures over 1280 px are matched at that
/// size. REQUIRES pictures that are not empty.
Match match_pictures(const Image& a, const Image& b);

}  // namespace troupe::image
