// Seed maps for GrabCut: the different ways a subject may sit in its picture.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "image/cut_out.h"
#include "image/matte/canvas.h"
#include "image/matte/detect.h"

namespace troupe::image::matte {

/// GrabCut's labels and what to think of them.
struct Seed {
  CutOutMethod method = CutOutMethod::centre;
  cv::Mat labels;  ///< CV_8UC1, GC_*
  float bonus = 0;
};

/// What the detectors saw, in pixels of the canvas.
struct Sightings {
  std::vector<cv::Rect> faces;
  std::optional<Person> person;
};

/// Seeds for a picture nobody said anything about, the most telling first.
std::vector<Seed> guess_seeds(const Canvas& canvas, const Sightings& seen);

/// Seeds for a subject inside `box`: everything outside is background.
std::vector<Seed> box_seeds(const Canvas& canvas, const cv::Rect& box, const Sightings& seen);

}  // namespace troupe::image::matte
