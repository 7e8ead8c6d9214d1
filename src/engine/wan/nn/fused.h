// The operators of ops.h in one pass over memory each, on the CPU. ops.h says what they compute.
#pragma once

#include <ATen/ATen.h>

#include "engine/wan/nn/ops.h"

namespace troupe::engine::wan {

/// Whether a tensor can be given to the functions below: on the CPU, float or bf16, rows without gaps.
bool can_fuse(const at::Tensor& x);

at::Tensor fused_modulated_norm(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale,
                                double eps, at::ScalarType type);
void fused_add_gated(at::Tensor& x, const at::Tensor& y, const at::Tensor& gate);
at::Tensor fused_normed_heads(const at::Tensor& x, const at::Tensor& weight, int64_t heads,
                              const Rotary* rotary, double eps, at::ScalarType type);

/// Through kernels/attention.h. Returns [queries, heads, head_dim].
at::Tensor fused_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                           const at::Tensor& bias, double scale);

}  // namespace troupe::engine::wan
