// The operators of ops.h in one pass over memory each, on the CPU. ops.h says what they compute.
#pragma once

#include <ATen/ATen.h>

#include "engine/wan/nn/ops.h"

namespace troupe::engine::wan {

/// Whether a tensor can be given to the functions below: on the CPU, float or bf16, rows without gaps.
bool can_fuse(const at::Tensor& x);

/// Whether a product can be given to the two functions below: on the CPU, and of sizes that kernels/linear.h
/// takes.
bool can_fuse(const Linear& linear, const at::Tensor& x);

at::Tensor fused_linear(const Linear& linear, const at::Tensor& x, bool gelu);
void fused_add_linear(at::Tensor& stream, const Linear& linear, const at::Tensor& x, const at::Tensor& gate);

/// Whether the two norms below can be: of float or bf16, of sizes that kernels/norm.h takes.
bool can_fuse_norm(const at::Tensor& x, int64_t heads);

/// layer_norm(x) * factor + shift.
at::Tensor fused_modulated_norm(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& factor,
                                double eps, at::ScalarType type);
void fused_add_gated(at::Tensor& x, const at::Tensor& y, const at::Tensor& gate);
at::Tensor fused_normed_heads(const at::Tensor& x, const at::Tensor& weight, int64_t heads,
                              const Rotary* rotary, double eps, at::ScalarType type);

/// Through kernels/attention.h. Returns [queries, heads, head_dim].
at::Tensor fused_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                           const at::Tensor& bias, double scale);

}  // namespace troupe::engine::wan
