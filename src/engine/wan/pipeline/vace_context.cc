#include "engine/wan/pipeline/vace_context.h"

#include "engine/wan/pixels/vace.h"

namespace troupe::engine::wan {

at::Tensor reference_latents(const Vae& vae, const std::vector<at::Tensor>& pictures,
                             const CancelToken& cancel) {
  std::vector<at::Tensor> latents;
  for (const at::Tensor& picture : pictures) latents.push_back(vae.encode(picture, {}, cancel));
  return latents.empty() ? at::Tensor() : at::cat(latents, 1);
}

at::Tensor vace_context(const Vae& vae, const at::Tensor& video, const at::Tensor& mask,
                        const std::vector<at::Tensor>& canvases, const CancelToken& cancel) {
  const VaceClips clips = vace_clips(video, mask);
  const auto encode = [&](const at::Tensor& clip) { return vae.encode(clip, {}, cancel); };
  at::Tensor frames = at::cat({encode(clips.inactive), encode(clips.reactive)}, 0);
  const at::Tensor references = reference_latents(vae, canvases, cancel);
  if (references.defined())
    frames = at::cat({at::cat({references, at::zeros_like(references)}, 0), frames}, 1);
  const at::Tensor channels = vace_mask_channels(mask, static_cast<int64_t>(canvases.size()));
  return at::cat({frames, channels.to(frames.device())}, 0);
}

}  // namespace troupe::engine::wan
