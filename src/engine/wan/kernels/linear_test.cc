#include "engine/wan/kernels/linear.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "engine/wan/kernels/tensors_for_test.h"

namespace troupe::engine::wan {
namespace {

// Rows with a gap behind each, which nobody may write.
template <typename T>
struct Rows {
  Rows(int64_t rows, int64_t width) : made(1, rows, width, true) {}
  Rows(int64_t rows, int64_t width, uint64_t seed) : made(random_heads<T>(1, rows, width, true, 1, seed)) {}
  RowsView<const T> view() const { return {made.values.data(), made.token_stride}; }
  RowsView<T> out() { return {made.values.data(), made.token_stride}; }
  float at(int64_t row, int64_t i) const { return to_float(made.values[row * made.token_stride + i]); }
  float gap(int64_t row) const { return at(row, made.token_stride - 1); }
  Heads<T> made;
};

double gelu(double x) { return x / 2 * (1 + std::tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))); }

void on_three_threads(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  std::vector<std::jthread> threads;
  for (int64_t i = 0; i < 3; ++i) threads.emplace_back(body, count * i / 3, count * (i + 1) / 3);
}

template <typename In, typename Out>
void expect_as_in_words(const LinearShape& shape, const LinearEnd& end, AttentionPath path,
                        double tolerance) {
  const Rows<In> x(shape.rows, shape.in, 1), w(shape.out, shape.in, 2);
  Rows<Out> out(shape.rows, shape.out);
  linear(shape, x.view(), w.view(), end, out.out(), {.parallel_for = on_three_threads, .path = path});
  for (int64_t row = 0; row < shape.rows; ++row) {
    // Every seventh column tells.
    for (int64_t i = row % 7; i < shape.out; i += 7) {
      double sum = end.bias ? end.bias[i] : 0;
      for (int64_t k = 0; k < shape.in; ++k) sum += double{x.at(row, k)} * w.at(i, k);
      if (end.gelu) sum = gelu(sum);
      if (end.gate) sum = kUntouched + sum * end.gate[i];
      const double allowed = tolerance * (end.gate ? kUntouched / 10 : std::max(1.0, std::abs(sum)));
      ASSERT_NEAR(out.at(row, i), sum, allowed) << name_of(path) << " row " << row << " column " << i;
    }
    ASSERT_EQ(out.gap(row), to_float(Rows<Out>(1, 1).made.values[0])) << "written into a gap";
  }
}

template <typename In, typename Out>
void expect_all_ends(const LinearShape& shape, AttentionPath path, double tolerance) {
  std::vector<float> bias(shape.out), gate(shape.out);
  for (int64_t i = 0; i < shape.out; ++i) {
    bias[i] = static_cast<float>(i % 5) - 2;
    gate[i] = static_cast<float>(i % 3) - 1;
  }
  SCOPED_TRACE(testing::Message() << shape.rows << " x " << shape.in << " x " << shape.out);
  expect_as_in_words<In, Out>(shape, {}, path, tolerance);
  expect_as_in_words<In, Out>(shape, {bias.data(), true, nullptr}, path, tolerance);
  if constexpr (std::is_same_v<Out, float>)
    expect_as_in_words<In, Out>(shape, {bias.data(), false, gate.data()}, path, tolerance);
}

constexpr LinearShape kShapes[] = {{1, 32, 32}, {7, 96, 64}, {200, 288, 320}, {963, 64, 96}, {1000, 320, 32}};

TEST(Linear, ComputesWhatItSaysInFloats) {
  for (const AttentionPath path : attention_paths_f32()) {
    if (path == AttentionPath::kPlain) continue;
    for (const LinearShape& shape : kShapes) expect_all_ends<float, float>(shape, path, 1e-5);
  }
}

TEST(Linear, ComputesWhatItSaysInBf16) {
  for (const AttentionPath path : attention_paths_bf16()) {
    if (path == AttentionPath::kPlain) continue;
    for (const LinearShape& shape : kShapes) {
      expect_all_ends<Bf16, Bf16>(shape, path, 1.0 / 200);
      expect_all_ends<Bf16, float>(shape, path, 2e-4);
    }
  }
}

TEST(Linear, RefusesSizesThatAreNoMultiplesOf32) {
  EXPECT_EQ(can_multiply({5, 64, 96}), attention_paths_f32().size() > 1);
  EXPECT_FALSE(can_multiply({5, 65, 96}));
  EXPECT_FALSE(can_multiply({5, 64, 80}));
}

}  // namespace
}  // namespace troupe::engine::wan
