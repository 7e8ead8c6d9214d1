#include "image/matte/score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>

namespace troupe::image::matte {
namespace {

using Histogram = std::array<float, 8 * 10 * 10>;

Histogram colours_of(const cv::Mat& lab, const cv::Mat& where) {
  Histogram bins{};
  float count = 0;
  const auto bin = [](float value, float low, float width, int most) {
    return std::clamp(static_cast<int>((value - low) / width), 0, most);
  };
  for (int y = 0; y < lab.rows; ++y) {
    for (int x = 0; x < lab.cols; ++x) {
      if (!where.at<uint8_t>(y, x)) continue;
      const auto& v = lab.at<cv::Vec3f>(y, x);
      const int at = (bin(v[0], 0, 12.5f, 7) * 10 + bin(v[1], -50, 10, 9)) * 10 + bin(v[2], -50, 10, 9);
      bins[static_cast<size_t>(at)] += 1;
      count += 1;
    }
  }
  for (float& b : bins) b /= std::max(1.0f, count);
  return bins;
}

float separation(const Canvas& canvas, const cv::Mat& mask) {
  cv::Mat grown;
  cv::dilate(mask, grown, ellipse_kernel(15));
  const Histogram inside = colours_of(canvas.lab, mask), ring = colours_of(canvas.lab, grown & ~mask);
  float shared = 0;
  for (size_t i = 0; i < inside.size(); ++i) shared += std::sqrt(inside[i] * ring[i]);
  return std::sqrt(std::max(0.0f, 1.0f - shared));
}

struct Outline {
  float edge = 0;          // mean edge strength along it, 0 … 1
  float frame_side = 0;    // share of it on the top and the upper sides of the frame
  float frame_bottom = 0;  // share of it where half figures leave the frame: bottom and lower sides
  float compactness = 0;   // 1 for a disc
};

/// Strength that counts as a full edge: what only a tenth of the picture exceeds.
float strong_edge(const cv::Mat& edge) {
  std::vector<float> values(edge.begin<float>(), edge.end<float>());
  const auto at = values.begin() + static_cast<long>(values.size() * 9 / 10);
  std::nth_element(values.begin(), at, values.end());
  return std::max(*at, 1.5f);
}

Outline outline_of(const Canvas& canvas, const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  const float strong = strong_edge(canvas.edge);
  cv::Mat reach;
  cv::dilate(canvas.edge, reach, cv::Mat());  // the outline may sit a pixel off
  Outline out;
  float inner = 0, total = 0;
  double area = 0, length = 0;
  for (const auto& contour : contours) {
    area += cv::contourArea(contour);
    length += cv::arcLength(contour, true);
    for (const cv::Point& p : contour) {
      total += 1;
      if (p.y >= mask.rows - 1 || ((p.x == 0 || p.x == mask.cols - 1) && p.y > 0.6 * mask.rows)) {
        out.frame_bottom += 1;
      } else if (p.x == 0 || p.y == 0 || p.x == mask.cols - 1) {
        out.frame_side += 1;
      } else {
        inner += 1;
        out.edge += std::min(1.0f, reach.at<float>(p) / strong);
      }
    }
  }
  out.edge /= std::max(1.0f, inner);
  out.frame_side /= std::max(1.0f, total);
  out.frame_bottom /= std::max(1.0f, total);
  out.compactness = static_cast<float>(std::sqrt(4 * CV_PI * area) / std::max(1.0, length));
  return out;
}

float corners_taken(const cv::Mat& mask) {
  const int s = std::max(1, std::min(mask.cols, mask.rows) / 16), w = mask.cols, h = mask.rows;
  const float lower = 0.35f;  // a half figure may fill them
  const auto full = [&](int x, int y) {
    return static_cast<float>(cv::mean(mask(cv::Rect(x, y, s, s)))[0] / 255);
  };
  return (full(0, 0) + full(w - s, 0) + lower * (full(0, h - s) + full(w - s, h - s))) / (2 + 2 * lower);
}

float off_centre(const cv::Mat& mask) {
  const cv::Moments m = cv::moments(mask, true);
  if (m.m00 <= 0) return 1;
  const double dx = m.m10 / m.m00 / mask.cols - 0.5, dy = m.m01 / m.m00 / mask.rows - 0.52;
  return static_cast<float>(std::min(1.0, 2 * std::sqrt(dx * dx + 0.5 * dy * dy)));
}

}  // namespace

float looks_like_subject(const Canvas& canvas, const cv::Mat& mask) {
  const float area = area_share(mask);
  if (area < 0.002f || area > 0.97f) return -1;
  const Outline outline = outline_of(canvas, mask);
  const float octaves = std::log(area / 0.25f);
  const float size = std::exp(-0.5f * octaves * octaves / 0.9f);
  return 0.38f * separation(canvas, mask) + 0.32f * outline.edge + 0.12f * size +
         0.14f * outline.compactness - 0.5f * (outline.frame_side + 0.15f * outline.frame_bottom) -
         0.4f * corners_taken(mask) - 0.3f * off_centre(mask);
}

void rank(std::vector<Hypothesis>& hypotheses) {
  for (Hypothesis& one : hypotheses) {
    std::vector<float> agreement;
    for (const Hypothesis& other : hypotheses) {
      if (&other != &one) agreement.push_back(overlap(one.mask, other.mask));
    }
    std::sort(agreement.begin(), agreement.end(), std::greater<>());
    agreement.resize(3, 0.0f);
    one.score = one.looks + 0.25f * (agreement[0] + agreement[1] + agreement[2]) / 3 + one.bonus;
  }
}

float missing_face(const cv::Mat& mask, const std::vector<cv::Rect>& faces) {
  if (faces.empty()) return 0;
  const cv::Rect face = faces.front() & cv::Rect(0, 0, mask.cols, mask.rows);
  if (face.empty()) return 0;
  const auto covered = static_cast<float>(cv::mean(mask(face))[0] / 255);
  return 0.3f * std::clamp((0.8f - covered) / 0.4f, 0.0f, 1.0f);
}

}  // namespace troupe::image::matte
