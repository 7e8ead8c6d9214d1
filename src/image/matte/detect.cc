#include "image/matte/detect.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <string>
#include <tuple>

extern "C" {
extern const unsigned char troupe_haar_frontal_face[];
extern const unsigned char troupe_haar_frontal_face_end[];
}

namespace troupe::image::matte {
namespace {

constexpr int kSearchSide = 480;

/// `rgb` in grey with a long side of at most `side`; `scale` maps a result back.
cv::Mat search_plane(const cv::Mat& rgb, int side, double& scale) {
  cv::Mat grey, small;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  scale = std::max(1.0, static_cast<double>(std::max(rgb.cols, rgb.rows)) / side);
  if (scale == 1.0) return grey;
  cv::resize(grey, small, cv::Size(), 1 / scale, 1 / scale, cv::INTER_AREA);
  return small;
}

cv::Rect scaled(const cv::Rect& r, double scale) {
  return {static_cast<int>(std::lround(r.x * scale)), static_cast<int>(std::lround(r.y * scale)),
          static_cast<int>(std::lround(r.width * scale)), static_cast<int>(std::lround(r.height * scale))};
}

cv::CascadeClassifier load_cascade() {
  const auto* begin = reinterpret_cast<const char*>(troupe_haar_frontal_face);
  const auto* end = reinterpret_cast<const char*>(troupe_haar_frontal_face_end);
  const cv::FileStorage file(std::string(begin, end), cv::FileStorage::READ | cv::FileStorage::MEMORY);
  cv::CascadeClassifier cascade;
  cascade.read(file.getFirstTopLevelNode());
  return cascade;
}

}  // namespace

std::vector<cv::Rect> find_faces(const cv::Mat& rgb) {
  double scale = 1;
  cv::Mat grey = search_plane(rgb, kSearchSide, scale);
  const int side_min = std::max(20, std::max(grey.cols, grey.rows) / 20);
  if (std::min(grey.cols, grey.rows) < side_min) return {};
  cv::equalizeHist(grey, grey);
  cv::CascadeClassifier cascade = load_cascade();
  std::vector<cv::Rect> faces;
  cascade.detectMultiScale(grey, faces, 1.1, 5, 0, cv::Size(side_min, side_min));
  // The detector's workers report in any order.
  std::sort(faces.begin(), faces.end(), [](const cv::Rect& a, const cv::Rect& b) {
    return std::tuple(-a.area(), a.y, a.x) < std::tuple(-b.area(), b.y, b.x);
  });
  for (cv::Rect& face : faces) face = scaled(face, scale);
  return faces;
}

std::optional<Person> find_person(const cv::Mat& rgb) {
  double scale = 1;
  const cv::Mat grey = search_plane(rgb, 288, scale);
  cv::HOGDescriptor detector;
  if (grey.cols < detector.winSize.width || grey.rows < detector.winSize.height) return std::nullopt;
  detector.setSVMDetector(cv::HOGDescriptor::getDefaultPeopleDetector());
  std::vector<cv::Rect> boxes;
  std::vector<double> weights;
  detector.detectMultiScale(grey, boxes, weights, 0.0, cv::Size(8, 8), cv::Size(), 1.06, 2.0);
  std::optional<Person> best;
  for (size_t i = 0; i < boxes.size(); ++i) {
    // The window has a margin of an eighth around the figure.
    const cv::Rect box(boxes[i].x + boxes[i].width / 8, boxes[i].y + boxes[i].height / 16,
                       boxes[i].width * 3 / 4, boxes[i].height * 7 / 8);
    const auto weight = static_cast<float>(std::round(weights[i] * 1e4) / 1e4);
    const Person found{scaled(box, scale), weight};
    const auto rank = [](const Person& p) { return std::tuple(p.weight, p.box.area(), p.box.y, p.box.x); };
    if (!best || rank(found) > rank(*best)) best = found;
  }
  return best;
}

}  // namespace troupe::image::matte
