// The subject of an opaque picture, coarsely: which pixels, and how sure.
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "base/cancel.h"
#include "base/result.h"
#include "image/matte/canvas.h"
#include "image/matte/seeds.h"

namespace troupe::image::matte {

struct Subject {
  cv::Mat mask;  ///< CV_8UC1, 0 or 255, at the canvas's size; empty when nothing was found
  CutOutMethod method = CutOutMethod::whole;
  float confidence = 0;
};

/// `box`: where the user says the subject is, in canvas pixels. Errors: cancelled.
Result<Subject> find_subject(const Canvas& canvas, const Sightings& seen, const std::optional<cv::Rect>& box,
                             const CancelToken& cancel);

}  // namespace troupe::image::matte
