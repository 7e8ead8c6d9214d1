// One block of the transformer: self-attention, cross-attention, feed-forward.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "engine/wan/dit/config.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/nn/ops.h"
#include "engine/wan/nn/tap.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// Keys and values of a text in one block: [text_len, heads, head_dim].
struct KeyValue {
  at::Tensor key, value;
};

/// What all blocks of a forward pass share.
struct BlockInput {
  at::Tensor modulation;    ///< [6, dim] float: of the timestep
  Rotary rotary;            ///< of all tokens
  int64_t text_tokens = 0;  ///< how many tokens, from the first, look at the text
};

/// Thread-safety: const members may be called from several threads.
class TransformerBlock {
 public:
  TransformerBlock() = default;

  /// Reads "list + index ." of such a transformer; errors are left in `reader`.
  static TransformerBlock read(Reader& reader, const std::string& at, const TransformerConfig& config,
                               const Compute& compute);

  /// What cross-attention needs of a text's embedding [text_len, dim].
  KeyValue keys_of(const at::Tensor& text) const;

  /// Changes the stream `x`, [tokens, dim] float, in place.
  void run(at::Tensor& x, const BlockInput& input, const KeyValue& text, const Tap& tap = {},
           const std::string& at = {}) const;

 private:
  struct Attention {
    Linear q, k, v, o;
    at::Tensor norm_q, norm_k;  // or undefined
  };
  static Attention read_attention(Reader& reader, const std::string& at, const TransformerConfig& config);

  at::Tensor self_attention(const at::Tensor& x, const BlockInput& input, const Tap& tap,
                            const std::string& at) const;
  void cross_attention(at::Tensor& x, const BlockInput& input, const KeyValue& text, const Tap& tap,
                       const std::string& at) const;

  Compute compute_;
  int64_t heads_ = 1;
  double eps_ = 1e-6;
  at::Tensor modulation_;                 // [6, dim]
  at::Tensor norm3_weight_, norm3_bias_;  // or undefined
  Attention self_, cross_;
  Linear ffn_in_, ffn_out_;
};

}  // namespace troupe::engine::wan
