// The values of stored tensors as numbers to compute with.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "engine/wan/files/tensor_file.h"

namespace troupe::engine::wan {

/// All values of `tensor`, row by row, as floats. Exact for f32, f16, bf16, both f8, i16, i8, u8 and boolean
/// (0 or 1); f64, i64 and i32 are rounded to the nearest float. The quantised ones are computed in float as
/// ggml does:
///   q8_0   32 values in  34 bytes: f16 d, i8 q[32];                                    d*q
///   q4_k  256 values in 144 bytes: f16 d, f16 m, 12 bytes of 8 6-bit (scale, minimum) pairs, 4-bit q;
///   q5_k  256 values in 176 bytes: the same with a fifth bit for each value;           d*scale*q - m*minimum
///   q6_k  256 values in 210 bytes: low 4 and high 2 bits of q, i8 scale[16], f16 d;    d*scale*(q-32)
/// (ggml-quants.c, dequantize_row_*; ggml-common.h, block_*.)
///
/// To read a part, give a view with another shape and `bytes` cut at a multiple of block_of(dtype).bytes.
/// Errors: invalid_argument if `out` has not values_of(tensor.shape) places, or the view not the bytes that
/// its shape and dtype ask for. Thread-safety: any; needs no memory of its own.
Result<void> to_f32(const TensorView& tensor, std::span<float> out);

/// The same as bf16, the upper half of a float: rounded to nearest, ties to even, from what to_f32() gives;
/// bf16 itself is copied bit by bit. A NaN stays one, infinities too; what rounds past the largest bf16
/// becomes infinite.
Result<void> to_bf16(const TensorView& tensor, std::span<uint16_t> out);

/// One float as to_bf16() rounds it.
uint16_t round_to_bf16(float value);

/// One IEEE 754 binary16 value, exactly.
float f16_to_f32(uint16_t bits);

}  // namespace troupe::engine::wan
