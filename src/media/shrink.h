// Making a large decoded picture smaller, with no memory beside the result.
#pragma once

#include "core/image.h"

namespace troupe::media {

/// The picture with its longer side brought down to `side_pixels_max` (>= 1) and its shape kept, as the exact
/// area average of premultiplied colours; a picture that fits is returned as it is.
Image shrink_to_fit(Image picture, int side_pixels_max);

}  // namespace troupe::media
