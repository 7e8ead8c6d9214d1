#include "engine/wan/nn/ops.h"

#include <torch/version.h>

#include <cmath>

#include "engine/wan/nn/float8.h"
#include "engine/wan/nn/fused.h"

namespace troupe::engine::wan {

const Float8& Operand::float8() const {
  if (!float8_.values.defined()) float8_ = to_float8(tensor_);
  return float8_;
}

at::Tensor Linear::operator()(const Operand& x) const {
  if (scale.defined()) return float8_linear(*this, x.float8());
  return at::linear(x.tensor().to(weight.scalar_type()), weight, bias);
}

namespace {

at::Tensor projected(const Linear& linear, const Operand& x, bool plain) {
  return plain && linear.scale.defined() ? float8_linear(linear, x.float8(), plain) : linear(x);
}

}  // namespace

at::Tensor project(const Linear& linear, const Operand& x, bool plain) {
  if (!plain && can_fuse(linear, x.tensor())) return fused_linear(linear, x.tensor(), /*gelu=*/false);
  return projected(linear, x, plain);
}

at::Tensor project_gelu(const Linear& linear, const Operand& x, bool plain) {
  if (!plain && can_fuse(linear, x.tensor())) return fused_linear(linear, x.tensor(), /*gelu=*/true);
  return gelu_tanh(projected(linear, x, plain));
}

void add_projected(at::Tensor& stream, const Linear& linear, const Operand& x, const at::Tensor& gate,
                   bool plain) {
  if (!plain && can_fuse(linear, x.tensor()) && can_fuse(stream))
    return fused_add_linear(stream, linear, x.tensor(), gate);
  const at::Tensor added = projected(linear, x, plain);
  if (gate.defined())
    add_gated(stream, added, gate, plain);
  else
    stream += added;
}

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double eps) {
  const at::Tensor wide = x.to(at::kFloat);
  return wide * at::rsqrt(wide.square().mean(-1, /*keepdim=*/true) + eps) * weight.to(at::kFloat);
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double eps) {
  const at::Tensor wide = x.to(at::kFloat);
  const auto precise = [](const at::Tensor& t) { return t.defined() ? t.to(at::kFloat) : t; };
  return at::layer_norm(wide, {wide.size(-1)}, precise(weight), precise(bias), eps);
}

at::Tensor modulated_norm(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale, double eps,
                          at::ScalarType type, bool plain) {
  if (!plain && can_fuse_norm(x, 1)) return fused_modulated_norm(x, shift, 1 + scale, eps, type);
  return (layer_norm(x, {}, {}, eps) * (1 + scale) + shift).to(type);
}

at::Tensor affine_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double eps,
                       at::ScalarType type, bool plain) {
  if (!plain && can_fuse_norm(x, 1)) return fused_modulated_norm(x, bias, weight, eps, type);
  return layer_norm(x, weight, bias, eps).to(type);
}

void add_gated(at::Tensor& x, const at::Tensor& y, const at::Tensor& gate, bool plain) {
  if (!plain && can_fuse(x)) return fused_add_gated(x, y, gate);
  x += y.to(at::kFloat) * gate;
}

at::Tensor gelu_tanh(const at::Tensor& x) { return at::gelu(x, "tanh"); }

at::Tensor normed_heads(const at::Tensor& x, const at::Tensor& weight, int64_t heads, const Rotary* rotary,
                        double eps, at::ScalarType type, bool plain) {
  const int64_t tokens = x.size(0), head_dim = x.size(1) / heads;
  const bool norm = weight.defined();
  if (norm && !plain && can_fuse_norm(x, heads))
    return fused_normed_heads(x, weight, heads, rotary, eps, type);
  const at::Tensor normed =
      (norm ? rms_norm(x, weight, eps) : x.to(at::kFloat)).view({tokens, heads, head_dim});
  if (rotary == nullptr) return normed.to(type);
  const at::Tensor pairs = normed.view({tokens, heads, head_dim / 2, 2});
  const at::Tensor re = pairs.select(-1, 0), im = pairs.select(-1, 1);
  const at::Tensor cos = rotary->cos.unsqueeze(1), sin = rotary->sin.unsqueeze(1);
  return at::stack({re * cos - im * sin, re * sin + im * cos}, -1).view({tokens, heads, head_dim}).to(type);
}

namespace {

constexpr int64_t kPlainQueries = 256;  // scores of so many queries of a head are held at once

// One head: q [queries, d], k and v [keys, d].
at::Tensor plain_head(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& bias,
                      double scale) {
  std::vector<at::Tensor> parts;
  for (int64_t begin = 0; begin < q.size(0); begin += kPlainQueries) {
    const int64_t count = std::min(kPlainQueries, q.size(0) - begin);
    at::Tensor scores = at::matmul(q.narrow(0, begin, count), k.t()) * scale;
    if (bias.defined()) scores = scores + bias.narrow(0, begin, count);
    parts.push_back(at::matmul(at::softmax(scores, -1), v));
  }
  return at::cat(parts, 0);
}

at::Tensor plain_attention_of(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                              const at::Tensor& bias, double scale) {
  std::vector<at::Tensor> heads;
  for (int64_t head = 0; head < q.size(1); ++head) {
    const auto of = [head](const at::Tensor& t) { return t.select(1, head).to(at::kFloat).contiguous(); };
    heads.push_back(plain_head(of(q), of(k), of(v), bias.defined() ? bias[head] : bias, scale));
  }
  return at::stack(heads, 1).to(q.scalar_type());
}

#if TORCH_VERSION_MAJOR >= 2
at::Tensor device_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const at::Tensor& bias, double scale) {
  const auto heads_first = [](const at::Tensor& t) { return t.transpose(0, 1).unsqueeze(0); };
  const at::Tensor a = heads_first(q), b = heads_first(k), c = heads_first(v);
  const at::Tensor out = bias.defined()
                             ? at::scaled_dot_product_attention(
                                   a, b, c, bias.to(q.scalar_type()).unsqueeze(0), 0.0, false, scale)
                             : at::scaled_dot_product_attention(a, b, c, {}, 0.0, false, scale);
  return out.squeeze(0).transpose(0, 1);
}
#endif

}  // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& bias,
                     const Compute& compute) {
  const double scale = bias.defined() ? 1.0 : 1.0 / std::sqrt(static_cast<double>(q.size(2)));
  at::Tensor out;
  if (compute.plain) {
    out = plain_attention_of(q, k, v, bias, scale);
  } else if (q.is_cpu()) {
    out = fused_attention(q, k, v, bias, scale);
  } else {
#if TORCH_VERSION_MAJOR >= 2
    out = device_attention(q, k, v, bias, scale);
#else
    out = plain_attention_of(q, k, v, bias, scale);
#endif
  }
  return out.reshape({q.size(0), q.size(1) * q.size(2)});
}

}  // namespace troupe::engine::wan
