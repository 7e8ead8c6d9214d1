// From a coarse mask to soft edges and clean colours.
#pragma once

#include <opencv2/core.hpp>

namespace troupe::image::matte {

/// Alpha (CV_8UC1) at the size of `rgb` (CV_8UC3) from a coarse 0/255 mask of any size. The outline is cut
/// again in a narrow band at up to 900 px, then softened along the picture's own edges. `keep_outline`: a
/// drawing, whose outline is only softened.
cv::Mat refine(const cv::Mat& rgb, const cv::Mat& mask, bool keep_outline);

/// Replaces the colours of part-covered and empty pixels of `rgba` (CV_8UC4, straight alpha) with those of
/// the covered ones nearby, so that no background shines through an edge.
void decontaminate(cv::Mat& rgba);

}  // namespace troupe::image::matte
