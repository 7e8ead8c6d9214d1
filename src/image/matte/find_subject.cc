#include "image/matte/find_subject.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "image/matte/grab_cut.h"
#include "image/matte/plain_backdrop.h"
#include "image/matte/score.h"

namespace troupe::image::matte {
namespace {

constexpr int kRounds = 3;
constexpr float kSubjectScoreMin = 0.35f;

Error stopped() { return make_error(ErrorCode::cancelled, "cutting out was cancelled"); }

void add(std::vector<Hypothesis>& to, const Canvas& canvas, const Sightings& seen, Hypothesis one) {
  if (one.mask.empty()) return;
  one.looks = looks_like_subject(canvas, one.mask);
  if (one.looks <= -1) return;
  one.looks -= missing_face(one.mask, seen.faces);
  to.push_back(std::move(one));
}

const Hypothesis& best_of(const std::vector<Hypothesis>& all) {
  return *std::max_element(all.begin(), all.end(), [](auto& a, auto& b) { return a.score < b.score; });
}

/// Two guesses of different origin that draw the same outline need no third.
bool settled(std::vector<Hypothesis>& all) {
  if (all.size() < 3) return false;
  rank(all);
  const Hypothesis& best = best_of(all);
  if (best.score < 1.0f) return false;
  return std::any_of(all.begin(), all.end(), [&](const Hypothesis& other) {
    return other.method != best.method && overlap(other.mask, best.mask) > 0.97f;
  });
}

Result<void> grow(std::vector<Hypothesis>& all, const Canvas& canvas, const std::vector<Seed>& seeds,
                  const Sightings& seen, const CancelToken& cancel) {
  for (const Seed& seed : seeds) {
    if (cancel.cancelled()) return stopped();
    const cv::Mat cut = grab_cut(canvas.rgb, seed.labels, kRounds);
    if (!cut.empty()) add(all, canvas, seen, {seed.method, keep_subject(cut), seed.bonus});
    if (settled(all)) break;
  }
  if (!all.empty()) rank(all);
  return {};
}

/// Before a plain backdrop the other guesses know what the backdrop's colour hides: a white shirt on a grey
/// wall.
cv::Mat vote(const Backdrop& backdrop, const std::vector<Hypothesis>& all, const Hypothesis& best) {
  cv::Mat votes = cv::Mat::zeros(best.mask.size(), CV_32FC1), one;
  float total = 0;
  for (const Hypothesis& h : all) {
    if (h.score < best.score - 0.30f) continue;
    const float weight =
        std::exp(5 * (h.score - best.score)) * (h.method == CutOutMethod::face ? 1.6f : 1.0f);
    h.mask.convertTo(one, CV_32F, weight / 255);
    votes += one;
    total += weight;
  }
  votes /= total;
  cv::Mat labels(best.mask.size(), CV_8UC1, cv::GC_PR_BGD);
  labels.setTo(cv::GC_PR_FGD, votes > 0.5f);
  labels.setTo(cv::GC_FGD, votes > 0.85f);
  labels.setTo(cv::GC_BGD, votes < 0.05f);
  // They may add, but not take away what clearly is not the backdrop.
  labels.setTo(cv::GC_FGD, best.mask & (backdrop.residual > 1.2f * backdrop.threshold) & ~backdrop.shadow);
  // What has the backdrop's colour and is in all the same, as the white of an eye, was put in for its shape.
  cv::Mat inside;
  cv::erode(best.mask, inside, ellipse_kernel(3));
  labels.setTo(cv::GC_FGD, inside & (backdrop.residual < backdrop.threshold));
  const cv::Mat cut = grab_cut(backdrop.flattened, labels, 2);
  return cut.empty() ? best.mask : keep_subject(cut);
}

/// The known slip of face templates: they cut raised arms off. When every saliency map agrees on more, it is
/// right.
const Hypothesis& beyond_the_template(const std::vector<Hypothesis>& all, const Hypothesis& best) {
  if (best.method != CutOutMethod::face) return best;
  std::vector<const Hypothesis*> salient;
  for (const Hypothesis& h : all) {
    if (h.method == CutOutMethod::saliency) salient.push_back(&h);
  }
  if (salient.size() < 2) return best;
  for (const Hypothesis* h : salient) {
    if (overlap(h->mask, salient[0]->mask) < 0.95f) return best;
  }
  const bool extends = cv::countNonZero(salient[0]->mask & best.mask) > 0.9 * cv::countNonZero(best.mask);
  return extends && area_share(salient[0]->mask) < 0.6f ? *salient[0] : best;
}

Result<Subject> guess(const Canvas& canvas, const Sightings& seen, const CancelToken& cancel) {
  std::vector<Hypothesis> all;
  const std::optional<Backdrop> backdrop = fit_backdrop(canvas);
  if (backdrop) {
    add(all, canvas, seen, cut_from_backdrop(*backdrop));
    if (!all.empty() && all[0].method == CutOutMethod::line_art) {
      return Subject{all[0].mask, CutOutMethod::line_art, all[0].looks + all[0].bonus + 0.2f};
    }
  }
  TROUPE_CHECK_OK(grow(all, canvas, guess_seeds(canvas, seen), seen, cancel));
  if (all.empty()) return Subject{};
  const Hypothesis& best = beyond_the_template(all, best_of(all));
  if (best.score < kSubjectScoreMin) return Subject{};
  const cv::Mat mask = best.method == CutOutMethod::plain ? vote(*backdrop, all, best) : best.mask;
  return Subject{mask, best.method, best.score};
}

float box_agreement(const cv::Mat& mask, const cv::Rect& box) {
  const cv::Rect bounds = cv::boundingRect(mask);
  const auto shared = static_cast<float>((bounds & box).area());
  return shared / std::max(1.0f, static_cast<float>((bounds | box).area()));
}

/// A mask that reaches all sides of the user's box is what the box was drawn around.
Result<Subject> cut_in_box(const Canvas& canvas, const Sightings& seen, const cv::Rect& box,
                           const CancelToken& cancel) {
  std::vector<Hypothesis> all;
  TROUPE_CHECK_OK(grow(all, canvas, box_seeds(canvas, box, seen), {}, cancel));
  for (Hypothesis& h : all) h.score += 0.6f * box_agreement(h.mask, box) - 0.3f;
  if (all.empty()) return Subject{};
  const Hypothesis& best = best_of(all);
  return Subject{best.mask, CutOutMethod::box, best.score};
}

}  // namespace

Result<Subject> find_subject(const Canvas& canvas, const Sightings& seen, const std::optional<cv::Rect>& box,
                             const CancelToken& cancel) {
  TROUPE_TRY(Subject automatic, guess(canvas, seen, cancel));
  if (!box) return automatic;
  if (!automatic.mask.empty() && box_agreement(automatic.mask, *box) > 0.8f) return automatic;
  TROUPE_TRY(Subject boxed, cut_in_box(canvas, seen, *box, cancel));
  return boxed;
}

}  // namespace troupe::image::matte
