// What each network takes of memory: its weights, and the most that it holds while it computes. The figures
// follow the code of the networks line by line; memory_plan_test measures them.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "engine/wan/dit/transformer.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// Bytes of weights as they are once read.
struct WeightBytes {
  int64_t copied = 0;  ///< allocated, on the device
  int64_t mapped = 0;  ///< used where they lie in the file
};

struct TransformerSizes {
  TransformerConfig config;
  WeightBytes rest;            ///< all but the blocks
  WeightBytes blocks;          ///< all of them, VACE's too
  WeightBytes block;           ///< the largest
  int64_t largest_tensor = 0;  ///< values of the largest one
};

struct TextSizes {
  int64_t width = 0, inner = 0, ffn_dim = 0, heads = 0;
  WeightBytes rest, blocks, block;
};

/// A video autoencoder as far as memory goes.
struct VaeSizes {
  struct Layer {
    enum class Kind { residual, attention, resample } kind = Kind::residual;
    int64_t in = 0, out = 0;  ///< channels
    bool time = false;        ///< resample: changes the number of frames too
  };
  struct Side {
    std::vector<Layer> layers;
    int64_t channels = 0;  ///< behind the first convolution
  };
  Side encoder, decoder;
  WeightBytes weights;
};

/// `config` must be transformer_config() of those weights. Errors: none yet.
Result<TransformerSizes> transformer_sizes(const Weights& weights, const TransformerConfig& config,
                                           const Compute& compute);
/// Errors: corrupt_input.
Result<TextSizes> text_sizes(const Weights& weights, const Compute& compute);
Result<VaeSizes> vae_sizes(const Weights& weights, const Compute& compute);

}  // namespace troupe::engine::wan
