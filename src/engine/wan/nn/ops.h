// The operators of the networks. Each has a plain form made of ATen's own, and a fused one on the CPU that is
// compared with it in the tests.
//
// All of them take and return tensors on one device, without a batch dimension: [tokens, width]. They throw
// c10::Error (a shape that does not fit, no memory), which the engine's outermost call catches.
#pragma once

#include <ATen/ATen.h>

#include "engine/wan/nn/compute.h"

namespace troupe::engine::wan {

/// A tensor of 8-bit floats with one scale: values * scale is meant. Made by float8.h.
struct Float8 {
  at::Tensor values, scale;  ///< scale: [] float
};

/// What layers multiply. Given to several layers, it is converted to 8-bit floats once, if any of them wants
/// those. Thread-safety: none.
class Operand {
 public:
  Operand(const at::Tensor& tensor) : tensor_(tensor) {}
  const at::Tensor& tensor() const { return tensor_; }
  const Float8& float8() const;

 private:
  const at::Tensor tensor_;
  mutable Float8 float8_;
};

/// y = x w^T + b; x is converted to the weights' type first, which is also the result's; of weights in 8-bit
/// floats it is kBFloat16.
struct Linear {
  at::Tensor weight;      ///< [out, in]
  at::Tensor bias;        ///< [out], or undefined
  at::Tensor scale = {};  ///< of a weight in 8-bit floats (float8.h); else undefined
  at::Tensor operator()(const Operand& x) const;
};

/// linear(x), and gelu_tanh() of it.
at::Tensor project(const Linear& linear, const Operand& x, bool plain);
at::Tensor project_gelu(const Linear& linear, const Operand& x, bool plain);

/// stream += linear(x) * gate, in place. stream: [tokens, out] float; gate: [out] float, or undefined for 1.
void add_projected(at::Tensor& stream, const Linear& linear, const Operand& x, const at::Tensor& gate,
                   bool plain);

/// x / sqrt(mean(x^2) + eps) * weight over the last dimension, in float, whatever the type of x.
at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double eps);

/// Layer norm over the last dimension in float; weight and bias may be undefined.
at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double eps);

/// layer_norm(x) * (1 + scale) + shift, rounded to `type`. x: [tokens, width] float; shift, scale: [width]
/// float.
at::Tensor modulated_norm(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale, double eps,
                          at::ScalarType type, bool plain);

/// layer_norm(x) rounded to `type`. x: [tokens, width] float; weight, bias: [width] float.
at::Tensor affine_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double eps,
                       at::ScalarType type, bool plain);

/// x += y * gate, in place. x: [tokens, width] float; y: the same shape, any type; gate: [width] float.
void add_gated(at::Tensor& x, const at::Tensor& y, const at::Tensor& gate, bool plain);

/// GELU by the tanh formula.
at::Tensor gelu_tanh(const at::Tensor& x);

/// The rotation of each token in every head: columns [head_dim / 2] of cosines and sines, float.
struct Rotary {
  at::Tensor cos, sin;  ///< [tokens, head_dim / 2]
};

/// rms_norm over the whole width, then the split into heads, then the rotation of neighbouring pairs
/// (2k, 2k + 1) as complex numbers; no norm where `weight` is undefined, no rotation where `rotary` is null.
/// x: [tokens, width].
/// Returns [tokens, heads, head_dim] of `type`.
at::Tensor normed_heads(const at::Tensor& x, const at::Tensor& weight, int64_t heads, const Rotary* rotary,
                        double eps, at::ScalarType type, bool plain);

/// softmax(q k^T / sqrt(head_dim)) v for each head, without holding all scores at once.
/// q: [queries, heads, head_dim]; k, v: [keys, heads, head_dim], all of one type. Returns [queries, heads *
/// head_dim]. A bias is added to the scores where `bias` is defined: [heads, queries, keys] float, and then
/// nothing is divided by sqrt(head_dim) (umT5).
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& bias,
                     const Compute& compute);

}  // namespace troupe::engine::wan
