#include "engine/wan/nn/float8.h"

#include <gtest/gtest.h>

#include <cmath>

namespace troupe::engine::wan {
namespace {

TEST(Float8, TakesWeightsWhoseSidesAreMultiplesOfSixteen) {
  EXPECT_TRUE(fits_float8({16, 32}));
  EXPECT_TRUE(fits_float8({5120, 13824}));
  for (const std::vector<int64_t>& shape :
       std::vector<std::vector<int64_t>>{{16, 24}, {8, 16}, {0, 16}, {16}, {16, 16, 16}, {}})
    EXPECT_FALSE(fits_float8(shape)) << at::IntArrayRef(shape);
}

TEST(Float8, OthersStayAsTheyAre) {
  const Linear layer{at::ones({6, 16}), at::ones({6})};
  const Linear same = to_float8(layer);
  EXPECT_TRUE(same.weight.is_same(layer.weight));
  EXPECT_FALSE(same.scale.defined());
}

// What follows needs a libtorch that has them.
class Float8Products : public testing::Test {
 protected:
  void SetUp() override {
    if (!multiplies_float8(at::kCPU)) GTEST_SKIP() << "this libtorch has no 8-bit floats";
    at::manual_seed(3);
  }
};

double relative(const at::Tensor& a, const at::Tensor& b) {
  return ((a.to(at::kFloat) - b.to(at::kFloat)).norm() / b.to(at::kFloat).norm()).item<double>();
}

TEST_F(Float8Products, ConvertsWithinHalfAStep) {
  for (const double size : {1e-6, 1.0, 1e6}) {
    const at::Tensor x = at::randn({64, 48}) * size;
    const Float8 small = to_float8(x);
    const at::Tensor back = widened(small, at::kFloat);
    // A step is an eighth of a power of two, and of the smallest normal value below that.
    const at::Tensor step = at::maximum(x.abs() / 16, at::full({}, 0x1p-10) * small.scale);
    EXPECT_TRUE(((back - x).abs() <= step * 1.01).all().item<bool>()) << size;
    EXPECT_LE(small.values.to(at::kFloat).abs().max().item<double>(), 448);
    EXPECT_GT(small.values.to(at::kFloat).abs().max().item<double>(), 400);
  }
}

TEST_F(Float8Products, NeverOverflowsIntoNaN) {
  for (int i = 0; i < 200; ++i) {
    const at::Tensor x = (at::randn({16, 16}) * std::exp2(i - 100)).to(at::kBFloat16);
    EXPECT_FALSE(to_float8(x).values.to(at::kFloat).isnan().any().item<bool>()) << i;
  }
  EXPECT_TRUE((widened(to_float8(at::zeros({16, 16})), at::kFloat) == 0).all().item<bool>());
}

TEST_F(Float8Products, TellsOfNaN) {
  at::Tensor x = at::ones({16, 16});
  x[3][4] = std::nan("");
  EXPECT_TRUE(widened(to_float8(x), at::kFloat).isnan().any().item<bool>());
}

TEST_F(Float8Products, ALayerIsCloseToItsOwnInFloats) {
  const Linear layer{at::randn({64, 96}) / 10, at::randn({64})};
  const at::Tensor x = at::randn({33, 96});
  const Linear small = to_float8(layer);
  ASSERT_TRUE(small.scale.defined());
  const at::Tensor out = small(x), want = layer(x);
  EXPECT_EQ(out.scalar_type(), at::kBFloat16);
  EXPECT_EQ(out.sizes(), want.sizes());
  EXPECT_LT(relative(out, want), 0.05);
  EXPECT_GT(relative(out, want), 0.001) << "which would be no 8-bit floats";
  EXPECT_TRUE(at::equal(project(small, x, false), out));
  at::Tensor stream = at::zeros({33, 64});
  add_projected(stream, small, x, {}, false);
  EXPECT_TRUE(at::equal(stream, out.to(at::kFloat)));
}

TEST_F(Float8Products, SeveralLayersShareWhatTheyAreGiven) {
  const at::Tensor x = at::randn({8, 32});
  const Operand shared(x);
  const void* const once = shared.float8().values.data_ptr();
  EXPECT_EQ(shared.float8().values.data_ptr(), once);
  const Linear layer = to_float8(Linear{at::randn({16, 32}), {}});
  EXPECT_TRUE(at::equal(layer(shared), layer(x)));
}

}  // namespace
}  // namespace troupe::engine::wan
