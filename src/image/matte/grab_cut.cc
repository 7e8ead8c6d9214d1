#include "image/matte/grab_cut.h"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/imgproc/detail/gcgraph.hpp>
#include <vector>

#include "image/matte/colour_model.h"

namespace troupe::image::matte {
namespace {

constexpr size_t kSamplesMin = 24;      // five Gaussians are fitted to each side
constexpr float kSmoothness = 50;       // the paper's gamma
constexpr double kSettledShare = 5e-4;  // of the undecided pixels

/// Half of the eight neighbours: each pair of pixels is met once.
const std::array<cv::Point, 4> kNeighbours{cv::Point(-1, 0), cv::Point(-1, -1), cv::Point(0, -1),
                                           cv::Point(1, -1)};

float square_difference(const cv::Vec3b& a, const cv::Vec3b& b) {
  const float r = static_cast<float>(a[0]) - b[0], g = static_cast<float>(a[1]) - b[1],
              d = static_cast<float>(a[2]) - b[2];
  return r * r + g * g + d * d;
}

bool undecided(uint8_t label) { return label >= cv::GC_PR_BGD; }
bool in_front(uint8_t label) { return (label & 1) != 0; }

class Cut {
 public:
  Cut(const cv::Mat& rgb, const cv::Mat& labels)
      : rgb_(rgb), labels_(labels.clone()), node_(labels.size(), CV_32SC1) {
    for (int y = 0; y < labels_.rows; ++y) {
      for (int x = 0; x < labels_.cols; ++x) {
        node_.at<int>(y, x) = undecided(labels_.at<uint8_t>(y, x)) ? nodes_++ : -1;
      }
    }
    contrast_ = contrast();
  }

  bool learnable() {
    collect();
    return front_.size() >= kSamplesMin && back_.size() >= kSamplesMin;
  }

  void run(int rounds_max) {
    for (int round = 0; round < rounds_max && nodes_ > 0; ++round) {
      if (round > 0) collect();
      if (front_.size() < kSamplesMin || back_.size() < kSamplesMin) return;
      if (round == 0) {
        front_model_.learn(front_);
        back_model_.learn(back_);
      }
      front_model_.relearn(front_);
      back_model_.relearn(back_);
      if (relabel() < kSettledShare * nodes_) return;
    }
  }

  cv::Mat mask() const { return (labels_ & 1) * 255; }

 private:
  void collect() {
    front_.clear();
    back_.clear();
    for (int y = 0; y < labels_.rows; ++y) {
      for (int x = 0; x < labels_.cols; ++x) {
        (in_front(labels_.at<uint8_t>(y, x)) ? front_ : back_).push_back(rgb_.at<cv::Vec3b>(y, x));
      }
    }
  }

  /// The paper's beta: edges are measured against the mean difference of neighbours.
  float contrast() const {
    double sum = 0, count = 0;
    for (int y = 1; y < rgb_.rows; ++y) {
      for (int x = 1; x + 1 < rgb_.cols; ++x) {
        for (const cv::Point& step : kNeighbours) {
          sum += square_difference(rgb_.at<cv::Vec3b>(y, x), rgb_.at<cv::Vec3b>(y + step.y, x + step.x));
        }
        count += 4;
      }
    }
    return sum <= 0 ? 0.0f : static_cast<float>(count / (2 * sum));
  }

  float link(const cv::Point& a, const cv::Point& b) const {
    const float length = a.x != b.x && a.y != b.y ? std::sqrt(2.0f) : 1.0f;
    const float difference = square_difference(rgb_.at<cv::Vec3b>(a), rgb_.at<cv::Vec3b>(b));
    return kSmoothness / length * std::exp(-contrast_ * difference);
  }

  void connect(cv::detail::GCGraph<float>& graph, const cv::Point& a, const cv::Point& b) const {
    const int node_a = node_.at<int>(a), node_b = node_.at<int>(b);
    if (node_a < 0 && node_b < 0) return;
    const float weight = link(a, b);
    if (node_a >= 0 && node_b >= 0) {
      graph.addEdges(node_a, node_b, weight, weight);
      return;
    }
    // A decided neighbour pulls to its own side.
    const bool front = in_front(labels_.at<uint8_t>(node_a >= 0 ? b : a));
    graph.addTermWeights(node_a >= 0 ? node_a : node_b, front ? weight : 0, front ? 0 : weight);
  }

  /// One minimum cut. Returns how many pixels changed sides.
  int relabel() {
    cv::detail::GCGraph<float> graph(static_cast<unsigned>(nodes_), static_cast<unsigned>(nodes_) * 8);
    for (int i = 0; i < nodes_; ++i) graph.addVtx();
    for (int y = 0; y < labels_.rows; ++y) {
      for (int x = 0; x < labels_.cols; ++x) {
        const int node = node_.at<int>(y, x);
        if (node >= 0) {
          const auto& colour = rgb_.at<cv::Vec3b>(y, x);
          graph.addTermWeights(node, back_model_.cost(colour), front_model_.cost(colour));
        }
        for (const cv::Point& step : kNeighbours) {
          const cv::Point other(x + step.x, y + step.y);
          if (other.x >= 0 && other.y >= 0 && other.x < rgb_.cols) connect(graph, cv::Point(x, y), other);
        }
      }
    }
    graph.maxFlow();
    int changed = 0;
    for (int y = 0; y < labels_.rows; ++y) {
      for (int x = 0; x < labels_.cols; ++x) {
        const int node = node_.at<int>(y, x);
        if (node < 0) continue;
        auto& label = labels_.at<uint8_t>(y, x);
        const uint8_t now = graph.inSourceSegment(node) ? cv::GC_PR_FGD : cv::GC_PR_BGD;
        changed += label != now;
        label = now;
      }
    }
    return changed;
  }

  cv::Mat rgb_, labels_, node_;
  int nodes_ = 0;
  float contrast_ = 0;
  std::vector<cv::Vec3b> front_, back_;
  ColourModel front_model_, back_model_;
};

}  // namespace

cv::Mat grab_cut(const cv::Mat& rgb, const cv::Mat& labels, int rounds_max) {
  Cut cut(rgb, labels);
  if (!cut.learnable()) return {};
  cut.run(rounds_max);
  return cut.mask();
}

}  // namespace troupe::image::matte
