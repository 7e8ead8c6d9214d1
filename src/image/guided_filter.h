// Edge-preserving smoothing on OpenCV's types. Inside this folder only.
#pragma once

#include <opencv2/core.hpp>

namespace troupe::image {

/// Guided filter (He, Sun, Tang 2010) with a one-channel guide; both CV_32FC1 of one size.
cv::Mat guided_filter_gray(const cv::Mat& guide, const cv::Mat& values, int radius, float epsilon);

/// The same with a colour guide (CV_32FC3, 0 … 1): it keeps edges that have no step in brightness.
cv::Mat guided_filter_colour(const cv::Mat& guide, const cv::Mat& values, int radius, float epsilon);

}  // namespace troupe::image
