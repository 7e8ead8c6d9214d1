// The diffusion transformer of the Wan2.1 family: one network for plain text to video, for models that append
// references to the video (Phantom, RefAlign, SkyReels-V3), and for VACE with its branch.
// Source: Wan-Video/Wan2.1 wan/modules/{model,vace_model}.py @9737cba; RefAlign
// diffsynth/pipelines/wan_video_new3.py
// @6f91526 (references without cross-attention); bernini/models/transformer_wan.py @ed504e3 (sources).
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/dit/block.h"
#include "engine/wan/dit/config.h"
#include "engine/wan/dit/rotary.h"
#include "engine/wan/nn/cancelled.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/nn/recording.h"
#include "engine/wan/nn/tap.h"
#include "engine/wan/weights/residency.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// What the transformer makes of a prompt, the same for every step: its embedding, and keys and values of
/// every block.
struct PreparedText {
  at::Tensor embedding;        ///< [text_len, dim]
  std::vector<KeyValue> keys;  ///< one for each block
  std::vector<KeyValue> vace_keys;
};

/// A part of the input with a grid of its own.
struct Segment {
  at::Tensor latent;  ///< [in_channels, frames, height, width] float; an odd last row or column is dropped
  int64_t first_frame = 0;  ///< its position in time
  double source = 0;        ///< Grid::source
  bool cross_attention =
      true;  ///< whether its tokens look at the text; those that do come before those that don't
};

/// What the VACE branch is given.
struct VaceContext {
  at::Tensor latent;   ///< [vace_channels, frames, height, width] of the first segment's size
  double scale = 1.0;  ///< of the hints
};

/// What is kept of a pass that comes again with other latents and another timestep, but of the same sizes,
/// with the same text: its tensors, and with Compute::recorded its operations. Thread-safety: none.
struct PassMemory {
  at::Tensor stream, modulation;
  Rotary rotary;
  Recording recording;
};

/// Thread-safety: const members may be called from several threads.
class Transformer {
 public:
  using Residency = wan::Residency;

  /// `weights` is kept. Streamed, two blocks are in memory at most, and every pass reads all of them, on a
  /// thread of its own. Errors: as Weights::read(); corrupt_input for sizes that contradict each other.
  static Result<Transformer> load(std::shared_ptr<const Weights> weights, const TransformerConfig& config,
                                  const Compute& compute, Residency residency = Residency::resident);

  /// `context`: the text encoder's output for the real tokens, [tokens, text_dim] with 1 <= tokens <=
  /// text_len; the rest is filled up with zeros, which are attended to. Throws c10::Error where sizes do not
  /// fit, and where a streamed block cannot be read.
  PreparedText prepare(const at::Tensor& context, const Tap& tap = {}) const;

  /// The velocity of the first segment, [out_channels, frames, 2 (height / 2), 2 (width / 2)] float.
  /// Throws c10::Error as prepare() does, and Cancelled when `cancel` is set, which is looked at in every
  /// block; in a recorded pass before it. `memory`: of the passes before, if they were the same; may be null.
  at::Tensor forward(const std::vector<Segment>& segments, double timestep, const PreparedText& text,
                     const VaceContext* vace = nullptr, const CancelToken& cancel = {}, const Tap& tap = {},
                     PassMemory* memory = nullptr) const;

  const TransformerConfig& config() const { return config_; }

 private:
  struct Tokens;
  class Turns;

  at::Tensor patches(const at::Tensor& latent, const at::Tensor& weight, const at::Tensor& bias) const;
  Tokens tokens_of(const std::vector<Segment>& segments, const Tap& tap) const;
  BlockInput block_input(double timestep, const Tap& tap, at::Tensor& time) const;
  std::vector<at::Tensor> hints(const Tokens& tokens, const BlockInput& input, const PreparedText& text,
                                const VaceContext& vace, Turns& turns, const CancelToken& cancel,
                                const Tap& tap) const;
  void run_recorded(at::Tensor& x, const BlockInput& input, const PreparedText& text,
                    PassMemory& memory) const;
  at::Tensor head(const at::Tensor& x, const at::Tensor& time, bool plain) const;
  at::Tensor unpatched(const at::Tensor& patches, const Grid& grid) const;
  Result<TransformerBlock> read_block(const std::string& list, int64_t index) const;
  Result<void> read_rest();

  std::shared_ptr<const Weights> weights_;
  TransformerConfig config_;
  Compute compute_;
  Residency residency_ = Residency::resident;

  at::Tensor patch_weight_, patch_bias_, vace_patch_weight_, vace_patch_bias_;
  Linear text_in_, text_out_, time_in_, time_out_, time_projection_, head_;
  at::Tensor head_modulation_;  // [2, dim]
  Linear before_;               // VACE: the context into the stream
  std::vector<Linear> after_;   // VACE: the stream into hints
  std::vector<TransformerBlock> blocks_, vace_blocks_;
};

}  // namespace troupe::engine::wan
