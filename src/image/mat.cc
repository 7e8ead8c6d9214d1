#include "image/mat.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace troupe::image {

Image to_image(const cv::Mat& rgba) {
  Image picture(rgba.cols, rgba.rows);
  rgba.copyTo(view(picture));
  return picture;
}

Mask to_mask(const cv::Mat& values) {
  Mask mask(values.cols, values.rows);
  values.copyTo(view(mask));
  return mask;
}

cv::Mat rgb_of(const Image& picture) {
  cv::Mat rgb;
  cv::cvtColor(view(picture), rgb, cv::COLOR_RGBA2RGB);
  return rgb;
}

cv::Mat alpha_of(const Image& picture) {
  cv::Mat alpha;
  cv::extractChannel(view(picture), alpha, 3);
  return alpha;
}

bool is_opaque(const Image& picture) {
  for (size_t i = 3; i < picture.rgba.size(); i += 4) {
    if (picture.rgba[i] != 255) return false;
  }
  return true;
}

cv::Mat lab_of(const cv::Mat& rgb) {
  cv::Mat scaled, lab;
  rgb.convertTo(scaled, CV_32FC3, 1.0 / 255);
  cv::cvtColor(scaled, lab, cv::COLOR_RGB2Lab);
  return lab;
}

}  // namespace troupe::image
