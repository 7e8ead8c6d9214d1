// Small floats as floats, without branches, so that loops of them become vector code.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace troupe::engine::wan {

/// Values in files need not be aligned.
template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline float widen_f16(uint16_t half) {
  constexpr uint32_t kRebias = (127 - 15) << 23;
  constexpr uint32_t kExponent = 0x1F << 23;
  const uint32_t shifted = static_cast<uint32_t>(half & 0x7FFF) << 13;
  const uint32_t exponent = shifted & kExponent;
  const uint32_t normal = shifted + kRebias;
  // A subnormal: put its fraction behind a leading 1, and take that 1 away again as a float. No step of it
  // makes a subnormal float, which would be slow.
  constexpr uint32_t kOne = (127 - 14) << 23;
  const float tiny = std::bit_cast<float>(shifted + kOne) - std::bit_cast<float>(kOne);
  const uint32_t special = shifted + 2 * kRebias;  // infinities and NaNs: the exponent becomes 255
  const uint32_t finite = exponent == 0 ? std::bit_cast<uint32_t>(tiny) : normal;
  const uint32_t magnitude = exponent == kExponent ? special : finite;
  return std::bit_cast<float>(magnitude | static_cast<uint32_t>(half & 0x8000) << 16);
}

inline float widen_bf16(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

inline uint16_t narrow_bf16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t rounded = bits + 0x7FFF + ((bits >> 16) & 1);
  // A NaN could round to an infinity, or over into a zero.
  const bool is_nan = (bits & 0x7FFFFFFF) > 0x7F800000;
  return static_cast<uint16_t>((is_nan ? bits | 0x400000 : rounded) >> 16);
}

}  // namespace troupe::engine::wan
