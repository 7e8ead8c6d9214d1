#include "image/cut_out.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <opencv2/imgproc.hpp>
#include <string>

#include "image/mat.h"
#include "image/matte/canvas.h"
#include "image/matte/detect.h"
#include "image/matte/find_subject.h"
#include "image/matte/horizon.h"
#include "image/matte/plain_backdrop.h"
#include "image/matte/refine.h"
#include "image/ops.h"

namespace troupe::image {
namespace {

constexpr int kCanvasSide = 208;
constexpr int kSeekSideMin = 16;  // smaller pictures are their own subject
constexpr int kVisibleAlpha = 32;
constexpr float kAlphaConfidence = 2.0f;

bool has_alpha(const Image& picture) {
  size_t clear = 0;
  for (size_t i = 3; i < picture.rgba.size(); i += 4) clear += picture.rgba[i] < 128;
  return clear * 100 > picture.rgba.size() / 4;
}

Result<void> check(const Image& picture, const CutOutOptions& options) {
  const size_t pixels =
      static_cast<size_t>(std::max(0, picture.width)) * static_cast<size_t>(std::max(0, picture.height));
  if (pixels == 0 || picture.rgba.size() != pixels * 4) {
    return make_error(ErrorCode::invalid_argument, "the picture is empty: give one with at least one pixel");
  }
  if (!options.box) return {};
  const BoxHint& b = *options.box;
  const bool inside = b.left >= 0 && b.top >= 0 && b.width > 0 && b.height > 0 &&
                      b.left + b.width <= 1.0001f && b.top + b.height <= 1.0001f;
  if (!inside) {
    return make_error(ErrorCode::invalid_argument,
                      "box: must lie inside the picture, as fractions of it: 0 <= left < left + width <= 1, "
                      "likewise top and height");
  }
  return {};
}

Image scaled_down(const Image& picture, int side_max) {
  const int limit = std::clamp(side_max, 256, 4096);
  const int side = std::max(picture.width, picture.height);
  if (side <= limit) return picture;
  const double scale = static_cast<double>(limit) / side;
  return resize(picture, std::max(1, static_cast<int>(std::lround(picture.width * scale))),
                std::max(1, static_cast<int>(std::lround(picture.height * scale))));
}

cv::Rect to_pixels(const BoxHint& box, cv::Size size) {
  const int left =
      std::min(size.width - 1, static_cast<int>(std::floor(box.left * static_cast<float>(size.width))));
  const int top =
      std::min(size.height - 1, static_cast<int>(std::floor(box.top * static_cast<float>(size.height))));
  const int right =
      std::clamp(static_cast<int>(std::ceil((box.left + box.width) * static_cast<float>(size.width))),
                 left + 1, size.width);
  const int bottom =
      std::clamp(static_cast<int>(std::ceil((box.top + box.height) * static_cast<float>(size.height))),
                 top + 1, size.height);
  return {left, top, right - left, bottom - top};
}

Rect to_rect(const cv::Rect& r) { return {r.x, r.y, r.width, r.height}; }

cv::Rect scaled(const cv::Rect& r, double sx, double sy) {
  return {static_cast<int>(std::lround(r.x * sx)), static_cast<int>(std::lround(r.y * sy)),
          std::max(1, static_cast<int>(std::lround(r.width * sx))),
          std::max(1, static_cast<int>(std::lround(r.height * sy)))};
}

/// Clears what the user's box leaves out, unless the box leaves everything out.
void keep_box(Image& picture, const BoxHint& hint) {
  const cv::Rect box = to_pixels(hint, cv::Size(picture.width, picture.height));
  const cv::Mat pixels = view(picture);
  cv::Mat inside = cv::Mat::zeros(pixels.size(), pixels.type());
  pixels(box).copyTo(inside(box));
  Image cut = to_image(inside);
  if (cv::countNonZero(alpha_of(cut) >= kVisibleAlpha) > 0) picture = std::move(cut);
}

/// A side counts as touched when a real piece of the outline lies on it, not a stray pixel.
void mark_touched_sides(CutOut& out, const cv::Mat& visible) {
  const int w = visible.cols, h = visible.rows;
  const auto touches = [&](const cv::Mat& line, int length) {
    return cv::countNonZero(line) > std::max(1.0, 0.05 * length);
  };
  out.touches_left = touches(visible.col(0), out.bounds.height);
  out.touches_right = touches(visible.col(w - 1), out.bounds.height);
  out.touches_top = touches(visible.row(0), out.bounds.width);
  out.touches_bottom = touches(visible.row(h - 1), out.bounds.width);
}

/// Fills bounds and flags from the picture's alpha. False when nothing is visible.
bool measure(CutOut& out) {
  const cv::Mat visible = alpha_of(out.picture) >= kVisibleAlpha;
  if (cv::countNonZero(visible) == 0) return false;
  out.bounds = to_rect(cv::boundingRect(visible));
  mark_touched_sides(out, visible);
  return true;
}

matte::Sightings look_for_people(const cv::Mat& rgb) {
  return {matte::find_faces(rgb), matte::find_person(rgb)};
}

matte::Sightings scaled(matte::Sightings seen, double sx, double sy) {
  for (cv::Rect& face : seen.faces) face = scaled(face, sx, sy);
  if (seen.person) seen.person->box = scaled(seen.person->box, sx, sy);
  return seen;
}

void note_people(CutOut& out, const matte::Sightings& seen) {
  const cv::Mat alpha = alpha_of(out.picture);
  for (const cv::Rect& face : seen.faces) {
    const cv::Rect inside = face & cv::Rect(0, 0, alpha.cols, alpha.rows);
    if (inside.empty() || cv::mean(alpha(inside))[0] < 128) continue;
    out.face = to_rect(inside);
    break;
  }
  out.has_person = out.face || (seen.person && seen.person->weight > 0.6f);
}

Result<CutOut> take_alpha(Image picture, const CutOutOptions& options) {
  if (options.box) keep_box(picture, *options.box);
  CutOut out{.picture = std::move(picture),
             .bounds = {},
             .confidence = kAlphaConfidence,
             .method = CutOutMethod::alpha,
             .face = {}};
  if (!measure(out)) {
    return make_error(ErrorCode::invalid_argument,
                      "nothing is visible in the picture: all of it is transparent");
  }
  cv::Mat pixels = view(out.picture);
  matte::decontaminate(pixels);
  note_people(out, look_for_people(rgb_of(out.picture)));
  return out;
}

Result<CutOut> take_whole(Image picture) {
  CutOut out{.picture = std::move(picture), .bounds = {}, .face = {}};
  for (size_t i = 3; i < out.picture.rgba.size(); i += 4) out.picture.rgba[i] = 255;
  measure(out);
  return out;
}

Result<CutOut> cut(Image picture, const CutOutOptions& options) {
  const cv::Mat rgb = rgb_of(picture);
  const matte::Canvas canvas = matte::make_canvas(rgb, kCanvasSide);
  if (std::min(canvas.size().width, canvas.size().height) < kSeekSideMin)
    return take_whole(std::move(picture));
  const matte::Sightings seen = look_for_people(rgb);
  std::optional<cv::Rect> box;
  if (options.box) box = to_pixels(*options.box, canvas.size());
  TROUPE_TRY(const matte::Subject subject,
             matte::find_subject(canvas,
                                 scaled(seen, static_cast<double>(canvas.size().width) / rgb.cols,
                                        static_cast<double>(canvas.size().height) / rgb.rows),
                                 box, options.cancel));
  if (options.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cutting out was cancelled");
  if (subject.mask.empty() || cv::countNonZero(subject.mask) == 0) return take_whole(std::move(picture));
  const cv::Mat alpha = matte::refine(rgb, subject.mask, subject.method == CutOutMethod::line_art);
  CutOut out{.picture = std::move(picture),
             .bounds = {},
             .confidence = subject.confidence,
             .method = subject.method,
             .face = {}};
  cv::Mat pixels = view(out.picture);
  cv::insertChannel(alpha, pixels, 3);
  if (!measure(out)) return take_whole(std::move(out.picture));
  matte::decontaminate(pixels);
  note_people(out, seen);
  return out;
}

}  // namespace

std::string_view name(CutOutMethod method) {
  switch (method) {
    case CutOutMethod::alpha:
      return "alpha";
    case CutOutMethod::plain:
      return "plain";
    case CutOutMethod::line_art:
      return "line_art";
    case CutOutMethod::saliency:
      return "saliency";
    case CutOutMethod::centre:
      return "centre";
    case CutOutMethod::face:
      return "face";
    case CutOutMethod::person:
      return "person";
    case CutOutMethod::box:
      return "box";
    case CutOutMethod::whole:
      return "whole";
  }
  return "whole";
}

Result<CutOut> cut_out(const Image& picture, const CutOutOptions& options) {
  TROUPE_CHECK_OK(check(picture, options));
  if (options.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cutting out was cancelled");
  try {
    Image working = scaled_down(picture, options.side_max);
    if (has_alpha(working)) return take_alpha(std::move(working), options);
    return cut(std::move(working), options);
  } catch (const std::bad_alloc&) {
    return make_error(ErrorCode::out_of_memory, "cutting out ran out of memory: give a smaller picture");
  } catch (const cv::Exception& e) {
    if (e.code == cv::Error::StsNoMem)
      return make_error(ErrorCode::out_of_memory, "cutting out ran out of memory: give a smaller picture");
    return make_error(ErrorCode::internal, std::string("cutting out failed: ") + e.what());
  }
}

PictureFacts look_at(const Image& picture) {
  PictureFacts facts;
  if (!check(picture, {})) return facts;
  try {
    const cv::Mat rgb = rgb_of(scaled_down(picture, 480));
    facts.has_alpha = has_alpha(picture);
    if (std::min(rgb.cols, rgb.rows) < kSeekSideMin) return facts;
    facts.plain_backdrop = matte::fit_backdrop(matte::make_canvas(rgb, kCanvasSide)).has_value();
    const matte::Sightings seen = look_for_people(rgb);
    facts.has_person = !seen.faces.empty() || (seen.person && seen.person->weight > 0.6f);
    const matte::Horizon horizon = matte::find_horizon(rgb);
    facts.horizon = horizon.row;
    facts.horizon_strong = horizon.strong;
  } catch (const std::exception&) {
    // Facts are hints: what could not be seen stays at its default.
  }
  return facts;
}

}  // namespace troupe::image
