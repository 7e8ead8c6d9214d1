// Detectors with fixed, embedded models.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace troupe::image::matte {

/// Frontal faces (Viola-Jones cascade), largest first, in pixels of `rgb` (CV_8UC3).
std::vector<cv::Rect> find_faces(const cv::Mat& rgb);

struct Person {
  cv::Rect box;      ///< about head to feet
  float weight = 0;  ///< the detector's margin; over 0.6 is a person nearly always
};
/// The surest standing figure (Dalal and Triggs 2005), if any.
std::optional<Person> find_person(const cv::Mat& rgb);

}  // namespace troupe::image::matte
