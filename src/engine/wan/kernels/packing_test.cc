#include "engine/wan/kernels/packing.h"

#include <gtest/gtest.h>

#include <vector>

namespace troupe::engine::wan {
namespace {

// Three tokens of four elements, numbered 10 * token + element, in a layout of 16 tokens (32 for v) of 32.
constexpr int kCount = 3, kDim = 4, kLaidDim = 32, kLaidTokens = 32;

std::vector<float> numbered() {
  std::vector<float> values;
  for (int token = 0; token < kCount; ++token) {
    for (int d = 0; d < kDim + 1; ++d) values.push_back(static_cast<float>(d < kDim ? 10 * token + d : 99));
  }
  return values;
}

float number_at(int token, int d) {
  return token < kCount && d < kDim ? static_cast<float>(10 * token + d) : 0.0f;
}

template <typename Element>
constexpr int kTogether = 2 / (sizeof(Element) / 2);

template <typename Element>
void expect_layouts() {
  const std::vector<float> values = numbered();
  const TokenRows<float> rows{values.data(), kDim + 1, kCount, kDim};
  Element old{};
  std::vector<Element> left(kLaidTokens * kLaidDim, old), k(left), v(left);
  pack_left(rows, kLaidTokens, kLaidDim, left.data());
  pack_right_transposed(rows, kLaidTokens, kLaidDim, k.data());
  pack_right(rows, kLaidTokens, kLaidDim, v.data());
  constexpr int kSide = kTogether<Element>;
  for (int token = 0; token < kLaidTokens; ++token) {
    for (int d = 0; d < kLaidDim; ++d) {
      const float number = number_at(token, d);
      ASSERT_EQ(to_float(left[token * kLaidDim + d]), number);
      const int in_k = token / 16 * 16 * kLaidDim + d / kSide * kSide * 16 + token % 16 * kSide + d % kSide;
      ASSERT_EQ(to_float(k[in_k]), number) << token << " " << d;
      const int in_v =
          d / 16 * 16 * kLaidTokens + token / kSide * kSide * 16 + d % 16 * kSide + token % kSide;
      ASSERT_EQ(to_float(v[in_v]), number) << token << " " << d;
    }
  }
}

TEST(Packing, LaysFloatsInBlocksOf16Columns) { expect_layouts<float>(); }
TEST(Packing, LaysBf16InPairsAlongTheDepth) { expect_layouts<Bf16>(); }

}  // namespace
}  // namespace troupe::engine::wan
