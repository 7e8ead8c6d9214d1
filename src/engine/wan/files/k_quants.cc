#include "engine/wan/files/k_quants.h"

#include "engine/wan/files/half.h"

namespace troupe::engine::wan {
namespace {

constexpr size_t kSuperBlock = 256;

uint8_t u8_at(const std::byte* from, size_t index) { return std::to_integer<uint8_t>(from[index]); }

struct ScaleAndMin {
  uint8_t scale, min;
};

// 8 pairs of 6-bit numbers in 12 bytes: bytes 0-3 and 4-7 have the first four pairs in their low 6 bits,
// bytes 8-11 the low 4 bits of the others, whose high 2 bits are on top of the first eight bytes.
ScaleAndMin scale_and_min(const std::byte* scales, size_t pair) {
  if (pair < 4) {
    return {static_cast<uint8_t>(u8_at(scales, pair) & 63),
            static_cast<uint8_t>(u8_at(scales, pair + 4) & 63)};
  }
  const uint8_t low = u8_at(scales, pair + 4);
  return {static_cast<uint8_t>((low & 15) | (u8_at(scales, pair - 4) >> 6) << 4),
          static_cast<uint8_t>((low >> 4) | (u8_at(scales, pair) >> 6) << 4)};
}

}  // namespace

void decode_q8_0(const std::byte* from, float* to, size_t count) {
  constexpr size_t kValues = 32, kBytes = 34;
  for (size_t block = 0; block < count / kValues; ++block, from += kBytes, to += kValues) {
    const float d = widen_f16(load<uint16_t>(from));
    for (size_t i = 0; i < kValues; ++i)
      to[i] = d * static_cast<float>(static_cast<int8_t>(u8_at(from, 2 + i)));
  }
}

void decode_q4_k(const std::byte* from, float* to, size_t count) {
  constexpr size_t kBytes = 144;
  for (size_t block = 0; block < count / kSuperBlock; ++block, from += kBytes) {
    const float d = widen_f16(load<uint16_t>(from)), m = widen_f16(load<uint16_t>(from + 2));
    const std::byte* q = from + 16;
    // 32 bytes hold 64 values: their low halves first, then their high halves, each half with a scale of its
    // own.
    for (size_t pair = 0; pair < 8; pair += 2, q += 32, to += 64) {
      const ScaleAndMin low = scale_and_min(from + 4, pair), high = scale_and_min(from + 4, pair + 1);
      const float d1 = d * low.scale, m1 = m * low.min, d2 = d * high.scale, m2 = m * high.min;
      for (size_t i = 0; i < 32; ++i) to[i] = d1 * static_cast<float>(u8_at(q, i) & 15) - m1;
      for (size_t i = 0; i < 32; ++i) to[32 + i] = d2 * static_cast<float>(u8_at(q, i) >> 4) - m2;
    }
  }
}

void decode_q5_k(const std::byte* from, float* to, size_t count) {
  constexpr size_t kBytes = 176;
  for (size_t block = 0; block < count / kSuperBlock; ++block, from += kBytes) {
    const float d = widen_f16(load<uint16_t>(from)), m = widen_f16(load<uint16_t>(from + 2));
    const std::byte* const fifth = from + 16;  // bit n of byte i belongs to value i of the nth 32
    const std::byte* q = from + 48;
    for (int pair = 0; pair < 8; pair += 2, q += 32, to += 64) {
      const auto index = static_cast<size_t>(pair);
      const ScaleAndMin low = scale_and_min(from + 4, index), high = scale_and_min(from + 4, index + 1);
      const float d1 = d * low.scale, m1 = m * low.min, d2 = d * high.scale, m2 = m * high.min;
      for (size_t i = 0; i < 32; ++i) {
        to[i] = d1 * static_cast<float>((u8_at(q, i) & 15) | ((u8_at(fifth, i) >> pair) & 1) << 4) - m1;
      }
      for (size_t i = 0; i < 32; ++i) {
        to[32 + i] =
            d2 * static_cast<float>((u8_at(q, i) >> 4) | ((u8_at(fifth, i) >> (pair + 1)) & 1) << 4) - m2;
      }
    }
  }
}

void decode_q6_k(const std::byte* from, float* to, size_t count) {
  constexpr size_t kBytes = 210;
  for (size_t block = 0; block < count / kSuperBlock; ++block, from += kBytes) {
    const float d = widen_f16(load<uint16_t>(from + 208));
    // Each half of the block: 64 bytes of low bits, 32 bytes of high bits, 8 scales, 128 values.
    for (size_t half = 0; half < 2; ++half, to += 128) {
      const std::byte* const low = from + 64 * half;
      const std::byte* const high = from + 128 + 32 * half;
      const std::byte* const scales = from + 192 + 8 * half;
      for (size_t quarter = 0; quarter < 4; ++quarter) {
        const int shift = quarter >= 2 ? 4 : 0;
        const std::byte* const nibbles = low + 32 * (quarter % 2);
        for (size_t part = 0; part < 2; ++part) {
          const float scale = d * static_cast<float>(static_cast<int8_t>(u8_at(scales, 2 * quarter + part)));
          for (size_t i = 16 * part; i < 16 * part + 16; ++i) {
            const int q = ((u8_at(nibbles, i) >> shift) & 15) | ((u8_at(high, i) >> (2 * quarter)) & 3) << 4;
            to[32 * quarter + i] = scale * static_cast<float>(q - 32);
          }
        }
      }
    }
  }
}

}  // namespace troupe::engine::wan
