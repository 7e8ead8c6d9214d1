// Pixels in, pixels out. All results are new pictures; arguments are left alone. Thread-safe. REQUIRES
// non-empty pictures and positive sizes unless said otherwise.
#pragma once

#include <vector>

#include "core/frame_size.h"
#include "core/image.h"

namespace troupe::image {

/// Area-averaged when shrinking, Lanczos when growing; alpha is handled premultiplied, so edges get no halo.
Image resize(const Image& picture, int width, int height);
Mask resize(const Mask& mask, int width, int height);

/// Scales to cover `size` exactly and cuts what is over, centred.
Image cover(const Image& picture, FrameSize size);

/// Gaussian blur, sigma in pixels (> 0), premultiplied alpha; edges are replicated.
Image blur(const Image& picture, float sigma);
Mask blur(const Mask& mask, float sigma);

/// The part at (x, y); what lies outside the picture is transparent.
Image crop(const Image& picture, int x, int y, int width, int height);
Image mirror(const Image& picture);  ///< left-right

/// Distance of every set pixel (>= 128) to the nearest unset one, in pixels, and 0 outside;
/// width + height everywhere when none is unset.
std::vector<float> distance_inside(const Mask& mask);

/// Edge-preserving smoothing of `values` (row-major, same size) guided by the picture's luma (He 2010).
std::vector<float> guided_filter(const Image& guide, const std::vector<float>& values, int radius,
                                 float epsilon);

}  // namespace troupe::image
