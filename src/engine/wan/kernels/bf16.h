// Sixteen-bit floats as PyTorch's bfloat16 has them.
#pragma once

#include <bit>
#include <cstdint>

namespace troupe::engine::wan {

/// The upper half of an IEEE-754 float: 8 bits of exponent, 8 of precision. Same bytes as at::BFloat16, so a
/// pointer to those may be cast to a pointer to these.
struct Bf16 {
  uint16_t bits = 0;
};

inline float to_float(float value) { return value; }
inline float to_float(Bf16 value) { return std::bit_cast<float>(uint32_t{value.bits} << 16); }

/// The nearest one, ties to even; a NaN stays a NaN.
inline Bf16 to_bf16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return {static_cast<uint16_t>(bits >> 16 | 0x40u)};
  return {static_cast<uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16)};
}

}  // namespace troupe::engine::wan
