#include "image/matte/line_art.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "image/matte/canvas.h"

namespace troupe::image::matte {
namespace {

/// Everything that paper flowing in from the frame does not reach.
cv::Mat fill_inside(const cv::Mat& ink) {
  cv::Mat padded;
  cv::copyMakeBorder(ink, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
  cv::floodFill(padded, cv::Point(0, 0), 128);
  return padded(cv::Rect(1, 1, ink.cols, ink.rows)) != 128;
}

cv::Mat close_by(const cv::Mat& ink, int diameter) {
  // Closing near the frame must not draw paper into the ink: work on a padded copy.
  cv::Mat padded, closed;
  cv::copyMakeBorder(ink, padded, diameter, diameter, diameter, diameter, cv::BORDER_CONSTANT, 0);
  cv::morphologyEx(padded, closed, cv::MORPH_CLOSE, ellipse_kernel(diameter));
  return closed(cv::Rect(diameter, diameter, ink.cols, ink.rows)).clone();
}

/// Ink that is thin everywhere: at most a fraction of it survives an erosion by a stroke's width.
bool is_thin(const cv::Mat& ink, int total) {
  cv::Mat core;
  const int width = std::max(3, std::max(ink.cols, ink.rows) / 45 | 1);
  cv::erode(ink, core, ellipse_kernel(width));
  return cv::countNonZero(core) < 0.12 * total;
}

}  // namespace

cv::Mat fill_line_art(const cv::Mat& off) {
  const int ink = cv::countNonZero(off);
  if (ink < 0.002 * static_cast<double>(off.total())) return {};
  // A gap in an outline lets the paper in; growing closings find the one that shuts it.
  cv::Mat best = fill_inside(off);
  int area = cv::countNonZero(best);
  for (const int diameter : std::array{5, 9, 13, 19, 25}) {
    cv::Mat filled = fill_inside(close_by(off, diameter));
    const int grown = cv::countNonZero(filled);
    if (grown > 1.25 * area) {
      best = filled;
      area = grown;
    }
  }
  if (!is_thin(off, ink)) return {};
  // A stick figure encloses little: its strokes are the subject.
  return ink < 0.55 * area ? best : fill_inside(close_by(off, 5));
}

}  // namespace troupe::image::matte
