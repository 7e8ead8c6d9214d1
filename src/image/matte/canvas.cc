#include "image/matte/canvas.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "image/mat.h"

namespace troupe::image::matte {
namespace {

struct Component {
  int label = 0, area = 0;
  cv::Rect box;
  double rank = 0;
};

std::vector<Component> components_of(const cv::Mat& mask, cv::Mat& labels) {
  cv::Mat stats, centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centres, 8);
  std::vector<Component> found;
  for (int i = 1; i < count; ++i) {
    Component c{i, stats.at<int>(i, cv::CC_STAT_AREA),
                cv::Rect(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                         stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT)),
                0};
    const double dx = centres.at<double>(i, 0) / mask.cols - 0.5,
                 dy = centres.at<double>(i, 1) / mask.rows - 0.5;
    c.rank = c.area * std::exp(-(dx * dx + 0.5 * dy * dy) / 0.09);
    found.push_back(c);
  }
  return found;
}

bool belongs(const Component& c, const Component& main, int total) {
  if (c.area > 0.35 * main.area) return true;
  if (c.area < std::max(0.015 * main.area, 0.0008 * total)) return false;
  const int shared = std::min(c.box.br().x, main.box.br().x) - std::max(c.box.x, main.box.x);
  const int gap = std::max(c.box.y, main.box.y) - std::min(c.box.br().y, main.box.br().y);
  return shared > 0.7 * c.box.width && gap < 0.12 * main.box.height;
}

cv::Mat fill_small_holes(const cv::Mat& mask) {
  cv::Mat labels, stats, centres, out = mask.clone();
  const int count = cv::connectedComponentsWithStats(~mask, labels, stats, centres, 4);
  const double small = 0.004 * static_cast<double>(mask.total());
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    const bool at_frame = box.x == 0 || box.y == 0 || box.br().x == mask.cols || box.br().y == mask.rows;
    if (!at_frame && stats.at<int>(i, cv::CC_STAT_AREA) < small) out(box).setTo(255, labels(box) == i);
  }
  return out;
}

}  // namespace

Canvas make_canvas(const cv::Mat& rgb, int side_max) {
  Canvas canvas;
  const double scale = std::min(1.0, static_cast<double>(side_max) / std::max(rgb.cols, rgb.rows));
  const cv::Size size(std::max(1, static_cast<int>(std::lround(rgb.cols * scale))),
                      std::max(1, static_cast<int>(std::lround(rgb.rows * scale))));
  if (size == rgb.size()) {
    canvas.rgb = rgb;
  } else {
    cv::resize(rgb, canvas.rgb, size, 0, 0, cv::INTER_AREA);
  }
  canvas.lab = lab_of(canvas.rgb);
  cv::Mat soft, dx, dy, sum;
  cv::GaussianBlur(canvas.lab, soft, cv::Size(3, 3), 0.8);
  cv::Sobel(soft, dx, CV_32F, 1, 0, 3, 0.125);
  cv::Sobel(soft, dy, CV_32F, 0, 1, 3, 0.125);
  const cv::Mat square = dx.mul(dx) + dy.mul(dy);
  cv::transform(square, sum, cv::Matx13f(1, 1, 1));
  cv::sqrt(sum, canvas.edge);
  return canvas;
}

cv::Mat keep_subject(const cv::Mat& mask) {
  cv::Mat opened, labels;
  cv::morphologyEx(mask, opened, cv::MORPH_OPEN, ellipse_kernel(3));
  const std::vector<Component> found = components_of(opened, labels);
  cv::Mat kept = cv::Mat::zeros(mask.size(), CV_8UC1);
  if (found.empty()) return kept;
  const Component& main =
      *std::max_element(found.begin(), found.end(), [](auto& a, auto& b) { return a.rank < b.rank; });
  for (const Component& c : found) {
    if (c.label == main.label || belongs(c, main, static_cast<int>(mask.total()))) {
      kept(c.box).setTo(255, labels(c.box) == c.label);
    }
  }
  return fill_small_holes(kept);
}

float overlap(const cv::Mat& a, const cv::Mat& b) {
  const int either = cv::countNonZero(a | b);
  return either == 0 ? 0.0f : static_cast<float>(cv::countNonZero(a & b)) / static_cast<float>(either);
}

float area_share(const cv::Mat& mask) {
  return static_cast<float>(cv::countNonZero(mask)) / static_cast<float>(mask.total());
}

cv::Mat ellipse_kernel(int diameter) {
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(diameter, diameter));
}

}  // namespace troupe::image::matte
