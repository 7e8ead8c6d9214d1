#include "engine/wan/nn/fused.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <vector>

#include "engine/wan/kernels/attention.h"

namespace troupe::engine::wan {
namespace {

constexpr int64_t kRowsAtOnce = 16;  // rows that a thread takes at least

// body(row) for all rows, on the threads of ATen.
template <class Body>
void for_rows(int64_t rows, const Body& body) {
  at::parallel_for(0, rows, kRowsAtOnce, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) body(row);
  });
}

// f(out*, in*) with the types of both.
template <class Function>
void with_types(at::ScalarType out, at::ScalarType in, const Function& function) {
  const auto inner = [&](auto out_value) {
    if (in == at::kBFloat16)
      function(out_value, at::BFloat16());
    else
      function(out_value, float());
  };
  if (out == at::kBFloat16)
    inner(at::BFloat16());
  else
    inner(float());
}

// Sums in eight parts, which compilers turn into vectors.
constexpr int kLanes = 8;

template <class In>
std::pair<double, double> mean_and_variance(const In* row, int64_t width) {
  double sum[kLanes] = {}, squares[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes)
    for (int lane = 0; lane < kLanes; ++lane) {
      const double value = static_cast<float>(row[i + lane]);
      sum[lane] += value;
      squares[lane] += value * value;
    }
  for (; i < width; ++i) {
    const double value = static_cast<float>(row[i]);
    sum[0] += value;
    squares[0] += value * value;
  }
  double total = 0, total_squares = 0;
  for (int lane = 0; lane < kLanes; ++lane) {
    total += sum[lane];
    total_squares += squares[lane];
  }
  const double mean = total / static_cast<double>(width);
  return {mean, std::max(0.0, total_squares / static_cast<double>(width) - mean * mean)};
}

template <class In>
double mean_square(const In* row, int64_t width) {
  const auto [mean, variance] = mean_and_variance(row, width);
  return variance + mean * mean;
}

template <class Out>
void rotate(float* head, const float* cos, const float* sin, int64_t half, Out* out) {
  for (int64_t k = 0; k < half; ++k) {
    const float re = head[2 * k], im = head[2 * k + 1];
    out[2 * k] = static_cast<Out>(re * cos[k] - im * sin[k]);
    out[2 * k + 1] = static_cast<Out>(re * sin[k] + im * cos[k]);
  }
}

ParallelFor torch_threads() {
  return [](int64_t count, const std::function<void(int64_t, int64_t)>& body) {
    at::parallel_for(0, count, 1, body);
  };
}

template <class T>
HeadsView<T> view_of(const at::Tensor& t) {
  return {static_cast<T*>(t.data_ptr()), t.stride(0), t.stride(1)};
}

template <class T>
void run_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& bias,
                   double scale, at::Tensor& out) {
  AttentionShape shape{q.size(1), q.size(0), k.size(0), q.size(2), static_cast<float>(scale)};
  AttentionBias scores;
  if (bias.defined()) scores = {bias.data_ptr<float>(), bias.stride(0), bias.stride(1)};
  AttentionRun run;
  run.parallel_for = torch_threads();
  (void)attention(shape, view_of<const T>(q), view_of<const T>(k), view_of<const T>(v), view_of<T>(out),
                  scores, run);
}

at::Tensor rows_of(const at::Tensor& t) { return t.stride(-1) == 1 ? t : t.contiguous(); }

}  // namespace

bool can_fuse(const at::Tensor& x) {
  return x.is_cpu() && x.is_contiguous() &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

at::Tensor fused_modulated_norm(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale,
                                double eps, at::ScalarType type) {
  const int64_t rows = x.size(0), width = x.size(1);
  at::Tensor out = at::empty({rows, width}, x.options().dtype(type));
  const at::Tensor shifts = shift.contiguous(), scales = scale.contiguous();
  const float* add = shifts.data_ptr<float>();
  const float* times = scales.data_ptr<float>();
  with_types(type, x.scalar_type(), [&](auto out_value, auto in_value) {
    const auto* from = x.data_ptr<decltype(in_value)>();
    auto* to = out.data_ptr<decltype(out_value)>();
    for_rows(rows, [&](int64_t row) {
      const auto [mean, variance] = mean_and_variance(from + row * width, width);
      const float centre = static_cast<float>(mean),
                  factor = static_cast<float>(1 / std::sqrt(variance + eps));
      for (int64_t i = 0; i < width; ++i) {
        const float value = (static_cast<float>(from[row * width + i]) - centre) * factor;
        to[row * width + i] = static_cast<decltype(out_value)>(value * (1 + times[i]) + add[i]);
      }
    });
  });
  return out;
}

void fused_add_gated(at::Tensor& x, const at::Tensor& y, const at::Tensor& gate) {
  const at::Tensor added = y.contiguous(), gates = gate.contiguous();
  const int64_t rows = x.size(0), width = x.size(1);
  const float* times = gates.data_ptr<float>();
  float* to = x.data_ptr<float>();
  with_types(at::kFloat, added.scalar_type(), [&](auto, auto in_value) {
    const auto* from = added.data_ptr<decltype(in_value)>();
    for_rows(rows, [&](int64_t row) {
      for (int64_t i = row * width, c = 0; c < width; ++i, ++c)
        to[i] += static_cast<float>(from[i]) * times[c];
    });
  });
}

at::Tensor fused_normed_heads(const at::Tensor& x, const at::Tensor& weight, int64_t heads,
                              const Rotary* rotary, double eps, at::ScalarType type) {
  const int64_t rows = x.size(0), width = x.size(1), head_dim = width / heads, half = head_dim / 2;
  at::Tensor out = at::empty({rows, heads, head_dim}, x.options().dtype(type));
  const at::Tensor weights = weight.to(at::kFloat).contiguous();
  const float* times = weights.data_ptr<float>();
  const float* cos = rotary ? rotary->cos.data_ptr<float>() : nullptr;
  const float* sin = rotary ? rotary->sin.data_ptr<float>() : nullptr;
  with_types(type, x.scalar_type(), [&](auto out_value, auto in_value) {
    const auto* from = x.data_ptr<decltype(in_value)>();
    auto* to = out.data_ptr<decltype(out_value)>();
    at::parallel_for(0, rows, kRowsAtOnce, [&](int64_t begin, int64_t end) {
      std::vector<float> normed(static_cast<size_t>(width));
      for (int64_t row = begin; row < end; ++row) {
        const auto* in = from + row * width;
        const float factor = static_cast<float>(1 / std::sqrt(mean_square(in, width) + eps));
        for (int64_t i = 0; i < width; ++i) normed[i] = static_cast<float>(in[i]) * factor * times[i];
        auto* into = to + row * width;
        if (rotary == nullptr) {
          for (int64_t i = 0; i < width; ++i) into[i] = static_cast<decltype(out_value)>(normed[i]);
          continue;
        }
        for (int64_t head = 0; head < heads; ++head)
          rotate(&normed[head * head_dim], cos + row * half, sin + row * half, half, into + head * head_dim);
      }
    });
  });
  return out;
}

at::Tensor fused_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           const at::Tensor& bias, double scale) {
  const at::Tensor q = rows_of(query), k = rows_of(key), v = rows_of(value);
  at::Tensor out = at::empty({q.size(0), q.size(1), q.size(2)}, q.options());
  const at::Tensor scores = bias.defined() ? rows_of(bias.to(at::kFloat)) : bias;
  if (q.scalar_type() == at::kBFloat16)
    run_attention<Bf16>(q, k, v, scores, scale, out);
  else
    run_attention<float>(q, k, v, scores, scale, out);
  return out;
}

}  // namespace troupe::engine::wan
