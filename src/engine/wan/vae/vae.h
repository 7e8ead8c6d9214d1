// The video autoencoder of Wan2.1: 4 x 8 x 8 pixels of a video to one latent of 16 numbers, and back.
// Source: Wan-Video/Wan2.1 wan/modules/vae.py @9737cba (WanVAE_, WanVAE).
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <optional>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "engine/wan/nn/cancelled.h"
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

/// Tiles of `height` x `width` latents that begin every `stride` ones, all frames of a tile one after the
/// other, blended by linear ramps where they overlap: what large videos need where memory is short, and what
/// RefAlign's own pipeline does (diffsynth/models/wan_video_vae.py @6f91526).
struct Tiling {
  int64_t height = 30, width = 52;
  int64_t stride_height = 15, stride_width = 26;
  bool operator==(const Tiling&) const = default;
};

/// Thread-safety: const members may be called from several threads.
class Vae {
 public:
  /// Sizes are read from the tensors. Errors: as Weights::read(), corrupt_input.
  static Result<Vae> load(const Weights& weights, const Compute& compute);

  /// The same autoencoder, sharing its weights, that works in such tiles where a video is larger than one;
  /// or, with none, in whole frames, as a loaded one does. REQUIRES sides and strides of at least 1, strides
  /// not above sides.
  Vae with_tiling(std::optional<Tiling> tiling) const;

  /// A video [3, T, H, W] in [-1, 1], H and W multiples of 8, T >= 1, to normalised latents
  /// [16, latent_frames(T), H/8, W/8]: the mean of the posterior. Four frames are worked on at a time, so
  /// that what is held does not grow with T. Throws Cancelled when `cancel` is set, which is looked at before
  /// every four.
  at::Tensor encode(const at::Tensor& video, const Tap& tap = {}, const CancelToken& cancel = {}) const;

  /// Mean and logarithm of the variance (clamped to [-30, 20]) of the posterior, not normalised.
  struct Posterior {
    at::Tensor mean, log_variance;
  };
  Posterior posterior(const at::Tensor& video, const Tap& tap = {}, const CancelToken& cancel = {}) const;

  /// Normalised latents [16, t, h, w] to frames, latent by latent, into `sink`. Returns false if it or
  /// `cancel` stopped. What is held does not grow with t; but with tiles all frames are held, on the CPU, and
  /// come clamped to [-1, 1].
  bool decode(const at::Tensor& latents, const FrameSink& sink, const Tap& tap = {},
              const CancelToken& cancel = {}) const;

  /// The same, all frames at once: [3, video_frames(t), 8 h, 8 w].
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

  bool in_tiles(int64_t rows, int64_t columns) const;

  Compute compute_;
  std::optional<Tiling> tiling_;
  Side encoder_, decoder_;
  CausalConv posterior_, unposterior_;
};

/// x * std + mean, channel by channel; [16, …].
at::Tensor denormalised_latents(const at::Tensor& latents);
/// (x - mean) / std.
at::Tensor normalised_latents(const at::Tensor& latents);

/// All frames, on the CPU, clamped to [-1, 1]. Throws Cancelled.
at::Tensor decode_tiled(const Vae& vae, const at::Tensor& latents, const Tiling& tiling,
                        const CancelToken& cancel = {});

/// The posterior of a video, on the CPU. Throws Cancelled.
Vae::Posterior posterior_tiled(const Vae& vae, const at::Tensor& video, const Tiling& tiling,
                               const CancelToken& cancel = {});

}  // namespace troupe::engine::wan
