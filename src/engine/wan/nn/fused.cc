#include "engine/wan/nn/fused.h"

#include <ATen/Parallel.h>

#include <memory>

#include "engine/wan/kernels/attention.h"
#include "engine/wan/kernels/linear.h"
#include "engine/wan/kernels/norm.h"

namespace troupe::engine::wan {
namespace {

constexpr int64_t kRowsAtOnce = 16;  // rows that a thread takes at least

ParallelFor torch_threads() {
  return [](int64_t count, const std::function<void(int64_t, int64_t)>& body) {
    at::parallel_for(0, count, 1, body);
  };
}

// Memory of libtorch's allocator, which keeps it for the next call.
Allocate torch_memory() {
  return [](size_t bytes) {
    auto memory = std::make_shared<c10::DataPtr>(c10::GetAllocator(at::kCPU)->allocate(bytes));
    void* const data = memory->get();
    return std::shared_ptr<void>(std::move(memory), data);
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
  run.allocate = torch_memory();
  (void)attention(shape, view_of<const T>(q), view_of<const T>(k), view_of<const T>(v), view_of<T>(out),
                  scores, run);
}

template <class T>
RowsView<T> rows_view(const at::Tensor& t) {
  return {static_cast<T*>(t.data_ptr()), t.stride(0)};
}

void run_linear(const Linear& layer, const at::Tensor& x, LinearEnd end, at::Tensor& out) {
  const at::Tensor in = x.to(layer.weight.scalar_type()).contiguous(), &w = layer.weight;
  const LinearShape shape{in.size(0), w.size(1), w.size(0)};
  const at::Tensor bias = layer.bias.defined() ? layer.bias.to(at::kFloat).contiguous() : at::Tensor();
  if (bias.defined()) end.bias = bias.data_ptr<float>();
  LinearRun run;
  run.parallel_for = torch_threads();
  run.allocate = torch_memory();
  if (w.scalar_type() == at::kFloat)
    linear(shape, rows_view<const float>(in), rows_view<const float>(w), end, rows_view<float>(out), run);
  else if (out.scalar_type() == at::kFloat)
    linear(shape, rows_view<const Bf16>(in), rows_view<const Bf16>(w), end, rows_view<float>(out), run);
  else
    linear(shape, rows_view<const Bf16>(in), rows_view<const Bf16>(w), end, rows_view<Bf16>(out), run);
}

template <class In, class Out>
void run_norm_of(const Norm& norm, const at::Tensor& x, at::Tensor& out) {
  const int64_t width = norm.width, half = norm.head_dim / 2;
  const auto* from = static_cast<const In*>(x.data_ptr());
  auto* to = static_cast<Out*>(out.data_ptr());
  at::parallel_for(0, x.size(0), kRowsAtOnce, [&](int64_t begin, int64_t end) {
    Norm part = norm;
    if (norm.cosine) {
      part.cosine += begin * half;
      part.sine += begin * half;
    }
    normalise(part, end - begin, from + begin * width, to + begin * width);
  });
}

void run_norm(const Norm& norm, const at::Tensor& x, at::Tensor& out) {
  const bool from_bf16 = x.scalar_type() == at::kBFloat16, to_bf16 = out.scalar_type() == at::kBFloat16;
  if (from_bf16)
    to_bf16 ? run_norm_of<Bf16, Bf16>(norm, x, out) : run_norm_of<Bf16, float>(norm, x, out);
  else
    to_bf16 ? run_norm_of<float, Bf16>(norm, x, out) : run_norm_of<float, float>(norm, x, out);
}

at::Tensor rows_of(const at::Tensor& t) { return t.stride(-1) == 1 ? t : t.contiguous(); }

}  // namespace

bool can_fuse(const at::Tensor& x) {
  return x.is_cpu() && x.is_contiguous() &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

bool can_fuse(const Linear& layer, const at::Tensor& x) {
  return x.dim() == 2 && x.size(0) > 0 && x.size(1) == layer.weight.size(1) && can_fuse(layer.weight) &&
         x.is_cpu() && can_multiply({x.size(0), layer.weight.size(1), layer.weight.size(0)});
}

at::Tensor fused_linear(const Linear& layer, const at::Tensor& x, bool gelu) {
  at::Tensor out = at::empty({x.size(0), layer.weight.size(0)}, layer.weight.options());
  LinearEnd end;
  end.gelu = gelu;
  run_linear(layer, x, end, out);
  return out;
}

void fused_add_linear(at::Tensor& stream, const Linear& layer, const at::Tensor& x, const at::Tensor& gate) {
  const at::Tensor times =
      gate.defined() ? gate.to(at::kFloat).contiguous() : at::ones({stream.size(1)}, stream.options());
  LinearEnd end;
  end.gate = times.data_ptr<float>();
  run_linear(layer, x, end, stream);
}

bool can_fuse_norm(const at::Tensor& x, int64_t heads) {
  return x.dim() == 2 && can_fuse(x) && can_normalise(x.size(1), x.size(1) / heads);
}

at::Tensor fused_modulated_norm(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& factor,
                                double eps, at::ScalarType type) {
  const at::Tensor add = shift.contiguous(), times = factor.contiguous();
  Norm norm{x.size(1), static_cast<float>(eps), times.data_ptr<float>(), add.data_ptr<float>()};
  at::Tensor out = at::empty({x.size(0), x.size(1)}, x.options().dtype(type));
  run_norm(norm, x, out);
  return out;
}

void fused_add_gated(at::Tensor& x, const at::Tensor& y, const at::Tensor& gate) {
  const at::Tensor added = y.to(at::kFloat).contiguous(), gates = gate.contiguous();
  const int64_t rows = x.size(0), width = x.size(1);
  const float *times = gates.data_ptr<float>(), *from = added.data_ptr<float>();
  float* to = x.data_ptr<float>();
  at::parallel_for(0, rows, kRowsAtOnce, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * width; i < end * width; i += width)
      for (int64_t c = 0; c < width; ++c) to[i + c] += from[i + c] * times[c];
  });
}

at::Tensor fused_normed_heads(const at::Tensor& x, const at::Tensor& weight, int64_t heads,
                              const Rotary* rotary, double eps, at::ScalarType type) {
  const int64_t rows = x.size(0), width = x.size(1), head_dim = width / heads;
  const at::Tensor times = weight.to(at::kFloat).contiguous();
  Norm norm{width, static_cast<float>(eps), times.data_ptr<float>()};
  if (rotary) {
    norm.cosine = rotary->cos.data_ptr<float>();
    norm.sine = rotary->sin.data_ptr<float>();
    norm.head_dim = head_dim;
  }
  at::Tensor out = at::empty({rows, heads, head_dim}, x.options().dtype(type));
  run_norm(norm, x, out);
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
