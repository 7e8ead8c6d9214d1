// Drawings on paper: their strokes enclose the subject instead of covering it.
#pragma once

#include <opencv2/core.hpp>

namespace troupe::image::matte {

/// The filled silhouette of strokes (`off`, CV_8UC1, 255 = ink); empty when `off` is no line art.
cv::Mat fill_line_art(const cv::Mat& off);

}  // namespace troupe::image::matte
