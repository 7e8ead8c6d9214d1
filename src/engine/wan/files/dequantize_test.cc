#include "engine/wan/files/dequantize.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "engine/wan/files/writers_for_test.h"

namespace troupe::engine::wan {
namespace {

using Floats = std::vector<float>;

Floats decoded(DType dtype, int64_t values, const std::string& bytes) {
  const std::vector<std::byte> stored = bytes_from(bytes);
  Floats out(static_cast<size_t>(values));
  const auto done = to_f32({"w", dtype, {values}, stored}, out);
  EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().message);
  return out;
}

// What IEEE 754 says a binary16 means.
double half_value(uint16_t bits) {
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

TEST(Dequantize, EveryHalfIsExact) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const double expected = half_value(static_cast<uint16_t>(bits));
    const float got = f16_to_f32(static_cast<uint16_t>(bits));
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(got)) << bits;
    } else {
      EXPECT_EQ(static_cast<double>(got), expected) << bits;
      EXPECT_EQ(std::signbit(got), (bits & 0x8000) != 0) << bits;
    }
  }
}

TEST(Dequantize, EightBitFloatsAreThoseOfTheirStandard) {
  const Floats e4m3 = decoded(DType::f8_e4m3, 8, "\x38\xb8\x7e\x01\x07\x08\x80\x7f");
  EXPECT_EQ(Floats(e4m3.begin(), e4m3.begin() + 7), (Floats{1, -1, 448, 0x1p-9f, 0x1.cp-7f, 0x1p-6f, -0.0f}));
  EXPECT_TRUE(std::isnan(e4m3[7]));
  EXPECT_TRUE(std::signbit(e4m3[6]));
  const Floats e5m2 = decoded(DType::f8_e5m2, 7, "\x3c\xbc\x7b\x01\x04\x7c\x7d");
  EXPECT_EQ(Floats(e5m2.begin(), e5m2.begin() + 6), (Floats{1, -1, 57344, 0x1p-16f, 0x1p-14f, INFINITY}));
  EXPECT_TRUE(std::isnan(e5m2[6]));
}

TEST(Dequantize, PlainNumbers) {
  EXPECT_EQ(decoded(DType::f64, 2, raw(0.1) + raw(-3.0)), (Floats{0.1f, -3}));
  EXPECT_EQ(decoded(DType::f32, 1, raw(0.1f)), Floats{0.1f});
  EXPECT_EQ(decoded(DType::bf16, 2, raw(uint16_t{0x3F80}) + raw(uint16_t{0xC040})), (Floats{1, -3}));
  EXPECT_EQ(decoded(DType::i64, 1, raw(int64_t{-1} << 40)), Floats{-0x1p40f});
  EXPECT_EQ(decoded(DType::i32, 1, raw(int32_t{16777217})), Floats{16777216});
  EXPECT_EQ(decoded(DType::i16, 1, raw(int16_t{-300})), Floats{-300});
  EXPECT_EQ(decoded(DType::i8, 1, "\x80"), Floats{-128});
  EXPECT_EQ(decoded(DType::u8, 1, "\x80"), Floats{128});
  EXPECT_EQ(decoded(DType::boolean, 3, std::string("\0\1\2", 3)), (Floats{0, 1, 1}));
}

TEST(Dequantize, BfloatsAreRoundedToNearestEven) {
  const auto rounded = [](uint32_t bits) { return round_to_bf16(std::bit_cast<float>(bits)); };
  EXPECT_EQ(rounded(0x3F800000), 0x3F80);
  EXPECT_EQ(rounded(0x3F808000), 0x3F80);  // a tie, to even
  EXPECT_EQ(rounded(0x3F818000), 0x3F82);
  EXPECT_EQ(rounded(0x3F808001), 0x3F81);
  EXPECT_EQ(rounded(0xBF817FFF), 0xBF81);
  EXPECT_EQ(rounded(0x7F7FFFFF), 0x7F80);  // past the largest
  EXPECT_EQ(rounded(0xFF800000), 0xFF80);
  EXPECT_EQ(rounded(0x00000001), 0x0000);
  EXPECT_EQ(rounded(0x80018000), 0x8002);
  for (const uint32_t nan : {0x7F800001u, 0xFFFFFFFFu, 0x7FFFFFFFu}) {
    const uint16_t got = rounded(nan);
    EXPECT_GT(got & 0x7FFF, 0x7F80) << nan;
  }
}

// --- ggml's blocks, value by value from their definition
// --------------------------------------------------------------

// `count` bits of a block, counted from bit `first` of it: the definitions below only say where each number's
// bits are.
int bits_at(const std::string& block, int first, int count) {
  int value = 0;
  for (int i = 0; i < count; ++i) {
    const int bit = first + i;
    value |= ((static_cast<uint8_t>(block[static_cast<size_t>(bit / 8)]) >> (bit % 8)) & 1) << i;
  }
  return value;
}

float half_at(const std::string& block, int byte) {
  return static_cast<float>(half_value(static_cast<uint16_t>(bits_at(block, 8 * byte, 16))));
}

int signed_byte(const std::string& block, int byte) {
  const int value = bits_at(block, 8 * byte, 8);
  return value < 128 ? value : value - 256;
}

// The 6-bit scale (which = 0) or minimum (which = 1) of the nth 32 values; the 12 bytes begin at byte 4.
int six_bits(const std::string& block, int nth, int which) {
  if (nth < 4) return bits_at(block, 8 * (4 + nth + 4 * which), 6);
  return bits_at(block, 8 * (4 + 8 + nth - 4) + 4 * which, 4) +
         16 * bits_at(block, 8 * (4 + nth - 4 + 4 * which) + 6, 2);
}

float slow_q8_0(const std::string& block, int i) {
  return half_at(block, 0) * static_cast<float>(signed_byte(block, 2 + i));
}

float slow_q45_k(const std::string& block, int i, bool five) {
  const int nth = i / 32, byte = (five ? 48 : 16) + i / 64 * 32 + i % 32;
  int q = bits_at(block, 8 * byte + nth % 2 * 4, 4);
  if (five) q += 16 * bits_at(block, 8 * (16 + i % 32) + nth, 1);
  const float scale = half_at(block, 0) * static_cast<float>(six_bits(block, nth, 0));
  return scale * static_cast<float>(q) - half_at(block, 2) * static_cast<float>(six_bits(block, nth, 1));
}

float slow_q6_k(const std::string& block, int i) {
  const int half = i / 128, in_half = i % 128, quarter = in_half / 32, column = in_half % 32;
  const int low = bits_at(block, 8 * (64 * half + 32 * (quarter % 2) + column) + 4 * (quarter / 2), 4);
  const int high = bits_at(block, 8 * (128 + 32 * half + column) + 2 * quarter, 2);
  return half_at(block, 208) * static_cast<float>(signed_byte(block, 192 + i / 16)) *
         static_cast<float>(low + 16 * high - 32);
}

float slow(DType dtype, const std::string& block, int i) {
  switch (dtype) {
    case DType::q8_0:
      return slow_q8_0(block, i);
    case DType::q4_k:
      return slow_q45_k(block, i, false);
    case DType::q5_k:
      return slow_q45_k(block, i, true);
    default:
      return slow_q6_k(block, i);
  }
}

// A block of random bits whose f16 numbers (at these bytes) are ordinary ones.
std::string random_block(DType dtype, std::mt19937& random) {
  std::string block(block_of(dtype).bytes, '\0');
  for (char& byte : block) byte = static_cast<char>(random());
  const auto set_half = [&](size_t at) {
    block[at + 1] = static_cast<char>(0x10 + random() % 0x18 + random() % 2 * 0x80);
  };
  set_half(dtype == DType::q6_k ? 208 : 0);
  if (dtype == DType::q4_k || dtype == DType::q5_k) set_half(2);
  return block;
}

class Quantised : public testing::TestWithParam<DType> {};
INSTANTIATE_TEST_SUITE_P(Types, Quantised,
                         testing::Values(DType::q8_0, DType::q4_k, DType::q5_k, DType::q6_k));

TEST_P(Quantised, BlocksAreDecodedByTheirDefinition) {
  std::mt19937 random(7);
  const int values = static_cast<int>(block_of(GetParam()).values);
  std::string all;
  Floats expected;
  for (int n = 0; n < 50; ++n) {
    const std::string block = random_block(GetParam(), random);
    all += block;
    for (int i = 0; i < values; ++i) expected.push_back(slow(GetParam(), block, i));
  }
  const Floats got = decoded(GetParam(), 50 * values, all);
  for (size_t i = 0; i < expected.size(); ++i) ASSERT_FLOAT_EQ(got[i], expected[i]) << i;
}

TEST(Dequantize, HandComputedBlocks) {
  // q8_0: d = 0.5.
  const Floats q8 = decoded(DType::q8_0, 32, raw(uint16_t{0x3800}) + "\x01\xff\x80" + std::string(29, '\0'));
  EXPECT_EQ(Floats(q8.begin(), q8.begin() + 4), (Floats{0.5, -0.5, -64, 0}));

  // q4_k: d = 1, m = 2. Scale 0 = 3, minimum 0 = 5; scale 4 = 0x21 and minimum 4 = 0x12, in pieces.
  std::string scales(12, '\0');
  scales[0] = static_cast<char>(3 | 0x2 << 6);
  scales[4] = static_cast<char>(5 | 0x1 << 6);
  scales[8] = static_cast<char>(0x1 | 0x2 << 4);
  std::string q(128, '\0');
  q[0] = '\x4f';   // values 0 and 32
  q[64] = '\x17';  // values 128 and 160
  const Floats q4 = decoded(DType::q4_k, 256, raw(uint16_t{0x3C00}) + raw(uint16_t{0x4000}) + scales + q);
  EXPECT_EQ(q4[0], 15 * 3 - 2 * 5);
  EXPECT_EQ(q4[1], -2 * 5);
  EXPECT_EQ(q4[32], 0);  // scale and minimum 1 are 0
  EXPECT_EQ(q4[128], 7 * 0x21 - 2 * 0x12);
  EXPECT_EQ(q4[160], 0);

  // q5_k: the same with the fifth bit of values 0 and 128 set, and not that of value 1.
  std::string fifth(32, '\0');
  fifth[0] = static_cast<char>(1 << 0 | 1 << 4);
  const Floats q5 =
      decoded(DType::q5_k, 256, raw(uint16_t{0x3C00}) + raw(uint16_t{0x4000}) + scales + fifth + q);
  EXPECT_EQ(q5[0], (15 + 16) * 3 - 2 * 5);
  EXPECT_EQ(q5[1], -2 * 5);
  EXPECT_EQ(q5[128], (7 + 16) * 0x21 - 2 * 0x12);

  // q6_k: d = 0.25; scale 0 = -3, scale 4 = 2, all others 0.
  std::string six(208, '\0');
  six[192] = static_cast<char>(-3);
  six[196] = 2;
  six[0] = '\x5a';    // low bits of values 0 and 64
  six[128] = '\x21';  // high bits: 1 for value 0, 0 for 32, 2 for 64
  const Floats q6 = decoded(DType::q6_k, 256, six + raw(uint16_t{0x3400}));
  EXPECT_EQ(q6[0], 0.25f * -3 * (0xa + 16 - 32));
  EXPECT_EQ(q6[1], 0.25f * -3 * (0 - 32));
  EXPECT_EQ(q6[64], 0.25f * 2 * (5 + 32 - 32));
  EXPECT_EQ(q6[128], 0);
}

TEST(Dequantize, BfloatsOfEveryTypeAreTheRoundedFloats) {
  std::mt19937 random(11);
  for (int type = 0; type <= static_cast<int>(DType::q6_k); ++type) {
    const auto dtype = static_cast<DType>(type);
    const Block block = block_of(dtype);
    const int64_t values = 5120 + (block.values == 1 ? 3 : 0);  // more than one piece, and a rest
    std::string bytes;
    while (bytes.size() < static_cast<size_t>(values) / block.values * block.bytes) {
      bytes += block.values == 1 ? std::string(block.bytes, static_cast<char>(random() % 120))
                                 : random_block(dtype, random);
    }
    const std::vector<std::byte> stored = bytes_from(bytes);
    const TensorView tensor{"w", dtype, {values}, stored};
    Floats wide(static_cast<size_t>(values));
    std::vector<uint16_t> narrow(wide.size());
    ASSERT_TRUE(to_f32(tensor, wide).has_value()) << name(dtype);
    ASSERT_TRUE(to_bf16(tensor, narrow).has_value()) << name(dtype);
    for (size_t i = 0; i < wide.size(); ++i) ASSERT_EQ(narrow[i], round_to_bf16(wide[i])) << name(dtype) << i;
  }
}

TEST(Dequantize, SizesMustFit) {
  const std::vector<std::byte> stored(8);
  Floats two(2), three(3);
  EXPECT_TRUE(to_f32({"w", DType::f32, {2}, stored}, two).has_value());
  EXPECT_EQ(to_f32({"w", DType::f32, {2}, stored}, three).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(to_f32({"w", DType::f32, {3}, stored}, three).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(to_f32({"w", DType::q8_0, {2}, stored}, two).error().code, ErrorCode::invalid_argument);
  std::vector<uint16_t> one(1);
  EXPECT_EQ(to_bf16({"w", DType::f32, {2}, stored}, one).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace troupe::engine::wan
