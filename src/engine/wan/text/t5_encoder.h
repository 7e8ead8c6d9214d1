// The text encoder of the Wan models: umT5's encoder.
// Source: Wan-Video/Wan2.1 wan/modules/t5.py @9737cba (T5Encoder, T5RelativeEmbedding).
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/nn/ops.h"
#include "engine/wan/nn/tap.h"
#include "engine/wan/weights/residency.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// The bucket of a distance, key position - query position: 0 … buckets - 1. Half of the buckets are for keys
/// to the right; a quarter for single distances, the rest grows by logarithm up to 128.
int64_t relative_bucket(int64_t distance, int64_t buckets);

/// Thread-safety: encode() may be called from several threads.
class T5Encoder {
 public:
  using Residency = wan::Residency;

  /// Sizes are read from the shapes.
  /// Errors: as Weights::read().
  static Result<T5Encoder> load(const Weights& weights, const Compute& compute);

  /// `weights` is kept where it is streamed: two blocks are in memory at most then, and every text reads all
  /// of them, on a thread of its own.
  static Result<T5Encoder> load(std::shared_ptr<const Weights> weights, const Compute& compute,
                                Residency residency);

  /// The hidden states of `ids`, [ids, width] float. Only the first `keys` ids are attended to (what is
  /// behind them is padding). REQUIRES 1 <= keys <= ids.size(). Throws c10::Error for an id beyond the
  /// vocabulary, and where a streamed block cannot be read.
  at::Tensor encode(std::span<const int32_t> ids, int64_t keys, const Tap& tap = {}) const;

  int64_t width() const { return width_; }
  int64_t buckets() const { return buckets_; }
  int64_t vocabulary() const { return embedding_.size(0); }

  /// What is added to the scores of block `block`: [heads, queries, keys] float. REQUIRES that it is
  /// resident.
  at::Tensor position_bias(size_t block, int64_t queries, int64_t keys) const;

 private:
  struct Block {
    at::Tensor norm1, norm2;
    Linear q, k, v, o;
    at::Tensor positions;  // [buckets, heads]
    Linear gate, fc1, fc2;
  };

  Block read_block(Reader& reader, int64_t index) const;
  Block read_streamed(int64_t index) const;
  at::Tensor bias_of(const at::Tensor& positions, int64_t queries, int64_t keys) const;
  at::Tensor attend(const Block& block, const at::Tensor& x, int64_t keys) const;
  void run(const Block& block, at::Tensor& x, int64_t keys, const Tap& tap, const std::string& at) const;

  std::shared_ptr<const Weights> weights_;  // where it is streamed
  Compute compute_;
  int64_t width_ = 0, inner_ = 0, ffn_dim_ = 0, heads_ = 0, buckets_ = 0, layers_ = 0;
  at::Tensor embedding_;       // [vocabulary, width]
  std::vector<Block> blocks_;  // where it is resident
  at::Tensor norm_;
};

}  // namespace troupe::engine::wan
