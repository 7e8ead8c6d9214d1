#include "engine/wan/kernels/norm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/wan/kernels/tensors_for_test.h"

namespace troupe::engine::wan {
namespace {

constexpr int64_t kRows = 3, kWidth = 192, kHeadDim = 64, kHalf = kHeadDim / 2;

std::vector<float> random_values(int64_t count, float bound, uint64_t seed) {
  std::vector<float> values(count);
  Random random(seed);
  for (float& value : values) value = random.uniform(-bound, bound) + bound / 2;
  return values;
}

// The formulas of norm.h, one after the other.
std::vector<double> in_words(const Norm& norm, const std::vector<float>& x) {
  std::vector<double> out(x.size());
  for (int64_t row = 0; row < kRows; ++row) {
    const float* in = &x[row * kWidth];
    double* to = &out[row * kWidth];
    double mean = 0, squares = 0;
    for (int64_t i = 0; norm.add && i < kWidth; ++i) mean += in[i] / double{kWidth};
    for (int64_t i = 0; i < kWidth; ++i) squares += (in[i] - mean) * (in[i] - mean) / double{kWidth};
    for (int64_t i = 0; i < kWidth; ++i)
      to[i] = (in[i] - mean) / std::sqrt(squares + norm.eps) * norm.times[i] + (norm.add ? norm.add[i] : 0);
    for (int64_t i = 0; norm.cosine && i < kWidth; i += 2) {
      const int64_t k = row * kHalf + i % kHeadDim / 2;
      const double re = to[i], im = to[i + 1];
      to[i] = re * norm.cosine[k] - im * norm.sine[k];
      to[i + 1] = re * norm.sine[k] + im * norm.cosine[k];
    }
  }
  return out;
}

template <typename In, typename Out>
void expect_as_in_words(const Norm& norm, AttentionPath path, double tolerance) {
  std::vector<float> x = random_values(kRows * kWidth, 3, 1);
  std::vector<In> in(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    set_rounded(x[i], in[i]);
    x[i] = to_float(in[i]);
  }
  std::vector<Out> out(x.size());
  normalise(norm, kRows, in.data(), out.data(), path);
  const std::vector<double> expected = in_words(norm, x);
  for (size_t i = 0; i < out.size(); ++i)
    ASSERT_NEAR(to_float(out[i]), expected[i], tolerance * std::max(1.0, std::abs(expected[i])))
        << name_of(path) << " element " << i;
}

TEST(Norm, ComputesWhatItSays) {
  const auto times = random_values(kWidth, 2, 2), add = random_values(kWidth, 1, 3);
  const auto cosine = random_values(kRows * kHalf, 1, 4), sine = random_values(kRows * kHalf, 1, 5);
  Norm layer{kWidth, 1e-6f, times.data(), add.data()}, root{kWidth, 1e-6f, times.data()}, turned = root;
  turned.cosine = cosine.data();
  turned.sine = sine.data();
  turned.head_dim = kHeadDim;
  for (const AttentionPath path : attention_paths_bf16()) {
    if (path == AttentionPath::kPlain) continue;
    for (const Norm& norm : {layer, root, turned}) {
      expect_as_in_words<float, float>(norm, path, 2e-6);
      expect_as_in_words<Bf16, float>(norm, path, 2e-6);
      expect_as_in_words<float, Bf16>(norm, path, 1.0 / 250);
      expect_as_in_words<Bf16, Bf16>(norm, path, 1.0 / 250);
    }
  }
}

TEST(Norm, RefusesOtherSizes) {
  EXPECT_EQ(can_normalise(192, 64), attention_paths_f32().size() > 1);
  EXPECT_FALSE(can_normalise(200, 200));
  EXPECT_FALSE(can_normalise(192, 48));
  EXPECT_FALSE(can_normalise(192, 128));
}

}  // namespace
}  // namespace troupe::engine::wan
