// Numbers that say how alike or how good pictures are; for tests and reports. Pure; thread-safe. Two pictures
// must have one size; REQUIRES pictures that are not empty. Alpha is ignored unless said otherwise.
#pragma once

#include "core/image.h"

namespace troupe::image {

/// Peak signal to noise ratio in dB; 100 for equal pictures.
double psnr_luma(const Image& a, const Image& b);  ///< BT.709 luma
double psnr_rgb(const Image& a, const Image& b);

/// Structural similarity (Wang 2004) of luma in 7x7 windows, -1 … 1, after both were brought to one mean and
/// spread inside `where` (same size, >= 128; nullptr = everywhere): light and grade do not count, structure
/// does. 0 when `where` is empty.
double ssim_of_structure(const Image& a, const Image& b, const Mask* where = nullptr);

/// Variance of the Laplacian of luma: under about 20 at 640 px is blurred.
double sharpness(const Image& picture);

/// Mean absolute luma difference (0 … 255) between `now` and `before` carried along by optical flow (DIS,
/// Kroeger 2016), over pixels whose flow agrees forth and back: flicker and shimmer. 0 when nothing agrees.
double temporal_error(const Image& before, const Image& now);

/// SIFT features of `reference` (where its alpha is >= 128) found again in `frame` under one affine map.
struct FeatureMatches {
  int reference = 0;  ///< features the reference has; under 80 says little
  int inliers = 0;    ///< >= 15 for a textured subject that is there
};
FeatureMatches match_features(const Image& reference, const Image& frame);

}  // namespace troupe::image
