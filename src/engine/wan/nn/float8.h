// Products of 8-bit floats (e4m3: 4 bits of exponent, 3 of mantissa, at most 448), for devices whose matrix
// units take them. Each tensor has one scale, found when it is converted: its largest value becomes 448.
// libtorch's own product, at::_scaled_mm, since 2.5; with an older one nothing here can be used.
#pragma once

#include <ATen/ATen.h>

#include "engine/wan/nn/ops.h"

namespace troupe::engine::wan {

/// Whether `device` can multiply 8-bit floats with this libtorch: asked by multiplying some. On a CPU they
/// are widened first, which shows what comes out and saves nothing. Never throws.
bool multiplies_float8(at::Device device);

/// Whether a weight of this shape can be one of 8-bit floats: two dimensions, multiples of 16.
bool fits_float8(at::IntArrayRef shape);

/// REQUIRES a tensor of kFloat or kBFloat16 with a value at least. A NaN makes all values NaN.
Float8 to_float8(const at::Tensor& x);

/// The values as they are meant, in `type`.
at::Tensor widened(const Float8& x, at::ScalarType type);

/// The layer with its weight in 8-bit floats; the same one where fits_float8() says no.
Linear to_float8(const Linear& layer);

/// x w^T + b in kBFloat16. REQUIRES a layer of to_float8(). `plain`: widened, multiplied in float.
at::Tensor float8_linear(const Linear& layer, const Float8& x, bool plain = false);

}  // namespace troupe::engine::wan
