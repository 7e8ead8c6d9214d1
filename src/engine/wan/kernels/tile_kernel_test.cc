#include "engine/wan/kernels/tile_kernel.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "engine/wan/kernels/amx_multiply.h"
#include "engine/wan/kernels/cpu.h"
#include "engine/wan/kernels/packing.h"
#include "engine/wan/kernels/plain_attention.h"
#include "engine/wan/kernels/tensors_for_test.h"
#include "engine/wan/kernels/tile_attention.h"

namespace troupe::engine::wan {
namespace {

// The tile instructions as Intel's manual has them, on tiles of 16 rows of 64 bytes.
struct EmulatedTiles {
  uint8_t tile[8][kTileRows][kTileBytes];

  void zero(int t) { std::memset(tile[t], 0, sizeof tile[t]); }
  void load(int t, const void* from, size_t stride) {
    for (int row = 0; row < kTileRows; ++row) {
      std::memcpy(tile[t][row], static_cast<const uint8_t*>(from) + row * stride, kTileBytes);
    }
  }
  void store(int t, void* to, size_t stride) {
    for (int row = 0; row < kTileRows; ++row) {
      std::memcpy(static_cast<uint8_t*>(to) + row * stride, tile[t][row], kTileBytes);
    }
  }
  float product(int a, int b, int row, int pair, int column, int side) {
    Bf16 left, right;
    std::memcpy(&left, &tile[a][row][4 * pair + 2 * side], 2);
    std::memcpy(&right, &tile[b][pair][4 * column + 2 * side], 2);
    return to_float(left) * to_float(right);
  }
  void multiply(int c, int a, int b) {
    for (int row = 0; row < kTileRows; ++row) {
      for (int column = 0; column < kTileBytes / 4; ++column) {
        float sum;
        std::memcpy(&sum, &tile[c][row][4 * column], 4);
        for (int pair = 0; pair < kTileBytes / 4; ++pair) {
          sum += product(a, b, row, pair, column, 0) + product(a, b, row, pair, column, 1);
        }
        std::memcpy(&tile[c][row][4 * column], &sum, 4);
      }
    }
  }

#define TROUPE_TILE_OPS(n)                                                 \
  void zero##n() { zero(n); }                                              \
  void load##n(const void* from, size_t stride) { load(n, from, stride); } \
  void store##n(void* to, size_t stride) { store(n, to, stride); }
  TROUPE_TILE_OPS(0)
  TROUPE_TILE_OPS(1)
  TROUPE_TILE_OPS(2)
  TROUPE_TILE_OPS(3)
  TROUPE_TILE_OPS(4)
  TROUPE_TILE_OPS(5)
  TROUPE_TILE_OPS(6)
  TROUPE_TILE_OPS(7)
#undef TROUPE_TILE_OPS
  void multiply_046() { multiply(0, 4, 6); }
  void multiply_147() { multiply(1, 4, 7); }
  void multiply_256() { multiply(2, 5, 6); }
  void multiply_357() { multiply(3, 5, 7); }
};

void emulated_multiply(const Product& product) {
  EmulatedTiles tiles;
  amx_multiply(tiles, product);
}

// SoftmaxTile in words of one float.
void plain_softmax(const SoftmaxTile& t) {
  for (int row = 0; row < t.rows; ++row) {
    const float* scores = t.scores + row * t.stride;
    const float peak =
        std::max(t.row_max[row], *std::max_element(scores, scores + t.columns) * t.scale_log2e);
    t.keep[row] = std::exp2(t.row_max[row] - peak);
    t.row_max[row] = peak;
    float& sum = t.row_sum[row * kSumLanes];
    sum *= t.keep[row];
    for (int i = 0; i < t.columns; ++i) {
      const float weight = std::exp2(scores[i] * t.scale_log2e - peak);
      sum += weight;
      static_cast<Bf16*>(t.weights)[row * t.stride + i] = to_bf16(weight);
    }
  }
}

constexpr TileKernel kEmulatedAmx{"emulated",    true,    32,      128,
                                  256,           nullptr, nullptr, emulated_multiply,
                                  plain_softmax, nullptr, nullptr, nullptr};

std::vector<const TileKernel*> kernels() {
  std::vector<const TileKernel*> all{&kEmulatedAmx};
  if (cpu_has_avx2()) all.push_back(avx2_kernel());
  if (cpu_has_avx512()) all.push_back(avx512_kernel());
  if (cpu_has_avx512_bf16()) all.push_back(avx512_bf16_kernel());
  return all;
}

TEST(Amx, LaysItsTilesOutAsPlainAttentionHasIt) {
  for (const AttentionShape& shape : {AttentionShape{1, 1, 1, 2}, AttentionShape{2, 40, 300, 24},
                                      AttentionShape{1, 150, 270, 128}, AttentionShape{1, 31, 65, 96}}) {
    const Inputs<Bf16> inputs(shape, true);
    auto expected = inputs.out<float>(), got = inputs.out<float>();
    ASSERT_TRUE((plain_attention<Bf16, float>(inputs.shape, inputs.q.view(), inputs.k.view(), inputs.v.view(),
                                              expected.out(), {}, {})));
    ASSERT_TRUE((tile_attention<Bf16, float>(kEmulatedAmx, inputs.shape, inputs.q.view(), inputs.k.view(),
                                             inputs.v.view(), got.out(), {}, {})));
    EXPECT_LT(largest_difference(got.values, expected.values), 5e-3f) << shape.keys;
  }
}

// Products of small whole numbers are exact in any order.
template <typename Element>
void expect_product(const TileKernel& kernel) {
  constexpr int kRows = 96, kColumns = 160, kDepth = 64;
  const auto value = [](int i, int j) { return static_cast<float>((i * 7 + j * 3) % 11 - 5); };
  std::vector<float> a(kRows * kDepth), b(kDepth * kColumns), c(kRows * (kColumns + 1), 1.0f), keep(kRows);
  for (int i = 0; i < kRows * kDepth; ++i) a[i] = value(i / kDepth, i % kDepth);
  for (int i = 0; i < kDepth * kColumns; ++i) b[i] = value(i % kColumns, i / kColumns + 1);
  for (int i = 0; i < kRows; ++i) keep[i] = static_cast<float>(i % 3);
  std::vector<Element> left(a.size()), right(b.size());
  pack_left<float, Element>({a.data(), kDepth, kRows, kDepth}, kRows, kDepth, left.data());
  pack_right<float, Element>({b.data(), kColumns, kDepth, kColumns}, kDepth, kColumns, right.data());
  kernel.multiply({left.data(), kDepth, right.data(), kBlockColumns * kDepth, kRows, kColumns, kDepth,
                   keep.data(), c.data(), kColumns + 1});
  for (int i = 0; i < kRows; ++i) {
    for (int j = 0; j < kColumns; ++j) {
      float sum = keep[i];
      for (int k = 0; k < kDepth; ++k) sum += a[i * kDepth + k] * b[k * kColumns + j];
      ASSERT_EQ(c[i * (kColumns + 1) + j], sum) << kernel.name << " row " << i << " column " << j;
    }
    ASSERT_EQ(c[i * (kColumns + 1) + kColumns], 1.0f) << "written past the end";
  }
}

TEST(TileKernel, MultipliesExactly) {
  for (const TileKernel* kernel : kernels()) {
    kernel->pairs ? expect_product<Bf16>(*kernel) : expect_product<float>(*kernel);
  }
}

// Exponents from -140 to 0 in one row, then a second tile with a larger one.
TEST(TileKernel, TakesPowersOfTwo) {
  constexpr int kColumns = 256;
  for (const TileKernel* kernel : kernels()) {
    std::vector<float> scores(kColumns), sum(kSumLanes), weights(kColumns);
    for (int i = 0; i < kColumns; ++i) scores[i] = static_cast<float>(i - 255) * (140.0f / 255);
    float peak = std::numeric_limits<float>::lowest(), keep = -1;
    std::vector<float> given = scores;
    SoftmaxTile tile{given.data(), kernel->pairs ? weights.data() : given.data(),
                     kColumns,     1,
                     kColumns,     1.0f,
                     &peak,        sum.data(),
                     &keep};
    kernel->softmax(tile);
    EXPECT_EQ(keep, 0);
    const double tolerance = kernel->pairs ? 1.0 / 256 + 1e-4 : 2e-7;
    double total = 0;
    for (int i = 0; i < kColumns; ++i) {
      const float got = kernel->pairs ? to_float(reinterpret_cast<Bf16*>(weights.data())[i]) : given[i];
      const double exact = scores[i] < -125 ? 0 : std::exp2(static_cast<double>(scores[i]));
      EXPECT_NEAR(got, exact, exact * tolerance + 1e-37) << kernel->name << " of " << scores[i];
      total += exact;
    }
    scores.assign(kColumns, 2.0f);
    tile.scores = scores.data();
    tile.weights = kernel->pairs ? static_cast<void*>(weights.data()) : scores.data();
    kernel->softmax(tile);
    EXPECT_FLOAT_EQ(keep, 0.25f) << kernel->name;
    double sums = 0;
    for (const float lane : sum) sums += lane;
    EXPECT_NEAR(sums, total / 4 + kColumns, 1e-3) << kernel->name;
  }
}

}  // namespace
}  // namespace troupe::engine::wan
