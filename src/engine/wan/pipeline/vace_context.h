// The input of the VACE branch, out of pixels.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "base/cancel.h"
#include "engine/wan/vae/vae.h"

namespace troupe::engine::wan {

/// [96, n + latent_frames(T), H/8, W/8] of n references: 16 channels of what stays of the video, 16 of what
/// is to be made or followed, 64 of the mask; references are frames in front, with zeros in the other
/// channels. video: [3, T, H, W] in [-1, 1], zeros where there is none; mask: [1, T, H, W] in [0, 1], ones
/// where there is none; canvases: references as vace_canvas() makes them, [3, 1, H, W] each. H and W are
/// multiples of 16. Throws Cancelled.
at::Tensor vace_context(const Vae& vae, const at::Tensor& video, const at::Tensor& mask,
                        const std::vector<at::Tensor>& canvases, const CancelToken& cancel = {});

/// The latents of references, one frame each, in their order: [16, n, h, w]; undefined where there are none.
/// Throws Cancelled.
at::Tensor reference_latents(const Vae& vae, const std::vector<at::Tensor>& pictures,
                             const CancelToken& cancel = {});

}  // namespace troupe::engine::wan
