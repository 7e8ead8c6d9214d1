#include "engine/wan/files/dtype.h"

#include <limits>

namespace troupe::engine::wan {
namespace {

constexpr uint64_t kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());

}  // namespace

std::string_view name(DType dtype) {
  switch (dtype) {
    case DType::f64:
      return "f64";
    case DType::f32:
      return "f32";
    case DType::f16:
      return "f16";
    case DType::bf16:
      return "bf16";
    case DType::f8_e4m3:
      return "f8_e4m3";
    case DType::f8_e5m2:
      return "f8_e5m2";
    case DType::i64:
      return "i64";
    case DType::i32:
      return "i32";
    case DType::i16:
      return "i16";
    case DType::i8:
      return "i8";
    case DType::u8:
      return "u8";
    case DType::boolean:
      return "boolean";
    case DType::q8_0:
      return "q8_0";
    case DType::q4_k:
      return "q4_k";
    case DType::q5_k:
      return "q5_k";
    case DType::q6_k:
      return "q6_k";
  }
  return "?";
}

Block block_of(DType dtype) {
  switch (dtype) {
    case DType::f64:
    case DType::i64:
      return {1, 8};
    case DType::f32:
    case DType::i32:
      return {1, 4};
    case DType::f16:
    case DType::bf16:
    case DType::i16:
      return {1, 2};
    case DType::f8_e4m3:
    case DType::f8_e5m2:
    case DType::i8:
    case DType::u8:
    case DType::boolean:
      return {1, 1};
    case DType::q8_0:
      return {32, 34};
    case DType::q4_k:
      return {256, 144};
    case DType::q5_k:
      return {256, 176};
    case DType::q6_k:
      return {256, 210};
  }
  return {};
}

std::optional<uint64_t> values_of(std::span<const int64_t> shape) {
  // A dimension of 0 makes the product 0, but must not hide a bad dimension beside it.
  uint64_t values = 1;
  bool empty = false;
  for (const int64_t side : shape) {
    if (side < 0) return std::nullopt;
    if (side == 0) {
      empty = true;
      continue;
    }
    if (values > kMax / static_cast<uint64_t>(side)) return std::nullopt;
    values *= static_cast<uint64_t>(side);
  }
  return empty ? 0 : values;
}

std::optional<uint64_t> bytes_of(DType dtype, std::span<const int64_t> shape) {
  const auto values = values_of(shape);
  const Block block = block_of(dtype);
  if (!values || *values % block.values != 0) return std::nullopt;
  const uint64_t blocks = *values / block.values;
  if (blocks > kMax / block.bytes) return std::nullopt;
  return blocks * block.bytes;
}

}  // namespace troupe::engine::wan
