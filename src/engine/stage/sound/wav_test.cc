#include "engine/stage/sound/wav.h"

#include <gtest/gtest.h>

#include <string>

namespace troupe::stage {
namespace {

void put16(std::vector<uint8_t>& bytes, uint32_t value) {
  bytes.push_back(static_cast<uint8_t>(value));
  bytes.push_back(static_cast<uint8_t>(value >> 8));
}

void put32(std::vector<uint8_t>& bytes, uint32_t value) {
  put16(bytes, value & 0xffff);
  put16(bytes, value >> 16);
}

void put_tag(std::vector<uint8_t>& bytes, const std::string& tag) {
  bytes.insert(bytes.end(), tag.begin(), tag.end());
}

std::vector<uint8_t> wav_of(uint32_t data_size, const std::vector<int16_t>& samples, uint32_t channels = 1,
                            uint32_t rate = 22050, uint32_t bits = 16) {
  std::vector<uint8_t> bytes;
  put_tag(bytes, "RIFF");
  put32(bytes, data_size + 36);
  put_tag(bytes, "WAVEfmt ");
  put32(bytes, 16);
  put16(bytes, 1);
  put16(bytes, channels);
  put32(bytes, rate);
  put32(bytes, rate * channels * 2);
  put16(bytes, channels * 2);
  put16(bytes, bits);
  put_tag(bytes, "data");
  put32(bytes, data_size);
  for (const int16_t sample : samples) put16(bytes, static_cast<uint16_t>(sample));
  return bytes;
}

TEST(Wav, ReadsSamples) {
  const auto sound = parse_wav(wav_of(6, {16384, -32768, 0}));
  ASSERT_TRUE(sound);
  EXPECT_EQ(sound->rate, 22050);
  EXPECT_EQ(sound->mono, (std::vector<float>{0.5f, -1.0f, 0.0f}));
}

TEST(Wav, SizesOfAPipeMeanUpToTheEnd) {
  EXPECT_EQ(parse_wav(wav_of(0, {1, 2, 3}))->mono.size(), 3u);
  EXPECT_EQ(parse_wav(wav_of(0x7ffff000, {1, 2, 3}))->mono.size(), 3u);
  EXPECT_EQ(parse_wav(wav_of(0xffffffff, {1, 2, 3}))->mono.size(), 3u);
}

TEST(Wav, StatedSizeHidesWhatFollows) { EXPECT_EQ(parse_wav(wav_of(4, {1, 2, 3}))->mono.size(), 2u); }

TEST(Wav, HalfASampleIsDropped) {
  auto bytes = wav_of(0, {1, 2, 3});
  bytes.pop_back();
  EXPECT_EQ(parse_wav(bytes)->mono.size(), 2u);
}

TEST(Wav, ChannelsAreAveraged) {
  EXPECT_EQ(parse_wav(wav_of(0, {16384, 0, -16384, -16384}, 2))->mono, (std::vector<float>{0.25f, -0.5f}));
}

TEST(Wav, SkipsOtherChunksEvenOfOddSize) {
  const auto plain = wav_of(4, {16384, 16384});
  std::vector<uint8_t> bytes(plain.begin(), plain.begin() + 12);
  put_tag(bytes, "LIST");
  put32(bytes, 3);
  bytes.insert(bytes.end(), 4, 0);
  bytes.insert(bytes.end(), plain.begin() + 12, plain.end());
  ASSERT_TRUE(parse_wav(bytes));
  EXPECT_EQ(parse_wav(bytes)->mono.size(), 2u);
}

TEST(Wav, EveryTruncationIsAnErrorOrFewerSamples) {
  const auto bytes = wav_of(8, {1, 2, 3, 4});
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto sound = parse_wav(std::span(bytes).first(size));
    EXPECT_EQ(sound.has_value(), size >= 44) << size;
    EXPECT_EQ(sound ? sound->mono.size() : 0, size >= 44 ? (size - 44) / 2 : 0);
  }
}

TEST(Wav, RefusesWhatItCannotRead) {
  EXPECT_EQ(parse_wav(wav_of(0, {1}, 1, 22050, 8)).error().code, ErrorCode::unsupported);
  EXPECT_EQ(parse_wav(wav_of(0, {1}, 0)).error().code, ErrorCode::unsupported);
  EXPECT_EQ(parse_wav(wav_of(0, {1}, 3)).error().code, ErrorCode::unsupported);
  EXPECT_EQ(parse_wav(wav_of(0, {1}, 1, 0)).error().code, ErrorCode::corrupt_input);
  EXPECT_EQ(parse_wav(wav_of(0, {1}, 1, 0xffffffff)).error().code, ErrorCode::corrupt_input);
}

}  // namespace
}  // namespace troupe::stage
