#include "image/measure.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>
#include <vector>

#include "image/mat.h"
#include "image/sift.h"

namespace troupe::image {
namespace {

cv::Mat luma_of(const Image& picture) {
  cv::Mat rgb, luma;
  rgb_of(picture).convertTo(rgb, CV_32FC3);
  cv::transform(rgb, luma, cv::Matx13f(0.2126f, 0.7152f, 0.0722f));
  return luma;
}

double to_decibel(double mean_square) {
  return mean_square <= 0 ? 100.0 : std::min(100.0, 10 * std::log10(255.0 * 255.0 / mean_square));
}

/// Mean 0 and spread 1 inside `where`.
cv::Mat normalised(const cv::Mat& luma, const cv::Mat& where) {
  cv::Scalar mean, spread;
  cv::meanStdDev(luma, mean, spread, where);
  return (luma - mean[0]) / std::max(1.0, spread[0]);
}

cv::Mat window_mean(const cv::Mat& values) {
  cv::Mat out;
  cv::blur(values, out, cv::Size(7, 7), cv::Point(-1, -1), cv::BORDER_REFLECT_101);
  return out;
}

cv::Mat flow_between(const cv::Mat& from, const cv::Mat& to) {
  cv::Mat flow;
  cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_FAST)->calc(from, to, flow);
  return flow;
}

cv::Mat positions_by(const cv::Mat& flow) {
  cv::Mat at = flow.clone();
  for (int y = 0; y < at.rows; ++y) {
    for (int x = 0; x < at.cols; ++x)
      at.at<cv::Vec2f>(y, x) += cv::Vec2f(static_cast<float>(x), static_cast<float>(y));
  }
  return at;
}

}  // namespace

double psnr_luma(const Image& a, const Image& b) {
  const double error = cv::norm(luma_of(a), luma_of(b), cv::NORM_L2SQR);
  return to_decibel(error / (static_cast<double>(a.width) * a.height));
}

double psnr_rgb(const Image& a, const Image& b) {
  const double error = cv::norm(rgb_of(a), rgb_of(b), cv::NORM_L2SQR);
  return to_decibel(error / (3.0 * a.width * a.height));
}

double ssim_of_structure(const Image& a, const Image& b, const Mask* where) {
  const cv::Mat inside = where ? cv::Mat(view(*where) >= 128) : cv::Mat(a.height, a.width, CV_8UC1, 255);
  if (cv::countNonZero(inside) == 0) return 0;
  const cv::Mat x = normalised(luma_of(a), inside), y = normalised(luma_of(b), inside);
  // The usual constants, for a range of four spreads instead of 255.
  const double c1 = 0.01 * 0.01 * 16, c2 = 0.03 * 0.03 * 16;
  const cv::Mat mx = window_mean(x), my = window_mean(y);
  const cv::Mat vx = window_mean(x.mul(x)) - mx.mul(mx), vy = window_mean(y.mul(y)) - my.mul(my);
  const cv::Mat both = window_mean(x.mul(y)) - mx.mul(my);
  const cv::Mat above = (2 * mx.mul(my) + c1).mul(2 * both + c2);
  const cv::Mat below = (mx.mul(mx) + my.mul(my) + c1).mul(vx + vy + c2);
  return cv::mean(above / below, inside)[0];
}

double sharpness(const Image& picture) {
  cv::Mat edges;
  cv::Laplacian(luma_of(picture), edges, CV_32F);
  cv::Scalar mean, spread;
  cv::meanStdDev(edges, mean, spread);
  return spread[0] * spread[0];
}

double temporal_error(const Image& before, const Image& now) {
  cv::Mat a, b;
  cv::cvtColor(view(before), a, cv::COLOR_RGBA2GRAY);
  cv::cvtColor(view(now), b, cv::COLOR_RGBA2GRAY);
  if (std::min(a.cols, a.rows) < 32) return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total());
  const cv::Mat back = flow_between(b, a), forth = flow_between(a, b), at = positions_by(back);
  cv::Mat carried, returned;
  cv::remap(a, carried, at, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::remap(forth, returned, at, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  double sum = 0, count = 0;
  for (int y = 0; y < a.rows; ++y) {
    for (int x = 0; x < a.cols; ++x) {
      const auto& p = at.at<cv::Vec2f>(y, x);
      const bool inside = p[0] >= 0 && p[1] >= 0 && p[0] <= static_cast<float>(a.cols - 1) &&
                          p[1] <= static_cast<float>(a.rows - 1);
      if (!inside || cv::norm(back.at<cv::Vec2f>(y, x) + returned.at<cv::Vec2f>(y, x)) > 1.0) continue;
      sum += std::abs(carried.at<uint8_t>(y, x) - b.at<uint8_t>(y, x));
      count += 1;
    }
  }
  return count == 0 ? 0 : sum / count;
}

FeatureMatches match_features(const Image& reference, const Image& frame) {
  Features own = find_features(reference, 2000);
  Features subject;
  for (size_t i = 0; i < own.points.size(); ++i) {
    const cv::Point2f p = own.points[i];
    const int x = std::clamp(static_cast<int>(p.x), 0, reference.width - 1);
    const int y = std::clamp(static_cast<int>(p.y), 0, reference.height - 1);
    if (reference.at(x, y)[3] < 128) continue;
    subject.points.push_back(p);
    subject.descriptors.push_back(own.descriptors.row(static_cast<int>(i)));
  }
  FeatureMatches out;
  out.reference = static_cast<int>(subject.points.size());
  std::vector<cv::Point2f> from, to;
  pair_features(subject, find_features(frame, 4000), 0.8f, from, to);
  if (from.size() < 4) return out;
  cv::Mat agrees;
  const cv::Mat fit = cv::estimateAffine2D(from, to, agrees, cv::RANSAC, 4.0);
  if (!fit.empty()) out.inliers = cv::countNonZero(agrees);
  return out;
}

}  // namespace troupe::image
