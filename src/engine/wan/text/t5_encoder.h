// The text encoder of the Wan models: umT5's encoder.
// Source: Wan-Video/Wan2.1 wan/modules/t5.py @9737cba (T5Encoder, T5RelativeEmbedding).
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/wan/nn/compute.h"
#include "engine/wan/nn/ops.h"
#include "engine/wan/nn/tap.h"
#include "engine/wan/weights/residency.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// What tensors do not tell of a text encoder.
struct T5Constants {
  double eps = 1e-6;
  int64_t farthest = 128;  ///< the distance from which on all share the last bucket
};

/// "eps" and "max_dist" of `described`, a JSON object as in the "config" metadata of a file, then of that
/// metadata; what neither has, or has as no sensible number, is as umT5's.
T5Constants t5_constants(const Weights& weights, const std::string& described = {});

/// The name of the first block's table of positions [buckets, heads], which is that of all blocks in networks
/// with a shared one.
std::string_view positions_name(const Weights& weights);

/// The bucket of a distance, key position - query position: 0 … buckets - 1. Half of the buckets are for keys
/// to the right; a quarter for single distances, the rest grows by logarithm up to `farthest`. REQUIRES
/// buckets >= 4 and farthest > buckets / 4.
int64_t relative_bucket(int64_t distance, int64_t buckets, int64_t farthest = T5Constants().farthest);

/// Thread-safety: encode() may be called from several threads.
class T5Encoder {
 public:
  using Residency = wan::Residency;

  /// Sizes are read from the shapes, the rest is t5_constants(). Errors: as Weights::read(); corrupt_input
  /// for sizes and constants that contradict each other.
  static Result<T5Encoder> load(const Weights& weights, const Compute& compute,
                                const std::string& described = {});

  /// `weights` is kept where it is streamed: two blocks are in memory at most then, and every text reads all
  /// of them, on a thread of its own.
  static Result<T5Encoder> load(std::shared_ptr<const Weights> weights, const Compute& compute,
                                Residency residency, const std::string& described = {});

  /// The hidden states of `ids`, [ids, width] float. Only the first `keys` ids are attended to (what is
  /// behind them is padding). REQUIRES 1 <= keys <= ids.size(). Throws c10::Error for an id beyond the
  /// vocabulary, and where a streamed block cannot be read.
  at::Tensor encode(std::span<const int32_t> ids, int64_t keys, const Tap& tap = {}) const;

  int64_t width() const { return width_; }
  int64_t buckets() const { return buckets_; }
  const T5Constants& constants() const { return constants_; }
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

  Result<void> measure(const Weights& weights);
  Block read_block(Reader& reader, int64_t index) const;
  Block read_streamed(int64_t index) const;
  at::Tensor bias_of(const at::Tensor& positions, int64_t queries, int64_t keys) const;
  at::Tensor attend(const Block& block, const at::Tensor& x, int64_t keys) const;
  void run(const Block& block, at::Tensor& x, int64_t keys, const Tap& tap, const std::string& at) const;

  std::shared_ptr<const Weights> weights_;  // where it is streamed
  Compute compute_;
  T5Constants constants_;
  int64_t width_ = 0, inner_ = 0, ffn_dim_ = 0, heads_ = 0, buckets_ = 0, layers_ = 0;
  at::Tensor embedding_;                // [vocabulary, width]
  std::vector<Block> blocks_;           // where it is resident
  at::Tensor norm_, shared_positions_;  // the second only where blocks have none of their own
};

}  // namespace troupe::engine::wan
