// The video autoencoder of Wan2.1: 4 x 8 x 8 pixels of a video to one latent of 16 numbers, and back.
// Source: Wan-Video/Wan2.1 wan/modules/vae.py @9737cba (WanVAE_, WanVAE).
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <vector>

#include "base/result.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/nn/tap.h"
#include "engine/wan/vae/layers.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

inline constexpr int64_t kLatentChannels = 16;
inline constexpr int64_t kLatentScale = 8;  ///< pixels on each side of a latent
inline constexpr int64_t kLatentFrames =
    4;  ///< frames of a latent, but for the first: 1 + 4 n frames give 1 + n

/// Latent frames of a video: 1 + (frames - 1) / 4; frames behind the last whole group are dropped.
inline int64_t latent_frames(int64_t frames) { return 1 + (frames - 1) / kLatentFrames; }
/// Frames of so many latents.
inline int64_t video_frames(int64_t latents) { return 1 + (latents - 1) * kLatentFrames; }

/// How latents are brought to mean 0 and deviation 1, channel by channel.
at::Tensor latent_mean();  ///< [16] float
at::Tensor latent_std();   ///< [16] float

/// Takes the decoded frames of one latent, [3, 1 or 4, H, W] float, not yet clamped. False stops the
/// decoding.
using FrameSink = std::function<bool(const at::Tensor& frames)>;

/// Thread-safety: const members may be called from several threads.
class Vae {
 public:
  /// Sizes are read from the tensors. Errors: as Weights::read(), corrupt_input.
  static Result<Vae> load(const Weights& weights, const Compute& compute);

  /// A video [3, T, H, W] in [-1, 1], H and W multiples of 8, T >= 1, to normalised latents
  /// [16, latent_frames(T), H/8, W/8]: the mean of the posterior. Four frames are worked on at a time.
  at::Tensor encode(const at::Tensor& video, const Tap& tap = {}) const;

  /// Mean and logarithm of the variance (clamped to [-30, 20]) of the posterior, not normalised.
  struct Posterior {
    at::Tensor mean, log_variance;
  };
  Posterior posterior(const at::Tensor& video, const Tap& tap = {}) const;

  /// Normalised latents [16, t, h, w] to frames, latent by latent, into `sink`. Returns false if it stopped.
  bool decode(const at::Tensor& latents, const FrameSink& sink, const Tap& tap = {}) const;

  /// The same, all frames at once: [3, video_frames(t), 8 h, 8 w], not clamped.
  at::Tensor decode(const at::Tensor& latents, const Tap& tap = {}) const;

 private:
  struct Side {
    CausalConv in;
    std::vector<VaeLayer> layers, middle;
    at::Tensor norm;
    CausalConv out;
  };

  static Side read_side(Reader& reader, const Weights& weights, const std::string& name,
                        const std::string& list);
  at::Tensor encode_group(const at::Tensor& frames, History& history, const Tap& tap,
                          const std::string& at) const;
  at::Tensor decode_group(const at::Tensor& latent, History& history, const Tap& tap,
                          const std::string& at) const;

  Compute compute_;
  Side encoder_, decoder_;
  CausalConv posterior_, unposterior_;
};

/// x * std + mean, channel by channel; [16, …].
at::Tensor denormalised_latents(const at::Tensor& latents);
/// (x - mean) / std.
at::Tensor normalised_latents(const at::Tensor& latents);

/// Decodes in tiles of `height` x `width` latents that begin every `stride` ones, all frames of a tile at
/// once, blended by linear ramps; clamped to [-1, 1]. What large videos need where memory is short, and what
/// RefAlign's own pipeline does (diffsynth/models/wan_video_vae.py @6f91526).
struct Tiling {
  int64_t height = 30, width = 52;
  int64_t stride_height = 15, stride_width = 26;
};
at::Tensor decode_tiled(const Vae& vae, const at::Tensor& latents, const Tiling& tiling);

}  // namespace troupe::engine::wan
