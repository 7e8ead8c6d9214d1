#include "image/matte/refine.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "image/guided_filter.h"
#include "image/matte/canvas.h"
#include "image/matte/grab_cut.h"

namespace troupe::image::matte {
namespace {

constexpr int kRefineSideMax = 900;

cv::Mat scaled_to(const cv::Mat& from, cv::Size size) {
  if (from.size() == size) return from;
  cv::Mat to;
  const bool shrinks = size.width < from.cols;
  cv::resize(from, to, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
  return to;
}

/// The part of the picture that the band lies in, with room for GrabCut to learn the background.
cv::Rect around(const cv::Mat& mask, int margin) {
  cv::Rect box = cv::boundingRect(mask);
  box -= cv::Point(margin, margin);
  box += cv::Size(2 * margin, 2 * margin);
  return box & cv::Rect(0, 0, mask.cols, mask.rows);
}

cv::Mat recut_band(const cv::Mat& rgb, const cv::Mat& mask, int band) {
  const cv::Rect part = around(mask, 6 * band);
  const cv::Mat here = mask(part);
  cv::Mat core, reach;
  cv::erode(here, core, ellipse_kernel(2 * band + 1), cv::Point(-1, -1), 1, cv::BORDER_REPLICATE);
  cv::dilate(here, reach, ellipse_kernel(2 * band + 1));
  cv::Mat labels(part.size(), CV_8UC1, cv::GC_BGD);
  labels.setTo(cv::GC_PR_BGD, reach);
  labels.setTo(cv::GC_PR_FGD, here);
  labels.setTo(cv::GC_FGD, core);
  const cv::Mat cut = grab_cut(rgb(part), labels, 2);
  cv::Mat out = mask.clone();
  if (!cut.empty() && overlap(cut, here) > 0.75f) cut.copyTo(out(part));
  return out;
}

/// Removes the stair steps of a mask that was scaled up.
cv::Mat smooth_outline(const cv::Mat& mask, double sigma) {
  cv::Mat soft;
  cv::GaussianBlur(mask, soft, cv::Size(), sigma);
  return soft > 127;
}

cv::Mat soften(const cv::Mat& rgb, const cv::Mat& mask, int radius, int band) {
  cv::Mat guide, hard;
  rgb.convertTo(guide, CV_32FC3, 1.0 / 255);
  mask.convertTo(hard, CV_32F, 1.0 / 255);
  cv::Mat alpha = guided_filter_colour(guide, hard, radius, 1e-4f);
  alpha = (alpha - 0.12f) / 0.76f;
  cv::Mat reach, core;
  cv::dilate(mask, reach, ellipse_kernel(2 * band + 1));
  cv::erode(mask, core, ellipse_kernel(2 * band + 1), cv::Point(-1, -1), 1, cv::BORDER_REPLICATE);
  alpha.setTo(0, ~reach);
  alpha.setTo(1, core);
  cv::Mat out;
  alpha.convertTo(out, CV_8U, 255);
  return out;
}

}  // namespace

cv::Mat refine(const cv::Mat& rgb, const cv::Mat& mask, bool keep_outline) {
  const double scale = std::min(1.0, static_cast<double>(kRefineSideMax) / std::max(rgb.cols, rgb.rows));
  const cv::Size size(std::max(1, static_cast<int>(std::lround(rgb.cols * scale))),
                      std::max(1, static_cast<int>(std::lround(rgb.rows * scale))));
  const int side = std::max(size.width, size.height);
  const cv::Mat small = scaled_to(rgb, size);
  const double growth = static_cast<double>(side) / std::max(mask.cols, mask.rows);
  cv::Mat shape = smooth_outline(scaled_to(mask, size), std::max(0.5, 0.5 * growth));
  if (cv::countNonZero(shape) == 0) shape = scaled_to(mask, size) > 127;
  const int band = std::max(2, static_cast<int>(std::lround(side / 140.0)));
  if (!keep_outline) shape = recut_band(small, shape, band);
  const int radius = std::max(2, static_cast<int>(std::lround(side / 160.0)));
  return scaled_to(soften(small, shape, radius, band), rgb.size());
}

namespace {

/// Colour weighted by trust, and the trust: CV_32FC4.
using Level = cv::Mat;

Level pull(const Level& fine) {
  Level coarse;
  cv::resize(fine, coarse, cv::Size((fine.cols + 1) / 2, (fine.rows + 1) / 2), 0, 0, cv::INTER_AREA);
  return coarse;
}

/// Fills what `fine` does not know from `coarse`.
void push(const Level& coarse, Level& fine) {
  Level grown;
  cv::resize(coarse, grown, fine.size(), 0, 0, cv::INTER_LINEAR);
  for (int y = 0; y < fine.rows; ++y) {
    auto* to = fine.ptr<cv::Vec4f>(y);
    const auto* from = grown.ptr<cv::Vec4f>(y);
    for (int x = 0; x < fine.cols; ++x) {
      if (to[x][3] >= 1 || from[x][3] <= 1e-6f) continue;
      const float missing = (1 - to[x][3]) / from[x][3];
      to[x] += from[x] * missing;
    }
  }
}

Level trusted_colours(const cv::Mat& rgba, int alpha_min) {
  Level level(rgba.size(), CV_32FC4);
  for (int y = 0; y < rgba.rows; ++y) {
    for (int x = 0; x < rgba.cols; ++x) {
      const auto& p = rgba.at<cv::Vec4b>(y, x);
      level.at<cv::Vec4f>(y, x) = p[3] >= alpha_min ? cv::Vec4f(p[0], p[1], p[2], 1) : cv::Vec4f(0, 0, 0, 0);
    }
  }
  return level;
}

}  // namespace

void decontaminate(cv::Mat& rgba) {
  double alpha_max = 0;
  cv::Mat alpha;
  cv::extractChannel(rgba, alpha, 3);
  cv::minMaxLoc(alpha, nullptr, &alpha_max);
  // A glass or a ghost has no fully covered pixel: its densest ones are trusted.
  std::vector<Level> levels{trusted_colours(rgba, static_cast<int>(0.95 * alpha_max))};
  while (levels.back().cols > 1 || levels.back().rows > 1) levels.push_back(pull(levels.back()));
  for (size_t i = levels.size() - 1; i > 0; --i) push(levels[i], levels[i - 1]);
  for (int y = 0; y < rgba.rows; ++y) {
    for (int x = 0; x < rgba.cols; ++x) {
      auto& p = rgba.at<cv::Vec4b>(y, x);
      const auto& clean = levels[0].at<cv::Vec4f>(y, x);
      const float a = static_cast<float>(p[3]) / 255, own = p[3] >= 0.95 * alpha_max ? 1.0f : a * a;
      for (int c = 0; c < 3; ++c) {
        p[c] = cv::saturate_cast<uint8_t>(own * p[c] + (1 - own) * clean[c] / std::max(1e-6f, clean[3]));
      }
    }
  }
}

}  // namespace troupe::image::matte
