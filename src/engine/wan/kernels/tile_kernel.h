// What differs between the fast paths of attention: how tiles are multiplied, and how a tile's softmax is
// taken. Private to kernels/.
#pragma once

#include <cstdint>

#include "engine/wan/kernels/attention.h"

namespace troupe::engine::wan {

/// Layouts. A left operand (q, or the weights) is rows of `depth` elements, next to each other. A right
/// operand (k transposed, or v) is blocks of 16 columns; of floats: [block][depth][16], of bf16:
/// [block][depth / 2][16][2], that is pairs along the depth side by side, which vdpbf16ps and tdpbf16ps
/// (there: "VNNI") both want.
inline constexpr int kBlockColumns = 16;
/// Depths and widths are filled up with zeros to a multiple of this: what one AMX tile takes, and two blocks.
inline constexpr int kDimStep = 32;
/// Keys are filled up to a multiple of this.
inline constexpr int kKeyStep = 64;
inline constexpr int kSumLanes = 16;

/// c = a b, or c = c * keep + a b.
struct Product {
  const void* a;
  int64_t a_stride;  ///< elements from row to row
  const void* b;     ///< its blocks start `b_block` elements after each other
  int64_t b_block;
  int rows;           ///< a multiple of the kernel's row_step
  int columns;        ///< a multiple of kDimStep
  int depth;          ///< a multiple of kDimStep
  const float* keep;  ///< one factor a row; null: c is not read
  float* c;
  int64_t c_stride;
};

/// The running state of the rows of a query tile, and one tile of scores.
struct SoftmaxTile {
  float* scores;  ///< [rows][stride]; changed
  void* weights;  ///< [rows][stride] of the kernel's elements; the floats' are written over the scores (same
                  ///< pointer)
  int64_t stride;
  int rows;
  int columns;        ///< a multiple of kKeyStep
  float scale_log2e;  ///< factor that makes the scores exponents of 2
  float* row_max;     ///< [rows]: largest exponent so far; lowest float before the first tile
  float* row_sum;     ///< [rows][kSumLanes]: sum of the weights so far, in lanes
  float* keep;  ///< [rows], out: what earlier weights are multiplied by, now that the largest is another
};

/// What becomes of sums: value = sum + bias, then gelu(value) by the tanh formula if asked for; written, or
/// added times the gate.
struct FinishTile {
  const float* sums;  ///< [rows][stride]
  int64_t stride;
  int rows;
  int columns;        ///< a multiple of kDimStep
  const float* bias;  ///< [columns]
  bool gelu;
  const float* gate;  ///< [columns]: out += value * gate, of floats; null: out = value
  void* out;          ///< [rows][out_stride]
  int64_t out_stride;
  bool rounded;  ///< out is bf16, else floats
};

/// Rows brought to length 1 over their width: value = (x - mean) / sqrt(mean((x - mean)^2) + eps) * times +
/// add, or without the mean and `add`; then neighbouring pairs turned.
struct NormTile {
  const void* x;
  void* out;
  bool x_rounded, out_rounded;  ///< bf16, else floats
  int64_t rows, width;          ///< rows without gaps; width a multiple of kDimStep
  float eps;
  bool centred;        ///< with the mean
  const float* times;  ///< [width]
  const float* add;    ///< [width]; not read unless centred
  const float* cos;    ///< [rows][head_dim / 2], the same for every head; null: nothing is turned
  const float* sin;    ///< likewise
  int64_t head_dim;    ///< a multiple of kDimStep that divides width
  float* row;          ///< [width], to work in
};

struct TileKernel {
  const char* name;
  bool pairs;       ///< operands are bf16 in pairs, else floats
  int row_step;     ///< rows are filled up to a multiple of this
  int query_tile;   ///< rows at a time, a multiple of row_step
  int key_tile;     ///< keys at a time, a multiple of kKeyStep
  void (*enter)();  ///< on each thread before the first product, may be null
  void (*leave)();  ///< on each thread after the last, may be null
  void (*multiply)(const Product& product);
  void (*softmax)(const SoftmaxTile& tile);
  void (*finish)(const FinishTile& tile);
  /// A block of a right operand whose columns lie in rows: out[word][16] = rows[16][word], in words of 32
  /// bits.
  void (*transpose)(const void* rows, int64_t stride_bytes, int words, void* out);
  void (*norm)(const NormTile& tile);
};

/// One for each fast path; only to be run where cpu.h says so. Null where they are not compiled (other
/// processors).
const TileKernel* avx2_kernel();
const TileKernel* avx512_kernel();
const TileKernel* avx512_bf16_kernel();
const TileKernel* amx_kernel();
/// The one of a path; null for kPlain.
const TileKernel* tile_kernel_of(AttentionPath path);

}  // namespace troupe::engine::wan
