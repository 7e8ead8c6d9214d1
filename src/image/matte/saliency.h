// Where a picture stands out from its border.
#pragma once

#include <opencv2/core.hpp>

#include "image/matte/canvas.h"

namespace troupe::image::matte {

/// 0 … 1 per pixel (CV_32FC1): minimum barrier distance from the seeds (Zhang et al. 2015) plus the distance
/// to the colours of the border, times a wide prior for the middle. `seeds` (CV_8UC1, non-zero = background)
/// may be empty: then the frame's edge.
cv::Mat saliency(const Canvas& canvas, const cv::Mat& seeds = {});

}  // namespace troupe::image::matte
