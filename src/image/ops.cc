#include "image/ops.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "image/mat.h"

namespace troupe::image {
namespace {

/// Colour times alpha in 16 bits: 255 * 255 fits, so nothing is lost on the way there.
cv::Mat premultiply(const Image& picture) {
  cv::Mat out(picture.height, picture.width, CV_16UC4);
  const uint8_t* from = picture.rgba.data();
  auto* to = out.ptr<uint16_t>();
  for (size_t i = 0; i < picture.rgba.size(); i += 4) {
    const int alpha = from[i + 3];
    for (size_t c = 0; c < 3; ++c) to[i + c] = static_cast<uint16_t>(from[i + c] * alpha);
    to[i + 3] = static_cast<uint16_t>(255 * alpha);
  }
  return out;
}

Image unpremultiply(const cv::Mat& premultiplied) {
  Image out(premultiplied.cols, premultiplied.rows);
  const auto* from = premultiplied.ptr<uint16_t>();
  for (size_t i = 0; i < out.rgba.size(); i += 4) {
    const uint32_t alpha = from[i + 3];
    if (alpha == 0) continue;
    for (size_t c = 0; c < 3; ++c) {
      out.rgba[i + c] = static_cast<uint8_t>(std::min(255u, (from[i + c] * 255u + alpha / 2) / alpha));
    }
    out.rgba[i + 3] = static_cast<uint8_t>(std::min(255u, (alpha + 127) / 255));
  }
  return out;
}

/// Area averaging shrinks without aliasing but grows in blocks, Lanczos the other way round: where one side
/// shrinks and the other grows, each gets its own step.
cv::Mat resize(const cv::Mat& from, int width, int height) {
  const cv::Size shrunk(std::min(width, from.cols), std::min(height, from.rows));
  cv::Mat small = from, out;
  if (shrunk != from.size()) cv::resize(from, small, shrunk, 0, 0, cv::INTER_AREA);
  if (shrunk == cv::Size(width, height)) return small;
  cv::resize(small, out, cv::Size(width, height), 0, 0, cv::INTER_LANCZOS4);
  return out;
}

/// A wide Gaussian has no fine detail: it is made on a smaller picture, where it costs a fraction.
cv::Mat blur(const cv::Mat& from, float sigma) {
  constexpr float kDirectSigmaMax = 8.0f;
  if (sigma <= kDirectSigmaMax) {
    cv::Mat out;
    cv::GaussianBlur(from, out, cv::Size(), sigma, sigma, cv::BORDER_REPLICATE);
    return out;
  }
  const int width = std::max(1, static_cast<int>(std::lround(from.cols * 4.0f / sigma)));
  const int height = std::max(1, static_cast<int>(std::lround(from.rows * 4.0f / sigma)));
  const float step = sigma / 4.0f;
  // Averaging over step x step pixels is itself a blur of variance (step² - 1) / 12.
  const float rest = std::sqrt(sigma * sigma - (step * step - 1.0f) / 12.0f) / step;
  cv::Mat small, out;
  cv::resize(from, small, cv::Size(width, height), 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(small, small, cv::Size(), rest, rest, cv::BORDER_REPLICATE);
  cv::resize(small, out, from.size(), 0, 0, cv::INTER_CUBIC);
  return out;
}

}  // namespace

Image resize(const Image& picture, int width, int height) {
  if (picture.width == width && picture.height == height) return picture;
  if (is_opaque(picture)) return to_image(resize(view(picture), width, height));
  return unpremultiply(resize(premultiply(picture), width, height));
}

Mask resize(const Mask& mask, int width, int height) { return to_mask(resize(view(mask), width, height)); }

Image cover(const Image& picture, FrameSize size) {
  const double scale = std::max(static_cast<double>(size.width) / picture.width,
                                static_cast<double>(size.height) / picture.height);
  const int width = std::clamp(static_cast<int>(std::lround(size.width / scale)), 1, picture.width);
  const int height = std::clamp(static_cast<int>(std::lround(size.height / scale)), 1, picture.height);
  if (width == picture.width && height == picture.height) return resize(picture, size.width, size.height);
  return resize(crop(picture, (picture.width - width) / 2, (picture.height - height) / 2, width, height),
                size.width, size.height);
}

Image blur(const Image& picture, float sigma) {
  if (is_opaque(picture)) return to_image(blur(view(picture), sigma));
  return unpremultiply(blur(premultiply(picture), sigma));
}

Mask blur(const Mask& mask, float sigma) { return to_mask(blur(view(mask), sigma)); }

Image crop(const Image& picture, int x, int y, int width, int height) {
  Image out(width, height);
  const cv::Rect inside = cv::Rect(x, y, width, height) & cv::Rect(0, 0, picture.width, picture.height);
  if (!inside.empty()) view(picture)(inside).copyTo(view(out)(inside - cv::Point(x, y)));
  return out;
}

Image mirror(const Image& picture) {
  cv::Mat out;
  cv::flip(view(picture), out, 1);
  return to_image(out);
}

std::vector<float> distance_inside(const Mask& mask) {
  std::vector<float> distance(mask.values.size());
  cv::Mat out(mask.height, mask.width, CV_32FC1, distance.data());
  const cv::Mat set = view(mask) >= 128;
  if (cv::countNonZero(set) == static_cast<int>(set.total())) {
    out.setTo(static_cast<float>(mask.width + mask.height));
    return distance;
  }
  cv::distanceTransform(set, out, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  return distance;
}

}  // namespace troupe::image
