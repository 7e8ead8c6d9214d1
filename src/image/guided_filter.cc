#include "image/guided_filter.h"

#include <array>
#include <opencv2/imgproc.hpp>

#include "image/mat.h"
#include "image/ops.h"

namespace troupe::image {
namespace {

cv::Mat mean_of(const cv::Mat& values, int radius) {
  cv::Mat mean;
  cv::blur(values, mean, cv::Size(2 * radius + 1, 2 * radius + 1), cv::Point(-1, -1), cv::BORDER_REPLICATE);
  return mean;
}

/// Solves (S + epsilon I) a = c for a symmetric 3x3 S given as xx, xy, xz, yy, yz, zz.
cv::Vec3f solve(const std::array<float, 6>& s, const cv::Vec3f& c) {
  const float xx = s[3] * s[5] - s[4] * s[4], xy = s[2] * s[4] - s[1] * s[5], xz = s[1] * s[4] - s[2] * s[3];
  const float yy = s[0] * s[5] - s[2] * s[2], yz = s[1] * s[2] - s[0] * s[4], zz = s[0] * s[3] - s[1] * s[1];
  const float scale = 1.0f / std::max(1e-20f, s[0] * xx + s[1] * xy + s[2] * xz);
  return {(xx * c[0] + xy * c[1] + xz * c[2]) * scale, (xy * c[0] + yy * c[1] + yz * c[2]) * scale,
          (xz * c[0] + yz * c[1] + zz * c[2]) * scale};
}

}  // namespace

cv::Mat guided_filter_gray(const cv::Mat& guide, const cv::Mat& values, int radius, float epsilon) {
  const cv::Mat mean_guide = mean_of(guide, radius), mean_values = mean_of(values, radius);
  const cv::Mat variance = mean_of(guide.mul(guide), radius) - mean_guide.mul(mean_guide);
  const cv::Mat covariance = mean_of(guide.mul(values), radius) - mean_guide.mul(mean_values);
  const cv::Mat slope = covariance / (variance + epsilon);
  const cv::Mat offset = mean_values - slope.mul(mean_guide);
  return mean_of(slope, radius).mul(guide) + mean_of(offset, radius);
}

cv::Mat guided_filter_colour(const cv::Mat& guide, const cv::Mat& values, int radius, float epsilon) {
  std::array<cv::Mat, 3> channel;
  cv::split(guide, channel.data());
  std::array<cv::Mat, 3> mean, product;
  for (size_t i = 0; i < 3; ++i) {
    mean[i] = mean_of(channel[i], radius);
    product[i] = mean_of(channel[i].mul(values), radius);
  }
  std::array<cv::Mat, 6> spread;  // xx, xy, xz, yy, yz, zz
  for (size_t i = 0, k = 0; i < 3; ++i) {
    for (size_t j = i; j < 3; ++j) spread[k++] = mean_of(channel[i].mul(channel[j]), radius);
  }
  const cv::Mat mean_values = mean_of(values, radius);

  cv::Mat slope(guide.size(), CV_32FC3), offset(guide.size(), CV_32FC1);
  for (int y = 0; y < guide.rows; ++y) {
    for (int x = 0; x < guide.cols; ++x) {
      const cv::Vec3f m(mean[0].at<float>(y, x), mean[1].at<float>(y, x), mean[2].at<float>(y, x));
      const float v = mean_values.at<float>(y, x);
      cv::Vec3f c;
      for (int i = 0; i < 3; ++i) c[i] = product[static_cast<size_t>(i)].at<float>(y, x) - m[i] * v;
      std::array<float, 6> s{};
      for (int i = 0, k = 0; i < 3; ++i) {
        for (int j = i; j < 3; ++j, ++k) {
          const auto at = static_cast<size_t>(k);
          s[at] = spread[at].at<float>(y, x) - m[i] * m[j] + (i == j ? epsilon : 0.0f);
        }
      }
      const cv::Vec3f a = solve(s, c);
      slope.at<cv::Vec3f>(y, x) = a;
      offset.at<float>(y, x) = v - a.dot(m);
    }
  }
  const cv::Mat mean_slope = mean_of(slope, radius), mean_offset = mean_of(offset, radius);
  cv::Mat out(guide.size(), CV_32FC1);
  for (int y = 0; y < guide.rows; ++y) {
    for (int x = 0; x < guide.cols; ++x) {
      out.at<float>(y, x) =
          mean_slope.at<cv::Vec3f>(y, x).dot(guide.at<cv::Vec3f>(y, x)) + mean_offset.at<float>(y, x);
    }
  }
  return out;
}

std::vector<float> guided_filter(const Image& guide, const std::vector<float>& values, int radius,
                                 float epsilon) {
  cv::Mat luma, scaled;
  cv::cvtColor(view(guide), luma, cv::COLOR_RGBA2GRAY);
  luma.convertTo(scaled, CV_32F, 1.0 / 255);
  const cv::Mat in(guide.height, guide.width, CV_32FC1, const_cast<float*>(values.data()));
  std::vector<float> out(values.size());
  guided_filter_gray(scaled, in, radius, epsilon)
      .copyTo(cv::Mat(guide.height, guide.width, CV_32FC1, out.data()));
  return out;
}

}  // namespace troupe::image
