// TAEHV, a small autoencoder for the same latents: previews, and fast decoding where quality may suffer a
// little. Source: madebyollin/taehv taehv.py @1f14a56.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "base/result.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/vae/vae.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// Thread-safety: const members may be called from several threads.
class TinyVae {
 public:
  /// Widths are read from the tensors. Errors: as Weights::read().
  static Result<TinyVae> load(const Weights& weights, const Compute& compute);

  /// A video [3, T, H, W] in [-1, 1], H and W multiples of 8, to normalised latents [16, ceil(T / 4), H/8,
  /// W/8]; the last frame is repeated to a multiple of four. (Vae pads in front instead, so the two differ in
  /// time by up to 3 frames.)
  at::Tensor encode(const at::Tensor& video) const;

  /// Normalised latents [16, t, h, w] to frames in [-1, 1], latent by latent, as Vae::decode(): one frame of
  /// the first and four of every other latent. Returns false if `sink` or `cancel` stopped.
  bool decode(const at::Tensor& latents, const FrameSink& sink, const CancelToken& cancel = {}) const;
  at::Tensor decode(const at::Tensor& latents) const;

  /// One frame a latent, for previews: [3, t, 8 h, 8 w].
  at::Tensor preview(const at::Tensor& latents) const;

 private:
  struct Conv {
    at::Tensor weight, bias;
    int64_t stride = 1;
    at::Tensor operator()(const at::Tensor& x) const;
  };
  /// Sees the frame before as well.
  struct Memory {
    Conv first, second, third;
    at::Tensor skip;  // [out, in, 1, 1], or undefined
  };
  /// 1 x 1; makes `frames` frames of one, or one of `frames`.
  struct Grow {
    Conv conv;
  };
  struct Pool {
    Conv conv;
  };
  enum class Simple { relu, clamp, twice };
  using Layer = std::variant<Conv, Memory, Grow, Pool, Simple>;

  static std::vector<Layer> read_layers(Reader& reader, const Weights& weights, const std::string& list);
  static Memory read_memory(Reader& reader, const Weights& weights, const std::string& at);
  static Conv read_conv(Reader& reader, const Weights& weights, const std::string& name);

  /// The last frame that each Memory saw.
  using Past = std::vector<at::Tensor>;
  at::Tensor run(const std::vector<Layer>& layers, at::Tensor frames, Past& past, bool grow) const;

  Compute compute_;
  std::vector<Layer> encoder_, decoder_;
};

}  // namespace troupe::engine::wan
