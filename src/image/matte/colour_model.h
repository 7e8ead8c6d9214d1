// The colours of one side of a cut.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace troupe::image::matte {

/// A mixture of five Gaussians over R,G,B. Value. REQUIRES learn() before cost().
class ColourModel {
 public:
  static constexpr int kParts = 5;

  /// Fits to `samples` (at least kParts), first grouping a part of them by k-means.
  void learn(const std::vector<cv::Vec3b>& samples);
  /// Fits again, each sample to the part it belongs to now.
  void relearn(const std::vector<cv::Vec3b>& samples);
  /// -log of the density.
  float cost(const cv::Vec3b& colour) const;

 private:
  struct Part {
    float weight = 0;  // of the mixture, times the Gaussian's normalisation
    cv::Vec3f mean;
    cv::Matx33f inverse;
  };
  void fit(const std::vector<cv::Vec3b>& samples, const std::vector<uint8_t>& part_of);
  int nearest(const cv::Vec3b& colour) const;

  std::array<Part, kParts> parts_;
};

}  // namespace troupe::image::matte
