// The text encoder of the Wan models: umT5's encoder.
// Source: Wan-Video/Wan2.1 wan/modules/t5.py @9737cba (T5Encoder, T5RelativeEmbedding).
#pragma once

#include <ATen/ATen.h>

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/nn/ops.h"
#include "engine/wan/nn/tap.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// The bucket of a distance, key position - query position: 0 … buckets - 1. Half of the buckets are for keys
/// to the right; a quarter for single distances, the rest grows by logarithm up to 128.
int64_t relative_bucket(int64_t distance, int64_t buckets);

/// Thread-safety: encode() may be called from several threads.
class T5Encoder {
 public:
  /// Sizes are read from the shapes.
  /// Errors: as Weights::read().
  static Result<T5Encoder> load(const Weights& weights, const Compute& compute);

  /// The hidden states of `ids`, [ids, width] float. Only the first `keys` ids are attended to (what is
  /// behind them is padding). REQUIRES 1 <= keys <= ids.size(). Throws c10::Error for an id beyond the
  /// vocabulary.
  at::Tensor encode(std::span<const int32_t> ids, int64_t keys, const Tap& tap = {}) const;

  int64_t width() const { return width_; }
  int64_t buckets() const { return blocks_.front().positions.size(0); }
  int64_t vocabulary() const { return embedding_.size(0); }

  /// What is added to the scores of block `block`: [heads, queries, keys] float.
  at::Tensor position_bias(size_t block, int64_t queries, int64_t keys) const;

 private:
  struct Block {
    at::Tensor norm1, norm2;
    Linear q, k, v, o;
    at::Tensor positions;  // [buckets, heads]
    Linear gate, fc1, fc2;
  };

  at::Tensor attend(const Block& block, size_t index, const at::Tensor& x, int64_t keys) const;

  Compute compute_;
  int64_t width_ = 0, heads_ = 0;
  at::Tensor embedding_;  // [vocabulary, width]
  std::vector<Block> blocks_;
  at::Tensor norm_;
};

}  // namespace troupe::engine::wan
