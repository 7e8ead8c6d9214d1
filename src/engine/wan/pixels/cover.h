// Pictures brought to the size of a video, whole or in part.
#pragma once

#include "base/result.h"
#include "core/frame_size.h"
#include "core/image.h"
#include "engine/wan/pixels/resize.h"

namespace troupe::engine::wan {

/// Scaled (bicubic) until it covers `size`, what is over cut off on both sides; one of that size is not
/// touched. Errors: as resized(); invalid_argument for a shape so long that it can't be scaled.
Result<Rgb> covered(const Rgb& picture, FrameSize size);

/// In the middle of `size`, its edges repeated outwards. REQUIRES sides that are not smaller.
Rgb padded(const Rgb& picture, FrameSize size);

/// The middle of the picture: undoes padded(). REQUIRES sides that are not larger.
Rgb middle(const Rgb& picture, FrameSize size);

/// Opaque.
Image to_image(const Rgb& picture);

}  // namespace troupe::engine::wan
