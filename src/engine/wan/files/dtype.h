// The kinds of numbers that weight files hold, and what they take.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace troupe::engine::wan {

/// How a tensor's values are stored; all little-endian. The last four are ggml's blocks of values that share
/// scales: they can be named, carried and decoded (dequantize.h), but not indexed.
enum class DType {
  f64,
  f32,
  f16,      ///< IEEE 754 binary16
  bf16,     ///< the upper half of an f32
  f8_e4m3,  ///< e4m3fn: no infinities, the largest value is 448
  f8_e5m2,
  i64,
  i32,
  i16,
  i8,
  u8,
  boolean,  ///< a byte; everything but 0 is true
  q8_0,
  q4_k,
  q5_k,
  q6_k,
};

/// As in the enum: "bf16", "q4_k".
std::string_view name(DType dtype);

/// The smallest piece that can stand alone: 1 value, or a whole block of them.
struct Block {
  uint32_t values = 1;
  uint32_t bytes = 1;
};
Block block_of(DType dtype);

/// Number of values of a tensor (1 for a scalar, which has no dimensions); none where a dimension is negative
/// or the number passes 2^63 - 1.
std::optional<uint64_t> values_of(std::span<const int64_t> shape);

/// Bytes of a tensor; none as with values_of(), where the bytes pass 2^63 - 1, or where the values fill no
/// whole blocks.
std::optional<uint64_t> bytes_of(DType dtype, std::span<const int64_t> shape);

}  // namespace troupe::engine::wan
