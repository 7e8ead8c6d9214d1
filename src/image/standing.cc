#include "image/standing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "image/mat.h"

namespace troupe::image {
namespace {

constexpr int kRows = 160;
constexpr int kClusters = 4;
constexpr int kFeatures = 4;          // L, a, b, verticality
constexpr float kEvidenceMax = 4;     // of one pixel, so that no single one decides
constexpr float kEvidenceMin = 1.5f;  // a pixel, on average, for a foot to count
constexpr float kColorMax = 14;       // Lab distance between the thing at the horizon and at its foot
constexpr float kStepCost = 0.9f;     // for a row of difference between neighbours
constexpr int kStepMax = 14;          // rows past which a jump costs no more
constexpr int kNarrowest = 2;         // columns a thing must be wide
constexpr float kLowestFoot = 0.97f;

// A mixture of Gaussians with diagonal spread, equal weights.
class ColorModel {
 public:
  explicit ColorModel(const cv::Mat& samples) {
    cv::Mat labels;
    const FixedDraws fixed;
    cv::kmeans(samples, kClusters, labels, cv::TermCriteria(cv::TermCriteria::COUNT, 12, 0), 2,
               cv::KMEANS_PP_CENTERS, centres_);
    spread_ = cv::Mat(kClusters, kFeatures, CV_32F, cv::Scalar(0));
    std::array<float, kClusters> count{};
    for (int i = 0; i < samples.rows; ++i) {
      const int k = labels.at<int>(i);
      count[static_cast<size_t>(k)] += 1;
      for (int f = 0; f < kFeatures; ++f) {
        const float d = samples.at<float>(i, f) - centres_.at<float>(k, f);
        spread_.at<float>(k, f) += d * d;
      }
    }
    for (int k = 0; k < kClusters; ++k) {
      for (int f = 0; f < kFeatures; ++f) {
        float& v = spread_.at<float>(k, f);
        v = std::max(9.0f, v / std::max(1.0f, count[static_cast<size_t>(k)]));
      }
    }
  }

  // Logarithm of the density, up to a constant.
  float log_density(const float* x) const {
    float best = -1e9f;
    for (int k = 0; k < kClusters; ++k) {
      float sum = 0;
      for (int f = 0; f < kFeatures; ++f) {
        const float d = x[f] - centres_.at<float>(k, f), v = spread_.at<float>(k, f);
        sum -= 0.5f * (d * d / v + std::log(v));
      }
      best = std::max(best, sum);
    }
    return best;
  }

 private:
  cv::Mat centres_, spread_;
};

// Lab and how much edges run up rather than across, kRows x kStandingColumns.
cv::Mat features_of(const Image& picture) {
  cv::Mat small;
  cv::resize(rgb_of(picture), small, {kStandingColumns, kRows}, 0, 0, cv::INTER_AREA);
  const cv::Mat lab = lab_of(small);
  cv::Mat grey, across, down;
  cv::extractChannel(lab, grey, 0);
  cv::Sobel(grey, across, CV_32F, 1, 0);
  cv::Sobel(grey, down, CV_32F, 0, 1);
  cv::Mat vertical = cv::abs(across) - cv::abs(down);
  cv::GaussianBlur(vertical, vertical, {0, 0}, 2);
  cv::Mat out;
  cv::merge(std::vector<cv::Mat>{lab, 0.5f * vertical}, out);
  return out;
}

cv::Mat samples_of(const cv::Mat& features, int begin, int end) {
  return features.rowRange(begin, end).clone().reshape(1, (end - begin) * features.cols);
}

// For each pixel under the horizon: > 0 where it is like what stands above rather than like the ground.
cv::Mat evidence_of(const cv::Mat& features, int horizon) {
  const ColorModel above(samples_of(features, std::max(0, horizon - kRows / 4), horizon - 2));
  const ColorModel ground(samples_of(features, kRows * 17 / 20, kRows));
  cv::Mat evidence(kRows, kStandingColumns, CV_32F, cv::Scalar(0));
  for (int y = horizon; y < kRows; ++y) {
    for (int x = 0; x < kStandingColumns; ++x) {
      const float* f = features.ptr<float>(y, x);
      const float ratio = above.log_density(f) - ground.log_density(f);
      evidence.at<float>(y, x) = std::clamp(ratio, -kEvidenceMax, kEvidenceMax);
    }
  }
  return evidence;
}

// The row of each column's foot that explains the evidence best with few jumps between neighbours.
std::vector<int> best_feet(const cv::Mat& evidence, int horizon) {
  const int last = static_cast<int>(kLowestFoot * kRows), states = last - horizon + 1;
  const auto index = [&](int x, int s) {
    return static_cast<size_t>(x) * static_cast<size_t>(states) + static_cast<size_t>(s);
  };
  std::vector<float> gain(static_cast<size_t>(kStandingColumns) * static_cast<size_t>(states));
  std::vector<int> from(gain.size());
  for (int x = 0; x < kStandingColumns; ++x) {
    float sum = 0;
    for (int s = 0; s < states; ++s) {
      if (s > 0) sum += evidence.at<float>(horizon + s - 1, x);
      float best = 0;
      int best_from = s;
      if (x > 0) {
        best = -1e9f;
        for (int p = 0; p < states; ++p) {
          const float cost = kStepCost * static_cast<float>(std::min(std::abs(p - s), kStepMax));
          if (gain[index(x - 1, p)] - cost > best) {
            best = gain[index(x - 1, p)] - cost;
            best_from = p;
          }
        }
      }
      gain[index(x, s)] = best + sum;
      from[index(x, s)] = best_from;
    }
  }
  std::vector<int> feet(kStandingColumns);
  const auto end = gain.end() - states;
  int s = static_cast<int>(std::max_element(end, gain.end()) - end);
  for (int x = kStandingColumns - 1; x >= 0; --x) {
    feet[static_cast<size_t>(x)] = horizon + s;
    s = from[index(x, s)];
  }
  return feet;
}

cv::Vec3f mean_color(const cv::Mat& features, int x, int begin, int end) {
  cv::Vec3f sum(0, 0, 0);
  begin = std::max(0, begin);
  for (int y = begin; y < end; ++y) {
    const float* f = features.ptr<float>(y, x);
    sum += cv::Vec3f(f[0], f[1], f[2]);
  }
  return sum * (1.0f / static_cast<float>(std::max(1, end - begin)));
}

bool convincing(const cv::Mat& features, const cv::Mat& evidence, int x, int horizon, int foot) {
  if (foot <= horizon + 2) return false;
  float sum = 0;
  for (int y = horizon; y < foot; ++y) sum += evidence.at<float>(y, x);
  if (sum < kEvidenceMin * static_cast<float>(foot - horizon)) return false;
  const int span = kRows / 16;
  const auto up = mean_color(features, x, horizon - span, horizon);
  const auto low = mean_color(features, x, std::max(horizon, foot - span), foot);
  return cv::norm(up - low) < kColorMax;
}

void drop_narrow(std::vector<bool>& stands) {
  for (size_t begin = 0; begin < stands.size();) {
    size_t end = begin;
    while (end < stands.size() && stands[end] == stands[begin]) ++end;
    if (stands[begin] && end - begin < static_cast<size_t>(kNarrowest)) {
      std::fill(stands.begin() + static_cast<ptrdiff_t>(begin), stands.begin() + static_cast<ptrdiff_t>(end),
                false);
    }
    begin = end;
  }
}

}  // namespace

std::vector<float> standing_rows(const Image& picture, float horizon) {
  std::vector<float> rows(kStandingColumns, horizon);
  const int line = static_cast<int>(std::lround(horizon * kRows));
  // Without some picture above the horizon and some ground below there is nothing to compare.
  if (line < kRows / 12 || line > kRows * 3 / 4) return rows;
  try {
    const cv::Mat features = features_of(picture);
    const cv::Mat evidence = evidence_of(features, line);
    const std::vector<int> feet = best_feet(evidence, line);
    std::vector<bool> stands(kStandingColumns);
    for (int x = 0; x < kStandingColumns; ++x) {
      stands[static_cast<size_t>(x)] = convincing(features, evidence, x, line, feet[static_cast<size_t>(x)]);
    }
    drop_narrow(stands);
    for (size_t x = 0; x < rows.size(); ++x) {
      if (stands[x]) rows[x] = (static_cast<float>(feet[x]) + 0.5f) / kRows;
    }
  } catch (const cv::Exception&) {  // out of memory: flat ground is always right enough
    rows.assign(kStandingColumns, horizon);
  }
  return rows;
}

}  // namespace troupe::image
