// Matrix products on the CPU with what follows them: x w^T + bias, then GELU, or added to a stream.
// Blocked for the caches as in Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication",
// 2008.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/wan/kernels/attention.h"
#include "engine/wan/kernels/bf16.h"
#include "engine/wan/kernels/buffer.h"

namespace troupe::engine::wan {

/// Sizes, in elements.
struct LinearShape {
  int64_t rows = 1;  ///< at least 1
  int64_t in = 32;   ///< a positive multiple of 32
  int64_t out = 32;  ///< a positive multiple of 32
};

/// Element (row, i) lies at data[row * stride + i]. A view, owning nothing.
template <typename T>
struct RowsView {
  T* data = nullptr;
  int64_t stride = 0;
};

/// What becomes of the products.
struct LinearEnd {
  const float* bias = nullptr;  ///< [out], or null
  bool gelu = false;            ///< GELU by the tanh formula
  /// [out]: the result times this is added to the output, which is float; null: it is written over it.
  const float* gate = nullptr;
};

/// How to run it.
struct LinearRun {
  ParallelFor parallel_for = {};           ///< empty: on the calling thread
  std::optional<AttentionPath> path = {};  ///< as AttentionRun::path, but never kPlain
  Allocate allocate = {};                  ///< where it works
};

/// Whether there are fast paths on this processor, and these sizes are multiples of 32.
bool can_multiply(const LinearShape& shape);

/// out = end(x w^T), with x [rows, in], w [out, in], out [rows, out] which overlaps neither. Inputs are
/// finite. Products are of the inputs as they are, sums are float. The same bits come out whatever the number
/// of threads, on the same path. Only where can_multiply() says so.
///
/// Blocks until done. Works in (in + 192) * 1 KiB or less for each range that parallel_for runs at once.
/// Throws std::bad_alloc. Thread-safe: calls share nothing.
void linear(const LinearShape& shape, RowsView<const float> x, RowsView<const float> w, const LinearEnd& end,
            RowsView<float> out, const LinearRun& run = {});
void linear(const LinearShape& shape, RowsView<const Bf16> x, RowsView<const Bf16> w, const LinearEnd& end,
            RowsView<Bf16> out, const LinearRun& run = {});
void linear(const LinearShape& shape, RowsView<const Bf16> x, RowsView<const Bf16> w, const LinearEnd& end,
            RowsView<float> out, const LinearRun& run = {});

}  // namespace troupe::engine::wan
