// Between our pictures and OpenCV's. Inside this folder only.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "core/image.h"

namespace troupe::image {

/// Views share the picture's bytes; OpenCV has no const view, so never write through them.
inline cv::Mat view(const Image& picture) {
  return {picture.height, picture.width, CV_8UC4, const_cast<uint8_t*>(picture.rgba.data())};
}
inline cv::Mat view(const Mask& mask) {
  return {mask.height, mask.width, CV_8UC1, const_cast<uint8_t*>(mask.values.data())};
}

/// Copies; REQUIRES CV_8UC4 and CV_8UC1.
Image to_image(const cv::Mat& rgba);
Mask to_mask(const cv::Mat& values);

/// R,G,B without alpha, CV_8UC3.
cv::Mat rgb_of(const Image& picture);
/// The alpha plane, CV_8UC1.
cv::Mat alpha_of(const Image& picture);
bool is_opaque(const Image& picture);

/// CIE L*a*b* (L 0 … 100), CV_32FC3, of CV_8UC3 R,G,B.
cv::Mat lab_of(const cv::Mat& rgb);

/// For as long as it lives, this thread's OpenCV generator is in a fixed state: what draws from it (k-means,
/// RANSAC) gives the same answer every time. The state before comes back afterwards.
class FixedDraws {
 public:
  FixedDraws() : before_(cv::theRNG().state) { cv::theRNG().state = 0x5eed5eed5eedULL; }
  ~FixedDraws() { cv::theRNG().state = before_; }
  FixedDraws(const FixedDraws&) = delete;
  FixedDraws& operator=(const FixedDraws&) = delete;

 private:
  uint64_t before_;
};

}  // namespace troupe::image
