#include "image/matte/saliency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace troupe::image::matte {
namespace {

/// Barrier distance of one channel: over all paths to a seed, the least difference between the path's highest
/// and lowest value, approximated by raster passes in turning directions.
class BarrierScan {
 public:
  BarrierScan(const cv::Mat& values, const cv::Mat& seeds)
      : values_(values),
        high_(values.clone()),
        low_(values.clone()),
        distance_(values.size(), CV_32FC1, 1e9f) {
    distance_.setTo(0, seeds);
  }

  cv::Mat run() {
    for (int pass = 0; pass < 4; ++pass) pass % 2 == 0 ? forward() : backward();
    return distance_;
  }

 private:
  void relax(int y, int x, int from_y, int from_x) {
    const float value = values_.at<float>(y, x);
    const float high = std::max(high_.at<float>(from_y, from_x), value);
    const float low = std::min(low_.at<float>(from_y, from_x), value);
    if (high - low >= distance_.at<float>(y, x)) return;
    distance_.at<float>(y, x) = high - low;
    high_.at<float>(y, x) = high;
    low_.at<float>(y, x) = low;
  }
  void forward() {
    for (int y = 0; y < values_.rows; ++y) {
      for (int x = 0; x < values_.cols; ++x) {
        if (y > 0) relax(y, x, y - 1, x);
        if (x > 0) relax(y, x, y, x - 1);
      }
    }
  }
  void backward() {
    for (int y = values_.rows - 1; y >= 0; --y) {
      for (int x = values_.cols - 1; x >= 0; --x) {
        if (y + 1 < values_.rows) relax(y, x, y + 1, x);
        if (x + 1 < values_.cols) relax(y, x, y, x + 1);
      }
    }
  }

  cv::Mat values_, high_, low_, distance_;
};

cv::Mat barrier_distance(const Canvas& canvas, const cv::Mat& seeds) {
  std::array<cv::Mat, 3> channels;
  cv::split(canvas.lab, channels.data());
  cv::Mat sum = cv::Mat::zeros(canvas.size(), CV_32FC1);
  for (const cv::Mat& channel : channels) sum += BarrierScan(channel, seeds).run();
  return sum;
}

/// Mahalanobis distance of every pixel to the colours of one side of the frame.
cv::Mat distance_to_side(const cv::Mat& lab, const cv::Rect& side) {
  const cv::Mat samples = lab(side).clone().reshape(1, side.area());
  cv::Mat covariance, mean;
  cv::calcCovarMatrix(samples, covariance, mean, cv::COVAR_NORMAL | cv::COVAR_ROWS | cv::COVAR_SCALE, CV_32F);
  covariance += cv::Mat::eye(3, 3, CV_32F) * 9.0f;
  const cv::Mat inverse = covariance.inv(cv::DECOMP_CHOLESKY);
  const cv::Matx33f weight(inverse.ptr<float>());
  const cv::Vec3f centre(mean.ptr<float>());
  cv::Mat out(lab.size(), CV_32FC1);
  for (int y = 0; y < lab.rows; ++y) {
    for (int x = 0; x < lab.cols; ++x) {
      const cv::Vec3f d = lab.at<cv::Vec3f>(y, x) - centre;
      out.at<float>(y, x) = std::sqrt(std::max(0.0f, d.dot(weight * d)));
    }
  }
  cv::normalize(out, out, 0, 1, cv::NORM_MINMAX);
  return out;
}

/// The subject may touch one side of the frame, so the side that says "most different" is left out.
cv::Mat border_dissimilarity(const cv::Mat& lab) {
  const int w = lab.cols, h = lab.rows, strip_x = std::max(1, w / 14), strip_y = std::max(1, h / 14);
  const std::array<cv::Rect, 4> sides{cv::Rect(0, 0, w, strip_y), cv::Rect(0, h - strip_y, w, strip_y),
                                      cv::Rect(0, 0, strip_x, h), cv::Rect(w - strip_x, 0, strip_x, h)};
  cv::Mat sum = cv::Mat::zeros(lab.size(), CV_32FC1), worst = sum.clone();
  for (const cv::Rect& side : sides) {
    const cv::Mat distance = distance_to_side(lab, side);
    sum += distance;
    worst = cv::max(worst, distance);
  }
  return sum - worst;
}

}  // namespace

cv::Mat saliency(const Canvas& canvas, const cv::Mat& seeds) {
  cv::Mat background = seeds;
  if (background.empty()) {
    background = cv::Mat::zeros(canvas.size(), CV_8UC1);
    cv::rectangle(background, cv::Rect(cv::Point(), canvas.size()), 255, 1);
  }
  cv::Mat barrier = barrier_distance(canvas, background), border = border_dissimilarity(canvas.lab);
  cv::normalize(barrier, barrier, 0, 1, cv::NORM_MINMAX);
  cv::normalize(border, border, 0, 1, cv::NORM_MINMAX);
  cv::Mat out = barrier + border;
  for (int y = 0; y < out.rows; ++y) {
    for (int x = 0; x < out.cols; ++x) {
      const float dx = (static_cast<float>(x) + 0.5f) / static_cast<float>(out.cols) - 0.5f;
      const float dy = (static_cast<float>(y) + 0.5f) / static_cast<float>(out.rows) - 0.52f;
      out.at<float>(y, x) *= std::exp(-(dx * dx / 0.16f + dy * dy / 0.26f));
    }
  }
  cv::GaussianBlur(out, out, cv::Size(5, 5), 0);
  cv::normalize(out, out, 0, 1, cv::NORM_MINMAX);
  return out;
}

}  // namespace troupe::image::matte
