// Pictures made in code for the tests of this folder: the true outline of what is in them is known.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>

#include "base/random.h"
#include "image/mat.h"

namespace troupe::image::test {

inline cv::Mat noise(cv::Size size, cv::Size cells, uint64_t seed) {
  Random random(seed);
  cv::Mat grid(std::max(1, cells.height), std::max(1, cells.width), CV_32FC3), out;
  for (auto it = grid.begin<cv::Vec3f>(); it != grid.end<cv::Vec3f>(); ++it) {
    *it = cv::Vec3f(random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1));
  }
  cv::resize(grid, out, size, 0, 0, cv::INTER_CUBIC);
  return out;
}

/// A wall: one colour, uneven light, sensor noise.
inline cv::Mat wall(cv::Size size, cv::Scalar colour) {
  cv::Mat out(size, CV_32FC3, colour);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const float light = 1.0f - 0.12f * static_cast<float>(x) / static_cast<float>(size.width) -
                          0.08f * static_cast<float>(y) / static_cast<float>(size.height);
      out.at<cv::Vec3f>(y, x) *= light;
    }
  }
  return out + 2.0 * noise(size, size / 2, 5);
}

/// Foliage, or anything else that is busy: three scales of green-brown noise.
inline cv::Mat thicket(cv::Size size) {
  const cv::Mat out = cv::Mat(size, CV_32FC3, cv::Scalar(70, 105, 60)) + 22 * noise(size, {9, 7}, 1) +
                      20 * noise(size, {40, 30}, 2) + 14 * noise(size, size / 4, 3);
  return out;
}

/// Stones in a heap: corners everywhere, no two places alike.
inline cv::Mat rubble(cv::Size size, uint64_t seed = 9) {
  Random random(seed);
  cv::Mat out(size, CV_32FC3, cv::Scalar(120, 115, 105));
  for (int i = 0; i < 700; ++i) {
    const cv::Point2f at(random.uniform(0, 1) * static_cast<float>(size.width),
                         random.uniform(0, 1) * static_cast<float>(size.height));
    const cv::RotatedRect stone(at, cv::Size2f(random.uniform(6, 30), random.uniform(6, 30)),
                                random.uniform(0, 90));
    cv::Point2f corner[4];
    stone.points(corner);
    const std::vector<cv::Point> shape(corner, corner + 4);
    const float light = random.uniform(40, 220);
    cv::fillConvexPoly(out, shape, cv::Scalar(light, light * 0.95, light * random.uniform(0.7f, 1.0f)));
  }
  cv::GaussianBlur(out, out, cv::Size(), 0.7);
  return out;
}

/// The outline of a standing figure: head, trunk, arms, two legs. `height` in pixels, feet at `foot`.
inline cv::Mat figure_outline(cv::Size size, cv::Point foot, int height) {
  cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
  const auto at = [&](double x, double y) {
    return cv::Point(foot.x + static_cast<int>(std::lround(x * height)),
                     foot.y - static_cast<int>(std::lround(y * height)));
  };
  const auto limb = [&](cv::Point a, cv::Point b, double thick) {
    cv::line(mask, a, b, 255, static_cast<int>(std::lround(thick * height)));
  };
  cv::ellipse(mask, at(0, 0.91), cv::Size(height * 8 / 100, height * 9 / 100), 0, 0, 360, 255, cv::FILLED);
  limb(at(0, 0.84), at(0, 0.72), 0.08);
  cv::rectangle(mask, at(-0.13, 0.79), at(0.13, 0.45), 255, cv::FILLED);
  limb(at(-0.12, 0.76), at(-0.22, 0.46), 0.07);
  limb(at(0.12, 0.76), at(0.22, 0.46), 0.07);
  limb(at(-0.07, 0.48), at(-0.09, 0.03), 0.10);
  limb(at(0.07, 0.48), at(0.09, 0.03), 0.10);
  return mask;
}

/// A dressed figure: skin, a patterned red coat, blue trousers.
inline cv::Mat dress(cv::Size size, cv::Point foot, int height) {
  cv::Mat out(size, CV_32FC3, cv::Scalar(214, 160, 130));
  for (int y = 0; y < size.height; ++y) {
    const double level = static_cast<double>(foot.y - y) / height;
    if (level > 0.8) continue;
    const bool stripe = (y / std::max(2, height / 40)) % 2 == 0;
    const cv::Scalar coat = stripe ? cv::Scalar(190, 40, 45) : cv::Scalar(150, 25, 40);
    out.row(y).setTo(level > 0.45 ? coat : cv::Scalar(38, 52, 120));
  }
  return out + 6 * noise(size, size / 6, 4);
}

struct Scene {
  Image picture;
  cv::Mat truth;  ///< 255 on the subject
};

/// Lays `front` over `back` along `truth`, with edges as soft as a lens makes them.
inline Scene compose(const cv::Mat& back, const cv::Mat& front, const cv::Mat& truth) {
  cv::Mat soft, rgb, rgba;
  cv::GaussianBlur(truth, soft, cv::Size(), 0.8);
  cv::Mat mixed(back.size(), CV_32FC3);
  for (int y = 0; y < back.rows; ++y) {
    for (int x = 0; x < back.cols; ++x) {
      const float a = static_cast<float>(soft.at<uint8_t>(y, x)) / 255;
      mixed.at<cv::Vec3f>(y, x) = front.at<cv::Vec3f>(y, x) * a + back.at<cv::Vec3f>(y, x) * (1 - a);
    }
  }
  mixed.convertTo(rgb, CV_8UC3);
  cv::cvtColor(rgb, rgba, cv::COLOR_RGB2RGBA);
  return {to_image(rgba), truth};
}

inline Scene figure_before(const cv::Mat& back, cv::Point foot, int height) {
  return compose(back, dress(back.size(), foot, height), figure_outline(back.size(), foot, height));
}

/// A pool of shade on the floor around `foot`.
inline cv::Mat shaded(const cv::Mat& back, cv::Point foot, cv::Size reach) {
  cv::Mat shade = cv::Mat::zeros(back.size(), CV_32FC1), out(back.size(), CV_32FC3);
  cv::ellipse(shade, foot, reach, 0, 0, 360, 0.4, cv::FILLED);
  cv::GaussianBlur(shade, shade, cv::Size(), reach.height / 2.0);
  for (int y = 0; y < back.rows; ++y) {
    for (int x = 0; x < back.cols; ++x) {
      out.at<cv::Vec3f>(y, x) = back.at<cv::Vec3f>(y, x) * (1 - shade.at<float>(y, x));
    }
  }
  return out;
}

inline Image flat(int width, int height, uint8_t r, uint8_t g, uint8_t b, uint8_t a = 255) {
  Image out(width, height);
  view(out).setTo(cv::Scalar(r, g, b, a));
  return out;
}

/// Intersection over union of a picture's alpha and the truth.
inline double iou(const Image& cut, const cv::Mat& truth) {
  const cv::Mat mask = alpha_of(cut) > 127;
  return static_cast<double>(cv::countNonZero(mask & truth)) / std::max(1, cv::countNonZero(mask | truth));
}

}  // namespace troupe::image::test
