// The picture at the size at which its subject is looked for, and what every step there asks of it.
#pragma once

#include <opencv2/core.hpp>
#include <string_view>
#include <vector>

#include "image/cut_out.h"

namespace troupe::image::matte {

/// All planes have one size.
struct Canvas {
  cv::Mat rgb;   ///< CV_8UC3
  cv::Mat lab;   ///< CV_32FC3, L 0 … 100
  cv::Mat edge;  ///< CV_32FC1, length of the L*a*b* gradient, after a slight blur

  cv::Size size() const { return rgb.size(); }
};
/// Scales `rgb` (CV_8UC3) down to `side_max` on the long side; never up.
Canvas make_canvas(const cv::Mat& rgb, int side_max);

/// One guess at the subject.
struct Hypothesis {
  CutOutMethod method = CutOutMethod::whole;
  cv::Mat mask;     ///< CV_8UC1, 0 or 255
  float bonus = 0;  ///< trust in the seed it grew from
  float looks = 0;  ///< how much the mask looks like a subject by itself
  float score = 0;  ///< looks + agreement with the others + bonus
};

/// Keeps what belongs to one subject: the component with the best area x centre, others that stand right over
/// or under it (a head cut off by a collar) and large ones. Fills holes smaller than 0.4 % of the picture.
cv::Mat keep_subject(const cv::Mat& mask);

float overlap(const cv::Mat& a, const cv::Mat& b);  ///< intersection over union, 0 … 1
float area_share(const cv::Mat& mask);              ///< 0 … 1
cv::Mat ellipse_kernel(int diameter);

}  // namespace troupe::image::matte
