#include "image/motion.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>
#include <vector>

#include "image/mat.h"
#include "image/sift.h"

namespace troupe::image {
namespace {

constexpr int kTrackSide = 640;
constexpr int kPointsMin = 12;
constexpr double kNearShare = 0.62;  // rows below it are the floor before the camera

cv::Mat grey_at(const Image& picture, double scale) {
  cv::Mat grey, out;
  cv::cvtColor(view(picture), grey, cv::COLOR_RGBA2GRAY);
  cv::resize(grey, out, cv::Size(), scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

struct Tracks {
  std::vector<cv::Point2f> from, to;
};

std::vector<uchar> follow(const cv::Mat& a, const cv::Mat& b, const std::vector<cv::Point2f>& from,
                          std::vector<cv::Point2f>& to) {
  std::vector<uchar> found;
  std::vector<float> error;
  cv::calcOpticalFlowPyrLK(a, b, from, to, found, error, cv::Size(21, 21), 4);
  return found;
}

/// Corners that are found again, there and back.
Tracks track(const cv::Mat& a, const cv::Mat& b, const cv::Mat& where) {
  Tracks tracks;
  std::vector<cv::Point2f> corners, there, back;
  cv::goodFeaturesToTrack(a, corners, 800, 0.005, 6, where);
  if (corners.empty()) return tracks;
  const std::vector<uchar> found = follow(a, b, corners, there);
  const std::vector<uchar> again = follow(b, a, there, back);
  for (size_t i = 0; i < corners.size(); ++i) {
    const cv::Point2f off = back[i] - corners[i];
    if (!found[i] || !again[i] || std::hypot(off.x, off.y) > 1.0f) continue;
    tracks.from.push_back(corners[i]);
    tracks.to.push_back(there[i]);
  }
  return tracks;
}

/// Mean outward residual of near points less that of far ones.
float parallax_of(const Tracks& tracks, const cv::Matx23d& fit, cv::Size size) {
  const cv::Point2f middle(static_cast<float>(size.width) / 2, static_cast<float>(size.height) / 2);
  double near = 0, far = 0;
  int near_count = 0, far_count = 0;
  for (size_t i = 0; i < tracks.from.size(); ++i) {
    const cv::Point2f& p = tracks.from[i];
    const cv::Vec2d moved = fit * cv::Vec3d(p.x, p.y, 1);
    const cv::Point2f out = p - middle;
    const double reach = std::hypot(out.x, out.y);
    if (reach < 8) continue;
    const double outward =
        ((tracks.to[i].x - moved[0]) * out.x + (tracks.to[i].y - moved[1]) * out.y) / reach;
    const bool is_near = p.y > kNearShare * size.height;
    (is_near ? near : far) += outward;
    ++(is_near ? near_count : far_count);
  }
  if (near_count < 4 || far_count < 4) return 0;
  return static_cast<float>(near / near_count - far / far_count);
}

Similarity describe(const cv::Matx23d& fit, cv::Size size) {
  const double w = size.width, h = size.height;
  const cv::Vec2d middle = fit * cv::Vec3d(w / 2, h / 2, 1);
  Similarity out;
  out.x = static_cast<float>((middle[0] - w / 2) / w);
  out.y = static_cast<float>((middle[1] - h / 2) / h);
  out.log_scale = static_cast<float>(std::log(std::max(1e-6, std::hypot(fit(0, 0), fit(1, 0)))));
  out.rotation = static_cast<float>(std::atan2(fit(1, 0), fit(0, 0)));
  return out;
}

}  // namespace

std::optional<Similarity> estimate_motion(const Image& from, const Image& to, const Mask* ignore) {
  const double scale = static_cast<double>(kTrackSide) / from.width;
  const cv::Mat a = grey_at(from, scale), b = grey_at(to, scale);
  cv::Mat where;
  if (ignore) {
    cv::resize(view(*ignore), where, a.size(), 0, 0, cv::INTER_AREA);
    where = where < 128;
  }
  const Tracks tracks = track(a, b, where);
  if (tracks.from.size() < kPointsMin) return std::nullopt;
  std::vector<uchar> agrees;
  // The library's RANSAC draws from a generator of its own with a fixed seed.
  const cv::Mat fit =
      cv::estimateAffinePartial2D(tracks.from, tracks.to, agrees, cv::RANSAC, 3.0, 2000, 0.995);
  const int points = cv::countNonZero(agrees);
  if (fit.empty() || points < kPointsMin) return std::nullopt;
  Similarity out = describe(fit, a.size());
  out.parallax = parallax_of(tracks, fit, a.size());
  out.points = points;
  return out;
}

Match match_pictures(const Image& a, const Image& b) {
  const Features in_a = find_features(a, 2500), in_b = find_features(b, 2500);
  std::vector<cv::Point2f> from, to;
  pair_features(in_a, in_b, 0.75f, from, to);
  Match match;
  if (from.size() < 8) return match;
  cv::Mat agrees;
  const cv::Mat fit = cv::findHomography(from, to, cv::RANSAC, 4.0, agrees);
  if (fit.empty()) return match;
  match.inliers = cv::countNonZero(agrees);
  std::copy(fit.begin<double>(), fit.end<double>(), match.homography.begin());
  return match;
}

}  // namespace troupe::image
