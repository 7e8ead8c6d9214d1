// Products of bf16 in AMX tiles (Intel 64 SDM, "TMUL"). Private to kernels/.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/wan/kernels/tile_kernel.h"

// Functions that may be inlined into each other, down to the instructions. Compilers use none of them
// unasked.
#if defined(__x86_64__)
#define TROUPE_AMX __attribute__((target("amx-tile,amx-bf16")))
#else
#define TROUPE_AMX
#endif

namespace troupe::engine::wan {

/// All eight tiles are 16 rows of 64 bytes: 16 x 16 sums of floats (0 … 3), 16 rows by 32 bf16 of the left
/// operand (4, 5), 16 pairs of depth by 16 columns of the right one (6, 7).
inline constexpr int kTileRows = 16;
inline constexpr int kTileBytes = 64;
inline constexpr int kTileDepth = kTileBytes / 2;  ///< bf16 that one multiplication adds up

/// The argument of ldtilecfg, palette 1.
struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);

/// c (32 x 32) = a b, or c += a b. Tiles has zeroN(), loadN(from, stride_bytes), storeN(to, stride_bytes) and
/// multiply_CAB(): tile C += A x B, as the instructions do, for the tiles used here: the processor's, or an
/// emulation of them.
template <typename Tiles>
TROUPE_AMX void amx_multiply_block(Tiles& tiles, const Product& p, const uint16_t* a, const uint16_t* b,
                                   bool from_zero, float* c) {
  float* below = c + kTileRows * p.c_stride;
  const size_t c_bytes = p.c_stride * sizeof(float), a_bytes = p.a_stride * sizeof(uint16_t);
  if (from_zero) {
    tiles.zero0(), tiles.zero1(), tiles.zero2(), tiles.zero3();
  } else {
    tiles.load0(c, c_bytes), tiles.load1(c + kTileRows, c_bytes);
    tiles.load2(below, c_bytes), tiles.load3(below + kTileRows, c_bytes);
  }
  for (int k = 0; k < p.depth; k += kTileDepth) {
    tiles.load4(a + k, a_bytes);
    tiles.load6(b + k * kBlockColumns, kTileBytes);
    tiles.multiply_046();
    tiles.load7(b + p.b_block + k * kBlockColumns, kTileBytes);
    tiles.multiply_147();
    tiles.load5(a + kTileRows * p.a_stride + k, a_bytes);
    tiles.multiply_256();
    tiles.multiply_357();
  }
  tiles.store0(c, c_bytes), tiles.store1(c + kTileRows, c_bytes);
  tiles.store2(below, c_bytes), tiles.store3(below + kTileRows, c_bytes);
}

inline void scale_rows(float* c, int64_t stride, const float* factors) {
  for (int row = 0; row < 2 * kTileRows; ++row) {
    for (int i = 0; i < 2 * kTileRows; ++i) c[row * stride + i] *= factors[row];
  }
}

/// TileKernel::multiply with rows in steps of 32.
template <typename Tiles>
TROUPE_AMX void amx_multiply(Tiles& tiles, const Product& p) {
  constexpr int kStep = 2 * kTileRows;
  for (int column = 0; column < p.columns; column += kStep) {
    const auto* b = static_cast<const uint16_t*>(p.b) + column / kBlockColumns * p.b_block;
    for (int row = 0; row < p.rows; row += kStep) {
      float* c = p.c + row * p.c_stride + column;
      if (p.keep) scale_rows(c, p.c_stride, p.keep + row);
      amx_multiply_block(tiles, p, static_cast<const uint16_t*>(p.a) + row * p.a_stride, b, !p.keep, c);
    }
  }
}

}  // namespace troupe::engine::wan
