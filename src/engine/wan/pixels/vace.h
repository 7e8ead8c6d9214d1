// What VACE is conditioned on: references on canvases, and a clip with a mask.
// Wan-Video/Wan2.1 @9737cba wan/vace.py (prepare_source, vace_encode_frames, vace_encode_masks) and
// wan/utils/vace_processor.py.
#pragma once

#include <ATen/ATen.h>

#include "base/result.h"
#include "core/frame_size.h"
#include "engine/wan/pixels/resize.h"

namespace troupe::engine::wan {

/// Where a reference lies on its canvas. Sides are cut to whole pixels, so that about a tenth of all sizes
/// end one pixel short of the canvas.
struct VacePlace {
  FrameSize size;
  int left = 0, top = 0;
  bool operator==(const VacePlace&) const = default;
};

/// Errors: invalid_argument (a side below 1; a shape so long that nothing would be left of the other side).
Result<VacePlace> vace_place(FrameSize reference, FrameSize canvas);

/// The reference as large as fits, bilinear without antialiasing, in the middle of a white canvas: [3, 1,
/// height, width] float in [-1, 1]. One that has the canvas's size already is not touched. Errors: as
/// vace_place(); invalid_argument (values that are not as many as the sides say).
Result<at::Tensor> vace_canvas(const Rgb& reference, FrameSize canvas);

/// A mask's bytes (255: to be made) as [1, frames, height, width] float in [0, 1]. mask: [frames, height,
/// width].
at::Tensor vace_mask(const at::Tensor& mask);

/// The two clips that the autoencoder encodes: what stays, and what is to be made or followed; 0, which is
/// mid grey, in place of the rest. The mask counts where it is above 0.5.
struct VaceClips {
  at::Tensor inactive, reactive;  ///< [3, frames, height, width]
};

/// video: [3, frames, height, width] in [-1, 1]; mask: [1, frames, height, width] in [0, 1].
VaceClips vace_clips(const at::Tensor& video, const at::Tensor& mask);

/// Which of `frames` mask frames a latent frame takes; latent: 0 … (frames + 3) / 4 - 1.
int64_t vace_mask_frame(int64_t frames, int64_t latent);

/// The mask as 64 channels of latents, not thresholded: channel 8 * dy + dx of cell (y, x) is pixel (8 * y +
/// dy, 8 * x + dx). `references` latent frames of zeros come first. mask: [1, frames, height, width], sides
/// multiples of 16. Returns [64, references + (frames + 3) / 4, height / 8, width / 8]. Throws c10::Error for
/// other sides.
at::Tensor vace_mask_channels(const at::Tensor& mask, int64_t references);

}  // namespace troupe::engine::wan
