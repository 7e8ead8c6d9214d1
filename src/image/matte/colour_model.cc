#include "image/matte/colour_model.h"

#include <algorithm>
#include <cmath>

#include "image/mat.h"

namespace troupe::image::matte {
namespace {

constexpr size_t kGroupedMax = 3000;    // samples that k-means sees
constexpr double kVarianceFloor = 1.0;  // flat pictures have none of their own

float exponent(const cv::Matx33f& inverse, const cv::Vec3f& d) {
  return 0.5f * (d[0] * (inverse(0, 0) * d[0] + 2 * (inverse(0, 1) * d[1] + inverse(0, 2) * d[2])) +
                 d[1] * (inverse(1, 1) * d[1] + 2 * inverse(1, 2) * d[2]) + d[2] * inverse(2, 2) * d[2]);
}

cv::Vec3f to_float(const cv::Vec3b& c) {
  return {static_cast<float>(c[0]), static_cast<float>(c[1]), static_cast<float>(c[2])};
}

}  // namespace

void ColourModel::learn(const std::vector<cv::Vec3b>& samples) {
  const size_t step = std::max<size_t>(1, samples.size() / kGroupedMax);
  cv::Mat chosen;
  for (size_t i = 0; i < samples.size(); i += step) chosen.push_back(cv::Mat(to_float(samples[i])).t());
  cv::Mat group, centres;
  const FixedDraws fixed;
  cv::kmeans(chosen, kParts, group, cv::TermCriteria(cv::TermCriteria::MAX_ITER, 8, 0), 1,
             cv::KMEANS_PP_CENTERS, centres);
  std::vector<uint8_t> part_of(samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    const cv::Vec3f colour = to_float(samples[i]);
    float least = 1e30f;
    for (int k = 0; k < kParts; ++k) {
      const cv::Vec3f d = colour - cv::Vec3f(centres.ptr<float>(k));
      if (d.dot(d) < least) {
        least = d.dot(d);
        part_of[i] = static_cast<uint8_t>(k);
      }
    }
  }
  fit(samples, part_of);
}

void ColourModel::relearn(const std::vector<cv::Vec3b>& samples) {
  std::vector<uint8_t> part_of(samples.size());
  for (size_t i = 0; i < samples.size(); ++i) part_of[i] = static_cast<uint8_t>(nearest(samples[i]));
  fit(samples, part_of);
}

void ColourModel::fit(const std::vector<cv::Vec3b>& samples, const std::vector<uint8_t>& part_of) {
  struct Sums {
    double count = 0;
    cv::Vec3d first;
    cv::Matx33d second = cv::Matx33d::zeros();
  };
  std::array<Sums, kParts> sums;
  for (size_t i = 0; i < samples.size(); ++i) {
    Sums& s = sums[part_of[i]];
    const cv::Vec3d c(samples[i][0], samples[i][1], samples[i][2]);
    s.count += 1;
    s.first += c;
    for (int a = 0; a < 3; ++a) {
      for (int b = a; b < 3; ++b) s.second(a, b) += c[a] * c[b];
    }
  }
  for (size_t k = 0; k < sums.size(); ++k) {
    const Sums& s = sums[k];
    parts_[k] = Part{0, {}, cv::Matx33f::eye()};
    if (s.count < 1) continue;
    const cv::Vec3d mean = s.first / s.count;
    cv::Matx33d spread;
    for (int a = 0; a < 3; ++a) {
      for (int b = a; b < 3; ++b) {
        spread(a, b) = spread(b, a) =
            s.second(a, b) / s.count - mean[a] * mean[b] + (a == b ? kVarianceFloor : 0);
      }
    }
    const double share = s.count / static_cast<double>(samples.size());
    parts_[k].weight = static_cast<float>(share / std::sqrt(std::max(1e-6, cv::determinant(spread))));
    parts_[k].mean = mean;
    parts_[k].inverse = spread.inv(cv::DECOMP_SVD);
  }
}

int ColourModel::nearest(const cv::Vec3b& colour) const {
  int best = 0;
  float most = -1;
  for (int k = 0; k < kParts; ++k) {
    const Part& part = parts_[static_cast<size_t>(k)];
    const float density = part.weight * std::exp(-exponent(part.inverse, to_float(colour) - part.mean));
    if (density > most) {
      most = density;
      best = k;
    }
  }
  return best;
}

float ColourModel::cost(const cv::Vec3b& colour) const {
  float density = 0;
  for (const Part& part : parts_) {
    if (part.weight > 0) {
      density += part.weight * std::exp(-exponent(part.inverse, to_float(colour) - part.mean));
    }
  }
  // A colour that no part explains is improbable, not impossible.
  return -std::log(density + 1e-16f);
}

}  // namespace troupe::image::matte
