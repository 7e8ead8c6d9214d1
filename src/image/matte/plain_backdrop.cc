#include "image/matte/plain_backdrop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "image/matte/grab_cut.h"
#include "image/matte/line_art.h"

namespace troupe::image::matte {
namespace {

constexpr float kOnBackdrop = 6.0f;

using Terms = std::array<float, 6>;

Terms terms_at(int x, int y, cv::Size size) {
  const float u = 2.0f * (static_cast<float>(x) + 0.5f) / static_cast<float>(size.width) - 1.0f;
  const float v = 2.0f * (static_cast<float>(y) + 0.5f) / static_cast<float>(size.height) - 1.0f;
  return {1.0f, u, v, u * u, u * v, v * v};
}

std::vector<cv::Point> ring_of(cv::Size size) {
  const int thick = std::max(1, static_cast<int>(std::lround(0.03 * std::min(size.width, size.height))));
  std::vector<cv::Point> ring;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const int margin = std::min(std::min(x, size.width - 1 - x), std::min(y, size.height - 1 - y));
      if (margin < thick) ring.emplace_back(x, y);
    }
  }
  return ring;
}

cv::Vec3f off_fit(const cv::Mat& fit, const Terms& t, const cv::Vec3f& lab) {
  cv::Vec3f d = lab;
  for (int k = 0; k < 6; ++k) {
    for (int c = 0; c < 3; ++c) d[c] -= static_cast<float>(fit.at<double>(k, c)) * t[static_cast<size_t>(k)];
  }
  return d;
}

/// Coefficients (6 x 3) of the weighted normal equations.
cv::Mat solve_fit(const cv::Mat& lab, const std::vector<cv::Point>& ring, const std::vector<float>& weights) {
  cv::Mat left = cv::Mat::eye(6, 6, CV_64F) * 1e-4, right = cv::Mat::zeros(6, 3, CV_64F), fit;
  for (size_t i = 0; i < ring.size(); ++i) {
    const Terms t = terms_at(ring[i].x, ring[i].y, lab.size());
    const auto& value = lab.at<cv::Vec3f>(ring[i]);
    for (int a = 0; a < 6; ++a) {
      const double wa = weights[i] * t[static_cast<size_t>(a)];
      for (int b = 0; b < 6; ++b) left.at<double>(a, b) += wa * t[static_cast<size_t>(b)];
      for (int c = 0; c < 3; ++c) right.at<double>(a, c) += wa * value[c];
    }
  }
  cv::solve(left, right, fit, cv::DECOMP_SVD);
  return fit;
}

/// Reweighting lets the part of the ring that the subject covers drop out of the fit.
cv::Mat robust_fit(const cv::Mat& lab, const std::vector<cv::Point>& ring, std::vector<float>& distances) {
  std::vector<float> weights(ring.size(), 1.0f);
  distances.resize(ring.size());
  cv::Mat fit;
  for (int round = 0; round < 6; ++round) {
    fit = solve_fit(lab, ring, weights);
    for (size_t i = 0; i < ring.size(); ++i) {
      const Terms t = terms_at(ring[i].x, ring[i].y, lab.size());
      distances[i] = static_cast<float>(cv::norm(off_fit(fit, t, lab.at<cv::Vec3f>(ring[i]))));
      const float d = distances[i] / 4.0f;
      weights[i] = 1.0f / ((1.0f + d * d) * (1.0f + d * d));
    }
  }
  return fit;
}

/// A cast shadow is darker than the backdrop, has its colour and no edges of its own.
bool is_shadow(const cv::Vec3f& difference, float edge) {
  const float chroma = std::hypot(difference[1], difference[2]);
  return difference[0] < 0 && difference[0] > -42 && chroma < 5.5f && edge < 5.0f;
}

/// Shadows fall on the floor and fade. What is darker with a sharp outline and stands higher up is a part of
/// the subject in a backdrop's hue: grey hair, a grey shirt, anything in a grey picture.
void keep_sharp_parts(const Canvas& canvas, Backdrop& backdrop) {
  const cv::Mat off = backdrop.residual > backdrop.threshold;
  const cv::Rect bounds = cv::boundingRect(off);
  cv::Mat labels, stats, centres, edge;
  const int count = cv::connectedComponentsWithStats(backdrop.shadow & off, labels, stats, centres, 8);
  cv::dilate(canvas.edge, edge, ellipse_kernel(3));
  for (int i = 1; i < count; ++i) {
    const cv::Mat part = labels == i;
    if (centres.at<double>(i, 1) > bounds.y + 0.7 * bounds.height) continue;
    cv::Mat grown;
    cv::dilate(part, grown, ellipse_kernel(5));
    const cv::Mat rim = grown & ~part;
    const double contrast = cv::mean(backdrop.residual, part)[0];
    if (cv::mean(edge, rim)[0] > 0.22 * contrast) backdrop.shadow.setTo(0, part);
  }
}

cv::Mat flood_from_frame(const cv::Mat& open) {
  cv::Mat padded, mask;
  cv::copyMakeBorder(open, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, 255);
  cv::floodFill(padded, cv::Point(0, 0), 128);
  return padded(cv::Rect(1, 1, open.cols, open.rows)) == 128;
}

/// Closed mask of what is off the backdrop. Holes are filled unless they show the backdrop.
cv::Mat probable_subject(const cv::Mat& off, const Backdrop& backdrop) {
  cv::Mat closed;
  cv::morphologyEx(off, closed, cv::MORPH_CLOSE, ellipse_kernel(5));
  const cv::Mat holes = ~closed & ~flood_from_frame(~closed);
  return closed | (holes & (backdrop.residual > 0.6f * backdrop.threshold));
}

/// Round windows onto the backdrop are no gaps between limbs: the white of an eye, a button, a lens.
cv::Mat round_holes(const cv::Mat& subject) {
  cv::Mat filled = cv::Mat::zeros(subject.size(), CV_8UC1);
  std::vector<std::vector<cv::Point>> contours;
  std::vector<cv::Vec4i> nesting;
  cv::findContours(subject, contours, nesting, cv::RETR_CCOMP, cv::CHAIN_APPROX_NONE);
  const double area_max = 0.04 * cv::countNonZero(subject);
  for (size_t i = 0; i < contours.size(); ++i) {
    if (nesting[i][3] < 0) continue;  // an outline, not a hole in one
    const double area = cv::contourArea(contours[i]), around = cv::arcLength(contours[i], true);
    if (area < area_max && 4 * CV_PI * area > 0.65 * around * around) {
      cv::drawContours(filled, contours, static_cast<int>(i), 255, cv::FILLED);
    }
  }
  return filled;
}

cv::Mat seed_labels(const cv::Mat& subject, const Backdrop& backdrop) {
  cv::Mat labels(subject.size(), CV_8UC1, cv::GC_PR_BGD), sure;
  labels.setTo(cv::GC_PR_FGD, subject);
  cv::erode((backdrop.residual > 1.25f * backdrop.threshold) & ~backdrop.shadow & subject, sure,
            ellipse_kernel(5));
  labels.setTo(cv::GC_FGD, sure);
  const cv::Mat low = (backdrop.residual < 0.5f * backdrop.threshold) & ~subject;
  labels.setTo(cv::GC_BGD, low | (backdrop.shadow & ~subject));
  // The frame's own edge is backdrop where it looks like it.
  cv::Mat rim = cv::Mat::zeros(subject.size(), CV_8UC1);
  cv::rectangle(rim, cv::Rect(cv::Point(), subject.size()), 255, 1);
  labels.setTo(cv::GC_BGD, rim & ~subject);
  return labels;
}

/// Sets every pixel against the fit.
Backdrop compare(const Canvas& canvas, const cv::Mat& fit, float threshold) {
  Backdrop backdrop;
  backdrop.threshold = threshold;
  backdrop.flattened.create(canvas.size(), CV_8UC3);
  backdrop.residual.create(canvas.size(), CV_32FC1);
  backdrop.shadow.create(canvas.size(), CV_8UC1);
  for (int y = 0; y < canvas.size().height; ++y) {
    for (int x = 0; x < canvas.size().width; ++x) {
      const cv::Vec3f d = off_fit(fit, terms_at(x, y, canvas.size()), canvas.lab.at<cv::Vec3f>(y, x));
      for (int c = 0; c < 3; ++c) {
        backdrop.flattened.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<uint8_t>(128 + 2 * d[c]);
      }
      backdrop.residual.at<float>(y, x) = static_cast<float>(cv::norm(d));
      backdrop.shadow.at<uint8_t>(y, x) = is_shadow(d, canvas.edge.at<float>(y, x)) ? 255 : 0;
    }
  }
  keep_sharp_parts(canvas, backdrop);
  return backdrop;
}

}  // namespace

std::optional<Backdrop> fit_backdrop(const Canvas& canvas) {
  const std::vector<cv::Point> ring = ring_of(canvas.size());
  if (ring.size() < 32) return std::nullopt;
  std::vector<float> distances;
  const cv::Mat fit = robust_fit(canvas.lab, ring, distances);
  const auto on = std::count_if(distances.begin(), distances.end(), [](float d) { return d < kOnBackdrop; });
  if (static_cast<double>(on) < 0.8 * static_cast<double>(ring.size())) return std::nullopt;
  const auto middle = distances.begin() + static_cast<long>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return compare(canvas, fit, std::max(7.0f, 4.0f * *middle));
}

Hypothesis cut_from_backdrop(const Backdrop& backdrop) {
  Hypothesis found{CutOutMethod::plain, {}, 0.34f};
  const cv::Mat off = (backdrop.residual > backdrop.threshold) & ~backdrop.shadow;
  if (const cv::Mat drawing = fill_line_art(off); !drawing.empty()) {
    found.method = CutOutMethod::line_art;
    found.mask = keep_subject(drawing);
    return found;
  }
  const cv::Mat subject = probable_subject(off, backdrop);
  const cv::Mat cut = grab_cut(backdrop.flattened, seed_labels(subject, backdrop), 3);
  const cv::Mat eyes = round_holes(subject);
  found.mask = keep_subject((cut.empty() ? subject : cut) | eyes);
  return found;
}

}  // namespace troupe::image::matte
