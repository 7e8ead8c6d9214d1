// The sizes of a transformer, and where they come from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// The sizes of a transformer. All but heads, text_len, eps and the flags are read from its tensors.
struct TransformerConfig {
  int64_t dim = 0, ffn_dim = 0, heads = 0, layers = 0;
  int64_t in_channels = 16, out_channels = 16;
  int64_t freq_dim = 256, text_dim = 4096, text_len = 512;
  int64_t patch_height = 2, patch_width = 2;
  double eps = 1e-6;
  bool float_sinusoid = false;       ///< the timestep's sinusoid in float, as diffusers does; else in double
  bool qk_norm = true;               ///< whether queries and keys are normed
  bool cross_attn_norm = true;       ///< whether what looks at the text is
  std::vector<int64_t> vace_layers;  ///< the block after which each hint is added; empty: no VACE branch
  int64_t vace_channels = 0;

  int64_t head_dim() const { return dim / heads; }
};

/// Reads the sizes. What tensors do not tell is taken from `described`, a JSON object as in the "config"
/// metadata of a file, then from that metadata: heads ("num_heads" or, as diffusers calls it,
/// "num_attention_heads"), else dim / 128; "text_len", else 512; "eps", else 1e-6; "qk_norm" and
/// "cross_attn_norm", which only false or null turn off, and only where the norms have no weights;
/// "vace_layers", one block for each VACE block, else at equal distances. Errors: corrupt_input, unsupported.
Result<TransformerConfig> transformer_config(const Weights& weights, const std::string& described = {});

}  // namespace troupe::engine::wan
