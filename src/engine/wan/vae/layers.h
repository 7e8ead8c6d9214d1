// The parts of the video autoencoder. All work on [1, channels, frames, height, width], a few frames at a
// time: what a convolution needs of earlier frames it keeps in a History. Source: Wan-Video/Wan2.1
// wan/modules/vae.py @9737cba.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <variant>
#include <vector>

#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// What the layers of one pass over a video remember: one place for each layer that looks back, in the order
/// in which they run. Begin a pass with an empty one, call rewind() before each group of frames.
class History {
 public:
  /// The place of the next layer.
  struct Place {
    bool begun = false;  ///< whether the layer has seen frames
    at::Tensor frames;   ///< the last ones
  };
  Place& next() {
    if (next_ == places_.size()) places_.emplace_back();
    return places_[next_++];
  }
  void rewind() { next_ = 0; }

 private:
  std::vector<Place> places_;
  size_t next_ = 0;
};

/// A convolution over time and space that sees no later frame.
struct CausalConv {
  at::Tensor weight;  ///< [out, in, time, height, width]
  at::Tensor bias;    ///< [out]
  /// Moving `x` in lets go of it as early as possible.
  at::Tensor operator()(at::Tensor x, History& history) const;
};

/// Norm over the channels, SiLU, convolution, twice, beside a shortcut.
struct Residual {
  at::Tensor norm1, norm2;  ///< [channels]
  CausalConv conv1, conv2;
  CausalConv shortcut;  ///< its weight is undefined where the input itself is the shortcut
  at::Tensor operator()(const at::Tensor& x, History& history) const;
};

/// Attention within each frame, one head as wide as there are channels.
struct FrameAttention {
  at::Tensor norm;
  at::Tensor qkv_weight, qkv_bias, out_weight, out_bias;  ///< convolutions of 1 x 1
  at::Tensor operator()(const at::Tensor& x) const;
};

/// Half the size, or twice, in space and, if there is a time convolution, in time: the first frame ever is
/// left as it is, from 1 + 4 n frames become 1 + 2 n and the other way round.
struct Resample {
  bool up = false;
  at::Tensor weight, bias;  ///< within each frame
  CausalConv time;          ///< its weight is undefined where time is left as it is
  at::Tensor operator()(at::Tensor x, History& history) const;

 private:
  at::Tensor more_frames(at::Tensor x, History& history) const;
  at::Tensor fewer_frames(const at::Tensor& x, History& history) const;
};

using VaeLayer = std::variant<Residual, FrameAttention, Resample>;

/// Runs one. `history` is advanced as the layer needs. Moving `x` in lets go of it as early as possible.
at::Tensor run(const VaeLayer& layer, at::Tensor x, History& history);

/// What is done behind a norm.
enum class Then { nothing, silu };

/// x / |x| * sqrt(channels) * gamma, the length taken over the channels of each pixel, in float whatever the
/// type of x. A tensor that is moved in and that nobody else holds is written over.
at::Tensor channel_norm(at::Tensor x, const at::Tensor& gamma, Then then = Then::nothing);

/// Reads the layers "list0.", "list1." … of what kind each is told by its tensors. `up`: what Resample layers
/// do.
std::vector<VaeLayer> read_layers(Reader& reader, const Weights& weights, const std::string& list, bool up);

/// Reads name.weight and name.bias in the shapes they have.
CausalConv read_conv(Reader& reader, const Weights& weights, const std::string& name);

}  // namespace troupe::engine::wan
