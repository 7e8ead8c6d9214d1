// Attention on the CPU: softmax(q k^T scale + bias) v, without ever holding all scores.
// Online softmax in tiles: Dao, "FlashAttention-2", 2023 (arXiv:2307.08691), algorithm 1.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/cancel.h"
#include "engine/wan/kernels/bf16.h"
#include "engine/wan/kernels/buffer.h"

namespace troupe::engine::wan {

/// How the arithmetic is done, slowest first.
enum class AttentionPath {
  kPlain,       ///< one row of scores at a time in double precision: what the others are compared with
  kAvx2,        ///< tiles, float, AVX2 and FMA
  kAvx512,      ///< tiles, float, AVX-512
  kAvx512Bf16,  ///< tiles, products of bf16 added up in float (vdpbf16ps); bf16 inputs only
  kAmx,         ///< the same in AMX tiles (tdpbf16ps); bf16 inputs only
};

/// Its name in lower case ("avx512-bf16"), for a log or a table. Never null, never to be freed.
const char* name_of(AttentionPath path);

/// The paths that this processor and system can take for float or for bf16 inputs, slowest first; kPlain is
/// always there. kAmx is only listed after a small attention through it agreed with kPlain. Asks once, then
/// remembers; thread-safe.
const std::vector<AttentionPath>& attention_paths_f32();
const std::vector<AttentionPath>& attention_paths_bf16();

/// Sizes, in elements.
struct AttentionShape {
  int64_t heads = 1;     ///< at least 1
  int64_t queries = 1;   ///< at least 1
  int64_t keys = 1;      ///< at least 1
  int64_t head_dim = 2;  ///< even, 2 … 256; multiples of 32 waste nothing
  float scale = 1;       ///< multiplies q·k; finite, above 0; 1/sqrt(head_dim) as a rule
};

/// Where element (token, head, d) lies: data[token * token_stride + head * head_stride + d]. Views, owning
/// nothing.
template <typename T>
struct HeadsView {
  T* data = nullptr;
  int64_t token_stride = 0;
  int64_t head_stride = 0;
};

/// What is added to the score of (head, query, key): data[head * head_stride + query * query_stride + key],
/// finite, in the units of scores already scaled. None where data is null. Any stride may be 0.
struct AttentionBias {
  const float* data = nullptr;
  int64_t head_stride = 0;
  int64_t query_stride = 0;
};

/// Calls body(begin, end) for ranges that together are 0 … count, each once, on any threads, and returns when
/// all have ended. at::parallel_for with a grain of 1 does. body never throws but std::bad_alloc.
using ParallelFor =
    std::function<void(int64_t count, const std::function<void(int64_t begin, int64_t end)>& body)>;

/// How to run it.
struct AttentionRun {
  ParallelFor parallel_for = {};           ///< empty: on the calling thread
  CancelToken cancel = {};                 ///< looked at before every tile of about a hundred queries
  std::optional<AttentionPath> path = {};  ///< none: the best one; else one of attention_paths_…()
  Allocate allocate = {};                  ///< where it works
};

/// out = softmax(q k^T * scale + bias) v, for every head. q and out have `queries` tokens, k and v `keys`;
/// there is no mask. Inputs are finite, of any magnitude whose scores are finite floats; out may not overlap
/// them. Float inputs are computed in float: about 2e-6 of the largest |v| from the exact result where scores
/// stay below 20. Bf16 inputs: q and k are used as they are, the weights of v are rounded to bf16, sums are
/// float: about 1e-2 of it. The same bits come out whatever the number of threads, on the same path.
///
/// Blocks until done. Memory besides: k and v packed, of as many heads as fit 64 MiB (at least one), and
/// below 1 MiB a range that parallel_for runs at once. Throws std::bad_alloc. Thread-safe: calls share
/// nothing. Returns whether all was done: false when cancelled, with out in part written.
[[nodiscard]] bool attention(const AttentionShape& shape, HeadsView<const float> q, HeadsView<const float> k,
                             HeadsView<const float> v, HeadsView<float> out, const AttentionBias& bias = {},
                             const AttentionRun& run = {});
[[nodiscard]] bool attention(const AttentionShape& shape, HeadsView<const Bf16> q, HeadsView<const Bf16> k,
                             HeadsView<const Bf16> v, HeadsView<Bf16> out, const AttentionBias& bias = {},
                             const AttentionRun& run = {});
[[nodiscard]] bool attention(const AttentionShape& shape, HeadsView<const Bf16> q, HeadsView<const Bf16> k,
                             HeadsView<const Bf16> v, HeadsView<float> out, const AttentionBias& bias = {},
                             const AttentionRun& run = {});

}  // namespace troupe::engine::wan
