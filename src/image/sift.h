// Points that look the same in two pictures. Inside this folder only.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "core/image.h"

namespace troupe::image {

struct Features {
  std::vector<cv::Point2f> points;  ///< in pixels of the picture
  cv::Mat descriptors;
};

/// The strongest SIFT features (Lowe 2004), found at 1280 px on the long side or less.
Features find_features(const Image& picture, int count_max);

/// Pairs whose best match is better than `ratio` times the second best, each point used once.
void pair_features(const Features& a, const Features& b, float ratio, std::vector<cv::Point2f>& from,
                   std::vector<cv::Point2f>& to);

}  // namespace troupe::image
