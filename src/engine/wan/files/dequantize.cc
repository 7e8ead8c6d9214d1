#include "engine/wan/files/dequantize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/wan/files/contents.h"
#include "engine/wan/files/half.h"
#include "engine/wan/files/k_quants.h"

namespace troupe::engine::wan {
namespace {

using Decode = void (*)(const std::byte* from, float* to, size_t count);

template <class T>
void decode_number(const std::byte* from, float* to, size_t count) {
  for (size_t i = 0; i < count; ++i) to[i] = static_cast<float>(load<T>(from + i * sizeof(T)));
}

void decode_f32(const std::byte* from, float* to, size_t count) {
  std::memcpy(to, from, count * sizeof(float));
}

void decode_f16(const std::byte* from, float* to, size_t count) {
  for (size_t i = 0; i < count; ++i) to[i] = widen_f16(load<uint16_t>(from + 2 * i));
}

void decode_bf16(const std::byte* from, float* to, size_t count) {
  for (size_t i = 0; i < count; ++i) to[i] = widen_bf16(load<uint16_t>(from + 2 * i));
}

void decode_boolean(const std::byte* from, float* to, size_t count) {
  for (size_t i = 0; i < count; ++i) to[i] = from[i] != std::byte{0} ? 1.0f : 0.0f;
}

// OCP 8-bit floats (OFP8): no infinity; exponent and fraction all ones is the NaN.
float widen_e4m3(uint8_t bits) {
  const int exponent = (bits >> 3) & 15, fraction = bits & 7;
  const float sign = (bits & 0x80) != 0 ? -1.0f : 1.0f;
  if (exponent == 15 && fraction == 7) return std::copysign(std::numeric_limits<float>::quiet_NaN(), sign);
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -9);
  return sign * std::ldexp(static_cast<float>(8 + fraction), exponent - 10);
}

using Table = std::array<float, 256>;

const Table& e4m3_table() {
  static const Table table = [] {
    Table made;
    for (size_t i = 0; i < made.size(); ++i) made[i] = widen_e4m3(static_cast<uint8_t>(i));
    return made;
  }();
  return table;
}

void decode_e4m3(const std::byte* from, float* to, size_t count) {
  const Table& table = e4m3_table();
  for (size_t i = 0; i < count; ++i) to[i] = table[std::to_integer<size_t>(from[i])];
}

// The upper half of a binary16.
void decode_e5m2(const std::byte* from, float* to, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    to[i] = widen_f16(static_cast<uint16_t>(std::to_integer<uint16_t>(from[i]) << 8));
  }
}

Decode decoder_of(DType dtype) {
  switch (dtype) {
    case DType::f64:
      return decode_number<double>;
    case DType::f32:
      return decode_f32;
    case DType::f16:
      return decode_f16;
    case DType::bf16:
      return decode_bf16;
    case DType::f8_e4m3:
      return decode_e4m3;
    case DType::f8_e5m2:
      return decode_e5m2;
    case DType::i64:
      return decode_number<int64_t>;
    case DType::i32:
      return decode_number<int32_t>;
    case DType::i16:
      return decode_number<int16_t>;
    case DType::i8:
      return decode_number<int8_t>;
    case DType::u8:
      return decode_number<uint8_t>;
    case DType::boolean:
      return decode_boolean;
    case DType::q8_0:
      return decode_q8_0;
    case DType::q4_k:
      return decode_q4_k;
    case DType::q5_k:
      return decode_q5_k;
    case DType::q6_k:
      return decode_q6_k;
  }
  return decode_f32;
}

Result<void> check(const TensorView& tensor, size_t places) {
  const auto values = values_of(tensor.shape);
  if (values == places && bytes_of(tensor.dtype, tensor.shape) == tensor.bytes.size()) return {};
  return make_error(ErrorCode::invalid_argument,
                    "tensor " + in_quotes(tensor.name) + " of shape " + shape_text(tensor.shape) +
                        " and type " + std::string(name(tensor.dtype)) + " has " +
                        std::to_string(tensor.bytes.size()) + " bytes, and was to fill " +
                        std::to_string(places) + " places");
}

}  // namespace

float f16_to_f32(uint16_t bits) { return widen_f16(bits); }
uint16_t round_to_bf16(float value) { return narrow_bf16(value); }

Result<void> to_f32(const TensorView& tensor, std::span<float> out) {
  TROUPE_CHECK_OK(check(tensor, out.size()));
  if (!out.empty()) decoder_of(tensor.dtype)(tensor.bytes.data(), out.data(), out.size());
  return {};
}

Result<void> to_bf16(const TensorView& tensor, std::span<uint16_t> out) {
  TROUPE_CHECK_OK(check(tensor, out.size()));
  if (out.empty()) return {};
  if (tensor.dtype == DType::bf16) {
    std::memcpy(out.data(), tensor.bytes.data(), tensor.bytes.size());
    return {};
  }
  // Piece by piece through floats that stay in the first-level cache; a multiple of every block.
  constexpr size_t kPiece = 2048;
  float piece[kPiece];
  const Decode decode = decoder_of(tensor.dtype);
  const Block block = block_of(tensor.dtype);
  for (size_t begin = 0; begin < out.size(); begin += kPiece) {
    const size_t count = std::min(kPiece, out.size() - begin);
    decode(tensor.bytes.data() + begin / block.values * block.bytes, piece, count);
    for (size_t i = 0; i < count; ++i) out[begin + i] = narrow_bf16(piece[i]);
  }
  return {};
}

}  // namespace troupe::engine::wan
