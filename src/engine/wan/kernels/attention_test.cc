#include "engine/wan/kernels/attention.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "engine/wan/kernels/tensors_for_test.h"

namespace troupe::engine::wan {
namespace {

const std::vector<AttentionShape> kShapes{
    {1, 1, 1, 2},       {1, 1, 700, 64},    {2, 97, 1, 8},    {3, 5, 7, 16},
    {2, 96, 256, 32},   {1, 193, 257, 128}, {2, 61, 513, 24}, {1, 33, 64, 256},
    {12, 100, 77, 128}, {1, 130, 1030, 46}, {4, 6, 63, 160},
};

std::string describe(AttentionPath path, const AttentionShape& shape, bool interleaved) {
  return std::string(name_of(path)) + " heads " + std::to_string(shape.heads) + " queries " +
         std::to_string(shape.queries) + " keys " + std::to_string(shape.keys) + " dim " +
         std::to_string(shape.head_dim) + (interleaved ? " interleaved" : "");
}

template <typename In, typename Out>
Heads<Out> run(const Inputs<In>& inputs, AttentionPath path, const AttentionBias& bias = {},
               const ParallelFor& parallel_for = {}) {
  Heads<Out> out = inputs.template out<Out>();
  EXPECT_TRUE(attention(inputs.shape, inputs.q.view(), inputs.k.view(), inputs.v.view(), out.out(), bias,
                        {.parallel_for = parallel_for, .path = path}));
  return out;
}

template <typename In, typename Out>
float distance_from_plain(const Inputs<In>& inputs, AttentionPath path, const AttentionBias& bias = {}) {
  return largest_difference(run<In, Out>(inputs, path, bias).values,
                            run<In, float>(inputs, AttentionPath::kPlain, bias).values);
}

TEST(Attention, IsPlainAttentionOnEveryFloatPath) {
  for (const AttentionPath path : attention_paths_f32()) {
    for (const AttentionShape& shape : kShapes) {
      for (const bool interleaved : {false, true}) {
        const Inputs<float> inputs(shape, interleaved);
        EXPECT_LT((distance_from_plain<float, float>(inputs, path)), 2e-6f)
            << describe(path, shape, interleaved);
      }
    }
  }
}

TEST(Attention, IsPlainAttentionOnEveryBf16Path) {
  for (const AttentionPath path : attention_paths_bf16()) {
    const bool pairs = path == AttentionPath::kAvx512Bf16 || path == AttentionPath::kAmx;
    for (const AttentionShape& shape : kShapes) {
      for (const bool interleaved : {false, true}) {
        const Inputs<Bf16> inputs(shape, interleaved);
        EXPECT_LT((distance_from_plain<Bf16, float>(inputs, path)), pairs ? 5e-3f : 2e-6f)
            << describe(path, shape, interleaved);
      }
    }
  }
}

TEST(Attention, RoundsItsBf16ResultOnce) {
  for (const AttentionPath path : attention_paths_bf16()) {
    const Inputs<Bf16> inputs({2, 50, 90, 64}, true);
    const Heads<float> exact = run<Bf16, float>(inputs, path);
    Heads<Bf16> rounded = inputs.out<Bf16>();
    for (size_t i = 0; i < exact.values.size(); ++i) rounded.values[i] = to_bf16(exact.values[i]);
    EXPECT_EQ(largest_difference((run<Bf16, Bf16>(inputs, path).values), rounded.values), 0) << name_of(path);
  }
}

TEST(Attention, TakesLargeScoresWithoutOverflow) {
  for (const float score : {80.0f, 1000.0f}) {
    const AttentionShape shape{1, 70, 600, 64};
    for (const AttentionPath path : attention_paths_f32()) {
      // The error of a score is one of its size.
      EXPECT_LT((distance_from_plain<float, float>({shape, false, score}, path)), 1e-6f * score)
          << name_of(path);
    }
    for (const AttentionPath path : attention_paths_bf16()) {
      EXPECT_LT((distance_from_plain<Bf16, float>({shape, false, score}, path)), 1e-2f) << name_of(path);
    }
  }
}

// All the weight on one key, in any tile: the first key, the last, one in between.
TEST(Attention, FindsTheOneKeyThatCounts) {
  for (const AttentionPath path : attention_paths_bf16()) {
    for (const int key : {0, 300, 599}) {
      Inputs<Bf16> inputs({1, 3, 600, 8}, false);
      for (auto* heads : {&inputs.q, &inputs.k})
        std::fill(heads->values.begin(), heads->values.end(), Bf16{});
      for (int query = 0; query < 3; ++query) inputs.q.values[query * inputs.q.token_stride] = to_bf16(100);
      inputs.k.values[key * inputs.k.token_stride] = to_bf16(100);
      const Heads<float> out = run<Bf16, float>(inputs, path);
      for (int d = 0; d < 8; ++d) {
        EXPECT_NEAR(out.values[d], to_float(inputs.v.values[key * inputs.v.token_stride + d]), 5e-4)
            << name_of(path);
      }
    }
  }
}

TEST(Attention, AddsABias) {
  const Inputs<float> inputs({3, 40, 300, 32}, true);
  std::vector<float> bias(3 * 40 * 300);
  Random random(4);
  for (float& value : bias) value = random.uniform(-5, 5);
  const AttentionBias view{bias.data(), 40 * 300, 300};
  for (const AttentionPath path : attention_paths_f32()) {
    EXPECT_LT((distance_from_plain<float, float>(inputs, path, view)), 2e-6f) << name_of(path);
  }
  EXPECT_GT(largest_difference((run<float, float>(inputs, AttentionPath::kPlain).values),
                               (run<float, float>(inputs, AttentionPath::kPlain, view).values)),
            0.1f);
}

ParallelFor on_threads(int threads) {
  return [threads](int64_t count, const std::function<void(int64_t, int64_t)>& body) {
    std::vector<std::jthread> running;
    for (int64_t i = 0; i < threads; ++i) {
      const int64_t begin = count * i / threads, end = count * (i + 1) / threads;
      if (begin < end) running.emplace_back(body, begin, end);
    }
  };
}

TEST(Attention, GivesTheSameBitsOnAnyNumberOfThreads) {
  const Inputs<Bf16> inputs({3, 400, 300, 64}, true);
  for (const AttentionPath path : attention_paths_bf16()) {
    const Heads<float> alone = run<Bf16, float>(inputs, path);
    for (const int threads : {1, 2, 3, 7}) {
      EXPECT_EQ((run<Bf16, float>(inputs, path, {}, on_threads(threads)).values), alone.values)
          << name_of(path);
    }
  }
}

TEST(Attention, PacksAsManyHeadsAsFitWithoutMixingThemUp) {
  // 90 MiB of k and v in floats, 45 as pairs: two groups of heads, or one.
  const Inputs<Bf16> inputs({3, 2, 120'000, 32}, false);
  for (const AttentionPath path : attention_paths_bf16()) {
    EXPECT_LT((distance_from_plain<Bf16, float>(inputs, path)), 5e-3f) << name_of(path);
  }
}

TEST(Attention, StopsWhenCancelled) {
  const Inputs<float> inputs({4, 300, 300, 32}, true);
  for (const AttentionPath path : attention_paths_f32()) {
    CancelSource source;
    Heads<float> out = inputs.out<float>();
    const ParallelFor cancel_first = [&](int64_t count, const std::function<void(int64_t, int64_t)>& body) {
      source.cancel();
      body(0, count);
    };
    EXPECT_FALSE(attention(inputs.shape, inputs.q.view(), inputs.k.view(), inputs.v.view(), out.out(), {},
                           {.parallel_for = cancel_first, .cancel = source.token(), .path = path}));
    EXPECT_EQ(out.values, inputs.out<float>().values) << name_of(path);
  }
}

TEST(Attention, ListsItsPathsSlowestFirst) {
  EXPECT_EQ(attention_paths_f32().front(), AttentionPath::kPlain);
  EXPECT_TRUE(std::is_sorted(attention_paths_bf16().begin(), attention_paths_bf16().end()));
  EXPECT_STREQ(name_of(AttentionPath::kPlain), "plain");
}

TEST(Bf16, RoundsToTheNearestAndTiesToEven) {
  EXPECT_EQ(to_bf16(1.0f).bits, 0x3f80);
  EXPECT_EQ(to_bf16(1.0f + 1.0f / 256).bits, 0x3f80);
  EXPECT_EQ(to_bf16(1.0f + 3.0f / 256).bits, 0x3f82);
  EXPECT_EQ(to_bf16(-1.0f - 1.1f / 256).bits, 0xbf81);
  EXPECT_EQ(to_bf16(INFINITY).bits, 0x7f80);
  EXPECT_TRUE(std::isnan(to_float(to_bf16(NAN))));
}

}  // namespace
}  // namespace troupe::engine::wan
