#include "image/matte/seeds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "image/matte/saliency.h"

namespace troupe::image::matte {
namespace {

/// Value below which a share `q` of the pixels (those set in `where`, or all) lies.
float quantile(const cv::Mat& values, float q, const cv::Mat& where = {}) {
  std::vector<float> sorted;
  for (int y = 0; y < values.rows; ++y) {
    for (int x = 0; x < values.cols; ++x) {
      if (where.empty() || where.at<uint8_t>(y, x)) sorted.push_back(values.at<float>(y, x));
    }
  }
  if (sorted.empty()) return 0;
  const auto at = std::min(sorted.size() - 1, static_cast<size_t>(q * static_cast<float>(sorted.size())));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<long>(at), sorted.end());
  return sorted[at];
}

/// The frame's top, left and right edge; the bottom one often cuts through the subject.
void seed_frame(cv::Mat& labels) {
  const int thick = std::max(1, std::min(labels.cols, labels.rows) / 90);
  labels.rowRange(0, thick).setTo(cv::GC_BGD);
  labels.colRange(0, thick).setTo(cv::GC_BGD);
  labels.colRange(labels.cols - thick, labels.cols).setTo(cv::GC_BGD);
}

Seed from_saliency(const cv::Mat& map, float probable, float sure) {
  Seed seed{CutOutMethod::saliency, cv::Mat(map.size(), CV_8UC1, cv::GC_PR_BGD)};
  seed.labels.setTo(cv::GC_BGD, map < quantile(map, 0.25f));
  seed.labels.setTo(cv::GC_PR_FGD, map > quantile(map, probable));
  seed.labels.setTo(cv::GC_FGD, map > quantile(map, sure));
  return seed;
}

struct Oval {
  float x, y, rx, ry;  // fractions of the picture
};

Seed from_oval(cv::Size size, const Oval& oval) {
  Seed seed{CutOutMethod::centre, cv::Mat(size, CV_8UC1, cv::GC_PR_BGD)};
  const auto draw = [&](float grow, int label) {
    cv::ellipse(seed.labels,
                cv::RotatedRect(cv::Point2f(oval.x * static_cast<float>(size.width),
                                            oval.y * static_cast<float>(size.height)),
                                cv::Size2f(2 * grow * oval.rx * static_cast<float>(size.width),
                                           2 * grow * oval.ry * static_cast<float>(size.height)),
                                0),
                label, cv::FILLED);
  };
  draw(1.0f, cv::GC_PR_FGD);
  draw(0.25f, cv::GC_FGD);
  seed_frame(seed.labels);
  return seed;
}

/// Head and shoulders hang together with a face in known proportions.
Seed from_face(cv::Size size, const cv::Rect& face) {
  Seed seed{CutOutMethod::face, cv::Mat(size, CV_8UC1, cv::GC_PR_BGD), 0.09f};
  const cv::Point2f centre(static_cast<float>(face.x) + static_cast<float>(face.width) / 2,
                           static_cast<float>(face.y) + static_cast<float>(face.height) / 2);
  const auto w = static_cast<float>(face.width), bottom = static_cast<float>(size.height);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const float dx = std::abs(static_cast<float>(x) - centre.x);
      if (dx > 4.6f * w || static_cast<float>(y) < centre.y - 2.3f * w)
        seed.labels.at<uint8_t>(y, x) = cv::GC_BGD;
    }
  }
  const float neck = centre.y + 0.75f * w, shoulder = centre.y + 1.35f * w;
  const std::vector<cv::Point> torso{
      cv::Point2f(centre.x - 0.45f * w, neck),     cv::Point2f(centre.x + 0.45f * w, neck),
      cv::Point2f(centre.x + 1.25f * w, shoulder), cv::Point2f(centre.x + 1.45f * w, bottom),
      cv::Point2f(centre.x - 1.45f * w, bottom),   cv::Point2f(centre.x - 1.25f * w, shoulder)};
  cv::fillConvexPoly(seed.labels, torso, cv::GC_PR_FGD);
  const auto oval = [&](float dy, float width, float height, int label) {
    cv::ellipse(
        seed.labels,
        cv::RotatedRect(cv::Point2f(centre.x, centre.y + dy * w), cv::Size2f(width * w, height * w), 0),
        label, cv::FILLED);
  };
  oval(-0.08f, 1.35f, 1.7f, cv::GC_PR_FGD);
  oval(0.0f, 0.7f, 0.9f, cv::GC_FGD);
  // Whatever the neck wears, something joins head and body.
  const cv::Rect2f throat(centre.x - 0.22f * w, centre.y, 0.44f * w, 1.7f * w);
  seed.labels(cv::Rect(throat) & cv::Rect(cv::Point(), size)).setTo(cv::GC_FGD);
  return seed;
}

Seed from_person(cv::Size size, const Person& person) {
  Seed seed{CutOutMethod::person, cv::Mat(size, CV_8UC1, cv::GC_PR_BGD)};
  seed.bonus = person.weight > 1.2f ? 0.11f : 0.06f;
  const cv::Rect frame(cv::Point(), size), box = person.box & frame;
  const cv::Rect reach =
      cv::Rect(box.x - box.width / 2, box.y - box.height / 8, box.width * 2, box.height * 5 / 4) & frame;
  cv::Mat outside(size, CV_8UC1, 255);
  outside(reach).setTo(0);
  seed.labels.setTo(cv::GC_BGD, outside);
  const auto w = static_cast<float>(box.width), h = static_cast<float>(box.height);
  const cv::Point2f middle(static_cast<float>(box.x) + w / 2, static_cast<float>(box.y) + h / 2);
  const auto oval = [&](float dy, float width, float height, int label) {
    cv::ellipse(
        seed.labels,
        cv::RotatedRect(cv::Point2f(middle.x, middle.y + dy * h), cv::Size2f(width * w, height * h), 0),
        label, cv::FILLED);
  };
  oval(0, 0.62f, 0.98f, cv::GC_PR_FGD);
  oval(-0.15f, 0.26f, 0.36f, cv::GC_FGD);
  return seed;
}

}  // namespace

std::vector<Seed> guess_seeds(const Canvas& canvas, const Sightings& seen) {
  const cv::Mat map = saliency(canvas);
  std::vector<Seed> seeds;
  if (!seen.faces.empty()) seeds.push_back(from_face(canvas.size(), seen.faces.front()));
  seeds.push_back(from_saliency(map, 0.80f, 0.93f));
  seeds.push_back(from_oval(canvas.size(), {0.5f, 0.5f, 0.22f, 0.40f}));
  seeds.push_back(from_saliency(map, 0.65f, 0.90f));
  if (seen.person && seen.person->weight > 0.6f) seeds.push_back(from_person(canvas.size(), *seen.person));
  seeds.push_back(from_oval(canvas.size(), {0.5f, 0.6f, 0.27f, 0.38f}));
  seeds.push_back(from_saliency(map, 0.88f, 0.96f));
  seeds.push_back(from_oval(canvas.size(), {0.5f, 0.55f, 0.40f, 0.28f}));
  return seeds;
}

std::vector<Seed> box_seeds(const Canvas& canvas, const cv::Rect& box, const Sightings& seen) {
  cv::Mat outside(canvas.size(), CV_8UC1, 255);
  outside(box).setTo(0);
  const cv::Mat inside = ~outside;
  // The barrier starts at the box, and the map is ranked within it.
  const cv::Mat map = saliency(canvas, outside);
  std::vector<Seed> seeds;
  const auto add = [&](Seed seed, float bonus) {
    seed.method = CutOutMethod::box;
    seed.bonus = bonus;
    seed.labels.setTo(cv::GC_BGD, outside);
    seeds.push_back(std::move(seed));
  };
  Seed plain{CutOutMethod::box, cv::Mat(canvas.size(), CV_8UC1, cv::GC_PR_FGD)};
  add(plain, 0.05f);
  Seed salient{CutOutMethod::box, cv::Mat(canvas.size(), CV_8UC1, cv::GC_PR_BGD)};
  salient.labels.setTo(cv::GC_PR_FGD, map > quantile(map, 0.45f, inside));
  salient.labels.setTo(cv::GC_FGD, map > quantile(map, 0.85f, inside));
  add(salient, 0.0f);
  const auto w = static_cast<float>(canvas.size().width), h = static_cast<float>(canvas.size().height);
  const float x = (static_cast<float>(box.x) + static_cast<float>(box.width) / 2) / w,
              y = (static_cast<float>(box.y) + static_cast<float>(box.height) / 2) / h;
  add(from_oval(canvas.size(), {x, y, 0.45f * static_cast<float>(box.width) / w,
                                0.48f * static_cast<float>(box.height) / h}),
      0.03f);
  for (const cv::Rect& face : seen.faces) {
    if ((face & box).area() < 0.8 * face.area()) continue;
    add(from_face(canvas.size(), face), 0.06f);
    break;
  }
  return seeds;
}

}  // namespace troupe::image::matte
