// Cutting a picture in two by colour and edges.
#pragma once

#include <opencv2/core.hpp>

namespace troupe::image::matte {

/// GrabCut (Rother, Kolmogorov, Blake 2004) from `labels` (CV_8UC1, cv::GC_*): the mask (CV_8UC1, 0 or 255),
/// or an empty Mat when the labels leave too few pixels of either side to learn its colours from. Like
/// cv::grabCut, but only undecided pixels enter the graph, which makes a narrow band cheap, and it stops when
/// a round changes next to nothing. Deterministic.
cv::Mat grab_cut(const cv::Mat& rgb, const cv::Mat& labels, int rounds_max);

}  // namespace troupe::image::matte
