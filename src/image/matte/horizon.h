// Where the horizon of a landscape lies.
#pragma once

#include <opencv2/core.hpp>

namespace troupe::image::matte {

struct Horizon {
  float row = 0.46f;    ///< fraction of the height
  bool strong = false;  ///< the picture has evidence for it, not only the prior
};

/// The strongest colour split between bands above and below, with a prior for just above the middle; a
/// vanishing point of long straight lines overrides it. `rgb` CV_8UC3.
Horizon find_horizon(const cv::Mat& rgb);

}  // namespace troupe::image::matte
