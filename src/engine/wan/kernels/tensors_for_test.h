// Queries, keys and values made up for tests, and where their heads lie.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "engine/wan/kernels/attention.h"

namespace troupe::engine::wan {

inline void set_rounded(float value, float& out) { out = value; }
inline void set_rounded(float value, Bf16& out) { out = to_bf16(value); }

inline constexpr float kUntouched = 12345;

/// Heads of one token side by side (as a projection leaves them), or tokens of one head; with a gap after
/// each token.
template <typename T>
struct Heads {
  Heads(int64_t heads, int64_t tokens, int64_t dim, bool interleaved)
      : token_stride(interleaved ? heads * dim + 4 : dim + 4),
        head_stride(interleaved ? dim : tokens * (dim + 4)),
        values(tokens * (interleaved ? heads * dim + 4 : heads * (dim + 4))) {
    T untouched{};
    set_rounded(kUntouched, untouched);
    std::fill(values.begin(), values.end(), untouched);
  }
  HeadsView<const T> view() const { return {values.data(), token_stride, head_stride}; }
  HeadsView<T> out() { return {values.data(), token_stride, head_stride}; }

  int64_t token_stride, head_stride;
  std::vector<T> values;
};

template <typename T>
Heads<T> random_heads(int64_t heads, int64_t tokens, int64_t dim, bool interleaved, float bound,
                      uint64_t seed) {
  Heads<T> made(heads, tokens, dim, interleaved);
  Random random(seed);
  for (T& value : made.values) set_rounded(random.uniform(-bound, bound), value);
  return made;
}

template <typename T>
struct Inputs {
  /// `score` is about the largest |score| that comes out.
  Inputs(const AttentionShape& sizes, bool interleaved, float score = 6)
      : shape(sizes),
        q(random_heads<T>(sizes.heads, sizes.queries, sizes.head_dim, interleaved, 2, 1)),
        k(random_heads<T>(sizes.heads, sizes.keys, sizes.head_dim, interleaved, 2, 2)),
        v(random_heads<T>(sizes.heads, sizes.keys, sizes.head_dim, interleaved, 1, 3)),
        interleaved_heads(interleaved) {
    shape.scale = score / (4 * std::sqrt(static_cast<float>(sizes.head_dim)));
  }
  template <typename Out>
  Heads<Out> out() const {
    return Heads<Out>(shape.heads, shape.queries, shape.head_dim, interleaved_heads);
  }

  AttentionShape shape;
  Heads<T> q, k, v;
  bool interleaved_heads;
};

/// The largest difference, infinite where one is not a number; gaps, which nobody may write, included.
template <typename A, typename B>
float largest_difference(const std::vector<A>& a, const std::vector<B>& b) {
  float largest = a.size() == b.size() ? 0 : INFINITY;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const float difference = std::abs(to_float(a[i]) - to_float(b[i]));
    largest = difference <= largest ? largest : std::isnan(difference) ? INFINITY : difference;
  }
  return largest;
}

}  // namespace troupe::engine::wan
