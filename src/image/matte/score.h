// Which of several cut-outs is the subject.
#pragma once

#include <vector>

#include "image/matte/canvas.h"

namespace troupe::image::matte {

/// How much a mask looks like a subject by itself: colours that differ from its surroundings, an outline on
/// edges, a plausible size and shape, clear of frame and corners. About 0 … 0.9; -1 for an empty or full
/// mask.
float looks_like_subject(const Canvas& canvas, const cv::Mat& mask);

/// Adds the agreement with each mask's three nearest neighbours and its bonus: fills `score`. REQUIRES
/// `looks`.
void rank(std::vector<Hypothesis>& hypotheses);

/// What to take off `looks` when a mask leaves the largest detected face out: 0 … 0.3.
float missing_face(const cv::Mat& mask, const std::vector<cv::Rect>& faces);

}  // namespace troupe::image::matte
