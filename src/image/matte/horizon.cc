#include "image/matte/horizon.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "base/random.h"
#include "image/mat.h"

namespace troupe::image::matte {
namespace {

constexpr float kPriorRow = 0.46f;
constexpr float kPriorSpread = 0.2f;
constexpr int kBand = 14;              // rows of 120
constexpr float kStrongSplit = 14.0f;  // L*a*b* distance between the bands
constexpr float kVanishingShare = 0.32f;

struct Split {
  float row = kPriorRow;
  float strength = 0;  // colour distance between what is above and what is below
};

/// The row at which the colours above and below differ most, weighed by the prior.
Split strongest_split(const cv::Mat& rgb) {
  cv::Mat small, rows;
  cv::resize(rgb, small, cv::Size(160, 120), 0, 0, cv::INTER_AREA);
  cv::reduce(lab_of(small), rows, 1, cv::REDUCE_AVG);
  const auto mean = [&](int from) {
    const cv::Scalar m = cv::mean(rows.rowRange(from, from + kBand));
    return cv::Vec3f(static_cast<float>(m[0]), static_cast<float>(m[1]), static_cast<float>(m[2]));
  };
  Split best;
  float most = 0;
  for (int y = kBand; y + kBand <= rows.rows; ++y) {
    const float row = static_cast<float>(y) / static_cast<float>(rows.rows);
    const float off = (row - kPriorRow) / kPriorSpread;
    const auto strength = static_cast<float>(cv::norm(mean(y - kBand) - mean(y)));
    const float weighed = strength * std::exp(-0.5f * off * off);
    if (weighed > most) {
      most = weighed;
      best = {row, strength};
    }
  }
  return best;
}

struct Segment {
  cv::Vec3f line;  // homogeneous
  cv::Point2f middle, along;
  float length = 0;
};

/// Straight edges that recede: neither level nor upright, which say nothing of depth.
std::vector<Segment> receding_segments(const cv::Mat& grey) {
  std::vector<cv::Vec4f> found;
  cv::createLineSegmentDetector()->detect(grey, found);
  std::vector<Segment> out;
  for (const cv::Vec4f& s : found) {
    const cv::Point2f a(s[0], s[1]), b(s[2], s[3]), d = b - a;
    const float length = std::hypot(d.x, d.y);
    const float angle = std::atan2(std::abs(d.y), std::abs(d.x)) * 57.2958f;
    if (length < 0.05f * static_cast<float>(grey.cols) || angle < 8 || angle > 78) continue;
    out.push_back({cv::Vec3f(a.x, a.y, 1).cross(cv::Vec3f(b.x, b.y, 1)), (a + b) * 0.5f, d / length, length});
  }
  return out;
}

float length_towards(const std::vector<Segment>& segments, const cv::Point2f& point) {
  float sum = 0;
  for (const Segment& s : segments) {
    const cv::Point2f d = point - s.middle;
    const float off = std::abs(d.x * s.along.y - d.y * s.along.x);
    if (off < 0.035f * std::hypot(d.x, d.y)) sum += s.length;  // two degrees
  }
  return sum;
}

/// The row of the point that most receding lines run to.
std::optional<float> vanishing_row(const cv::Mat& rgb) {
  cv::Mat grey, small;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  const double scale = std::min(1.0, 480.0 / std::max(grey.cols, grey.rows));
  cv::resize(grey, small, cv::Size(), scale, scale, cv::INTER_AREA);
  const std::vector<Segment> segments = receding_segments(small);
  float total = 0;
  for (const Segment& s : segments) total += s.length;
  if (segments.size() < 10 || total < 1.5f * static_cast<float>(small.cols)) return std::nullopt;

  const auto width = static_cast<float>(small.cols), height = static_cast<float>(small.rows);
  Random random(1);
  float most = kVanishingShare * total, row = -1;
  for (int i = 0; i < 400; ++i) {
    const Segment& a = segments[static_cast<size_t>(random.below(static_cast<int>(segments.size())))];
    const Segment& b = segments[static_cast<size_t>(random.below(static_cast<int>(segments.size())))];
    if (std::abs(a.along.dot(b.along)) > 0.97f) continue;
    const cv::Vec3f p = a.line.cross(b.line);
    if (std::abs(p[2]) < 1e-6f) continue;
    const cv::Point2f point(p[0] / p[2], p[1] / p[2]);
    if (point.x < -0.3f * width || point.x > 1.3f * width || point.y < 0.1f * height ||
        point.y > 0.9f * height)
      continue;
    if (const float length = length_towards(segments, point); length > most) {
      most = length;
      row = point.y / height;
    }
  }
  return row < 0 ? std::nullopt : std::optional(row);
}

}  // namespace

Horizon find_horizon(const cv::Mat& rgb) {
  if (const auto row = vanishing_row(rgb)) return {*row, true};
  const Split split = strongest_split(rgb);
  const float trust = std::clamp(split.strength / 25.0f, 0.0f, 0.9f);
  return {trust * split.row + (1 - trust) * kPriorRow, split.strength > kStrongSplit};
}

}  // namespace troupe::image::matte
