#include "engine/wan/kernels/plain_attention.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace troupe::engine::wan {
namespace {

void store(float value, float& out) { out = value; }
void store(float value, Bf16& out) { out = to_bf16(value); }

template <typename In>
double dot(const In* a, const In* b, int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) sum += static_cast<double>(to_float(a[i])) * to_float(b[i]);
  return sum;
}

template <typename In, typename Out>
void attend_row(const AttentionShape& shape, const In* q, HeadsView<const In> k, HeadsView<const In> v,
                const float* bias, std::vector<double>& weights, Out* out) {
  for (int64_t key = 0; key < shape.keys; ++key) {
    weights[key] =
        dot(q, k.data + key * k.token_stride, shape.head_dim) * shape.scale + (bias ? bias[key] : 0.0f);
  }
  const double largest = *std::max_element(weights.begin(), weights.end());
  double total = 0;
  for (double& weight : weights) total += weight = std::exp(weight - largest);
  for (int64_t d = 0; d < shape.head_dim; ++d) {
    double sum = 0;
    for (int64_t key = 0; key < shape.keys; ++key)
      sum += weights[key] * to_float(v.data[key * v.token_stride + d]);
    store(static_cast<float>(sum / total), out[d]);
  }
}

}  // namespace

template <typename In, typename Out>
bool plain_attention(const AttentionShape& shape, HeadsView<const In> q, HeadsView<const In> k,
                     HeadsView<const In> v, HeadsView<Out> out, const AttentionBias& bias,
                     const AttentionRun& run) {
  const auto rows = [&](int64_t begin, int64_t end) {
    std::vector<double> weights(shape.keys);
    for (int64_t row = begin; row < end && !run.cancel.cancelled(); ++row) {
      const int64_t head = row / shape.queries, query = row % shape.queries;
      const float* row_bias =
          bias.data ? bias.data + head * bias.head_stride + query * bias.query_stride : nullptr;
      attend_row(shape, q.data + head * q.head_stride + query * q.token_stride,
                 {k.data + head * k.head_stride, k.token_stride, 0},
                 {v.data + head * v.head_stride, v.token_stride, 0}, row_bias, weights,
                 out.data + head * out.head_stride + query * out.token_stride);
    }
  };
  const int64_t count = shape.heads * shape.queries;
  run.parallel_for ? run.parallel_for(count, rows) : rows(0, count);
  return !run.cancel.cancelled();
}

template bool plain_attention(const AttentionShape&, HeadsView<const float>, HeadsView<const float>,
                              HeadsView<const float>, HeadsView<float>, const AttentionBias&,
                              const AttentionRun&);
template bool plain_attention(const AttentionShape&, HeadsView<const Bf16>, HeadsView<const Bf16>,
                              HeadsView<const Bf16>, HeadsView<Bf16>, const AttentionBias&,
                              const AttentionRun&);
template bool plain_attention(const AttentionShape&, HeadsView<const Bf16>, HeadsView<const Bf16>,
                              HeadsView<const Bf16>, HeadsView<float>, const AttentionBias&,
                              const AttentionRun&);

}  // namespace troupe::engine::wan
