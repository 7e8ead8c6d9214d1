// Norms of rows on the CPU with what follows them, in one pass over memory.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/wan/kernels/attention.h"
#include "engine/wan/kernels/bf16.h"

namespace troupe::engine::wan {

/// What is computed of each row x of `width` elements; all arrays float.
struct Norm {
  int64_t width = 32;             ///< a positive multiple of 32
  float eps = 0;                  ///< at least 0
  const float* times = nullptr;   ///< [width]
  const float* add = nullptr;     ///< [width], or null
  const float* cosine = nullptr;  ///< [rows, head_dim / 2], or null
  const float* sine = nullptr;    ///< likewise
  int64_t head_dim = 32;          ///< with cosine: a multiple of 32 that divides width
};

/// Whether there are fast paths on this processor, and these sizes are such multiples.
bool can_normalise(int64_t width, int64_t head_dim);

/// With `add`: (x - mean) / sqrt(mean((x - mean)^2) + eps) * times + add. Without: x / sqrt(mean(x^2) + eps)
/// * times. Then, with `cosine`, in every head, pairs (2 k, 2 k + 1) as complex numbers times cosine[k] + i
/// sine[k] of the row. Inputs are finite; sums are float. x and out: rows without gaps; they may be the same
/// only if of one type. Only where can_normalise() says so. Throws std::bad_alloc. Thread-safe.
/// In, Out: float or Bf16. `path` as AttentionRun::path, but never kPlain.
template <typename In, typename Out>
void normalise(const Norm& norm, int64_t rows, const In* x, Out* out, std::optional<AttentionPath> path = {});

}  // namespace troupe::engine::wan
