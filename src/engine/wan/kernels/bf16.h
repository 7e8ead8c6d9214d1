// Sixteen-bit floats as PyTorch's bfloat16 has them.
#pragma once

#include <cstdint>

#include "engine/wan/files/half.h"

namespace troupe::engine::wan {

/// The upper half of an IEEE-754 float: 8 bits of exponent, 8 of precision. Same bytes as at::BFloat16, so a
/// pointer to those may be cast to a pointer to these.
struct Bf16 {
  uint16_t bits = 0;
};

inline float to_float(float value) { return value; }
inline float to_float(Bf16 value) { return widen_bf16(value.bits); }

/// The nearest one, ties to even; a NaN stays a NaN.
inline Bf16 to_bf16(float value) { return {narrow_bf16(value)}; }

}  // namespace troupe::engine::wan
