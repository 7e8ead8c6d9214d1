// Subjects before one smooth backdrop: a wall, a studio sweep, paper.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "image/matte/canvas.h"

namespace troupe::image::matte {

/// A smooth backdrop fitted to the border.
struct Backdrop {
  cv::Mat flattened;    ///< CV_8UC3: L*a*b* less the backdrop, so that light falling off across it is gone
  cv::Mat residual;     ///< CV_32FC1: distance of every pixel to the backdrop, in L*a*b*
  cv::Mat shadow;       ///< CV_8UC1: 255 where the backdrop is only darker
  float threshold = 7;  ///< residuals up to this are backdrop
};

/// Fits L, a, b of the border ring with a quadratic in x and y by reweighted least squares. None when less
/// than 80 % of the ring lies on the fit.
std::optional<Backdrop> fit_backdrop(const Canvas& canvas);

/// The subject before the backdrop, photo or drawing; an empty mask when nothing stands before it.
Hypothesis cut_from_backdrop(const Backdrop& backdrop);

}  // namespace troupe::image::matte
