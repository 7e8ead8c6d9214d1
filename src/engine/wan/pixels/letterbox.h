// How each family of models wants its references: whole, on white, in the video's size, or in a size of their
// own.
#pragma once

#include "base/result.h"
#include "core/frame_size.h"
#include "engine/wan/pixels/resize.h"

namespace troupe::engine::wan {

/// The largest size of the picture's shape that fits into `box`: the side that touches is the box's, the
/// other one is cut to whole pixels. Errors: invalid_argument (a side below 1; a shape so long that nothing
/// would be left of the other side).
Result<FrameSize> fitted(FrameSize picture, FrameSize box);

/// The picture fitted() into `size` with Lanczos and centred on white; where an odd number of pixels is left
/// over, the right and the bottom have one more. Phantom (load_ref_images, svjack/Phantom @51ef427
/// generate.py), RefAlign (short_resize_and_crop_pil, @6f91526) and SkyReels-V3 (resize_ref_images, @28c771e)
/// all do this. Errors: as resized() and fitted().
Result<Rgb> letterboxed(const Rgb& image, FrameSize size);

/// The picture with its shape changed to `size`, bicubic: what RefAlign's pipeline does with one that was not
/// prepared.
Result<Rgb> stretched(const Rgb& image, FrameSize size);

enum class SkyReelsTier { p480, p540, p720 };

/// SkyReels-V3's size of the video for a first reference of this size: the entry of the tier's table with the
/// nearest height / width, both sides cut to multiples of 16. Errors: invalid_argument (a side below 1).
/// SkyworkAI/SkyReels-V3 @28c771e skyreels_v3/utils/util.py, get_height_width_from_image.
Result<FrameSize> skyreels_size(FrameSize reference, SkyReelsTier tier);

/// Bernini-R's size of a reference: the longer side at most `side_max` (848 by default), never enlarged, both
/// sides rounded to the nearest multiple of 16 (halves to even), 16 at least. Resize to it with
/// Filter::bicubic. Errors: invalid_argument (a side or side_max below 1). Bernini @ed504e3
/// bernini/data_utils.py, MaxLongEdgeMinShortEdgeResize.
Result<FrameSize> bernini_size(FrameSize reference, int side_max);

}  // namespace troupe::engine::wan
