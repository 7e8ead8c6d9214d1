// What each network takes of memory: its weights, and the most that it holds while it computes. The figures
// follow the code of the networks step by step; memory_plan_test measures them.
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
  WeightBytes rest;     ///< all but the blocks
  WeightBytes blocks;   ///< all of them, VACE's too
  WeightBytes block;    ///< the largest
  int64_t reading = 0;  ///< taken for a moment beside, while LoRAs or scales are worked into one tensor, or
                        ///< its 8-bit floats are made
};

struct TextSizes {
  int64_t width = 0, inner = 0, ffn_dim = 0, heads = 0;
  WeightBytes rest, blocks, block;
};

/// The video autoencoder, or TAEHV, as far as memory goes.
struct VaeSizes {
  struct Layer {
    enum class Kind { residual, attention, resample } kind = Kind::residual;
    int64_t in = 0, out = 0;  ///< channels
    bool time = false;        ///< resample: changes the number of frames too
  };
  struct Side {
    int64_t channels = 0;       ///< behind the first convolution
    std::vector<Layer> layers;  ///< in the order in which they run
    int64_t last = 0;           ///< channels of what comes out
  };
  Side encoder, decoder;
  WeightBytes weights;
};
struct TinySizes {
  int64_t channels = 0;  ///< of the widest layer at full size
  WeightBytes weights;
};

/// From weights' tables. `config` must be transformer_config() of them. Errors: corrupt_input.
TransformerSizes transformer_sizes(const Weights& weights, const TransformerConfig& config,
                                   const Compute& compute);
Result<TextSizes> text_sizes(const Weights& weights, const Compute& compute);
Result<VaeSizes> vae_sizes(const Weights& weights, const Compute& compute);
Result<TinySizes> tiny_sizes(const Weights& weights, const Compute& compute);

/// The parts of a transformer's input.
struct TokenCounts {
  int64_t tokens = 0;       ///< of all segments
  int64_t text_tokens = 0;  ///< that look at the text
  bool hints = false;       ///< the VACE branch runs
};
// The most bytes that a computation holds at once, beside the weights and what it is given, with the copies
// that oneDNN makes for itself.

/// One forward pass.
int64_t forward_work(const TransformerConfig& config, const Compute& compute, const TokenCounts& counts);
/// What stays of one text: PreparedText.
int64_t prepared_bytes(const TransformerConfig& config, const Compute& compute);
/// Encoding one text.
int64_t text_work(const TextSizes& sizes, const Compute& compute, int64_t tokens);
/// Decoding `latents` latent frames, or encoding as many, of rows x columns latents; what goes in and comes
/// out of a whole pass is not counted.
int64_t decode_work(const VaeSizes& sizes, const Compute& compute, int64_t latents, int64_t rows,
                    int64_t columns);
int64_t encode_work(const VaeSizes& sizes, const Compute& compute, int64_t latents, int64_t rows,
                    int64_t columns);
int64_t decode_work(const TinySizes& sizes, const Compute& compute, int64_t rows, int64_t columns);

}  // namespace troupe::engine::wan
