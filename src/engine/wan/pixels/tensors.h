// Pixels as the networks have them, and back.
#pragma once

#include <ATen/ATen.h>

#include "engine/wan/pixels/resize.h"

namespace troupe::engine::wan {

/// value / 127.5 - 1, in [-1, 1]: [3, 1, height, width] float. Every family's formula; they differ by less
/// than 2^-23.
at::Tensor normalised(const Rgb& image);

/// The same for a clip of bytes: [frames, height, width, channels] -> [channels, frames, height, width]
/// float.
at::Tensor normalised(const at::Tensor& clip);

/// The way back, cut and not rounded, as all the official code writes its videos: [3, frames, height, width]
/// of any floating type, values past [-1, 1] are cut -> [frames, height, width, 3] bytes on the CPU.
/// Wan-Video/Wan2.1 @9737cba wan/utils/utils.py, cache_video.
at::Tensor to_bytes(const at::Tensor& video);

}  // namespace troupe::engine::wan
