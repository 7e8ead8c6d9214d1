#include "image/sift.h"

#include <algorithm>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <tuple>

#include "image/mat.h"

namespace troupe::image {

Features find_features(const Image& picture, int count_max) {
  const double scale = std::min(1.0, 1280.0 / std::max(picture.width, picture.height));
  cv::Mat grey, small = grey;
  cv::cvtColor(view(picture), grey, cv::COLOR_RGBA2GRAY);
  cv::resize(grey, small, cv::Size(), scale, scale, cv::INTER_AREA);
  std::vector<cv::KeyPoint> keys;
  const auto sift = cv::SIFT::create(count_max);
  sift->detect(small, keys);
  // The detector's workers report in any order.
  std::sort(keys.begin(), keys.end(), [](const cv::KeyPoint& a, const cv::KeyPoint& b) {
    return std::tie(a.pt.y, a.pt.x, a.size, a.angle) < std::tie(b.pt.y, b.pt.x, b.size, b.angle);
  });
  Features out;
  sift->compute(small, keys, out.descriptors);
  for (const cv::KeyPoint& key : keys) out.points.push_back(key.pt / static_cast<float>(scale));
  return out;
}

void pair_features(const Features& a, const Features& b, float ratio, std::vector<cv::Point2f>& from,
                   std::vector<cv::Point2f>& to) {
  if (a.points.size() < 2 || b.points.size() < 2) return;
  std::vector<std::vector<cv::DMatch>> nearest;
  cv::BFMatcher(cv::NORM_L2).knnMatch(a.descriptors, b.descriptors, nearest, 2);
  std::set<int> used;
  for (const auto& two : nearest) {
    if (two.size() < 2 || two[0].distance > ratio * two[1].distance) continue;
    if (!used.insert(two[0].trainIdx).second) continue;
    from.push_back(a.points[static_cast<size_t>(two[0].queryIdx)]);
    to.push_back(b.points[static_cast<size_t>(two[0].trainIdx)]);
  }
}

}  // namespace troupe::image
