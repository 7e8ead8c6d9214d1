#include "engine/stage/sound/wav.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace troupe::stage {
namespace {

constexpr size_t kRiffHeaderBytes = 12;
constexpr size_t kChunkHeaderBytes = 8;
constexpr size_t kFormatBytes = 16;
constexpr int kRateMin = 4000, kRateMax = 192000;

struct Format {
  int channels = 0, rate = 0;
};

uint32_t u16(std::span<const uint8_t> bytes, size_t at) { return bytes[at] | (bytes[at + 1] << 8); }
uint32_t u32(std::span<const uint8_t> bytes, size_t at) {
  return u16(bytes, at) | (u16(bytes, at + 2) << 16);
}
bool tag(std::span<const uint8_t> bytes, size_t at, const char* name) {
  return std::memcmp(bytes.data() + at, name, 4) == 0;
}

Result<Format> parse_format(std::span<const uint8_t> chunk) {
  if (chunk.size() < kFormatBytes)
    return make_error(ErrorCode::corrupt_input, "The WAV format is cut short.");
  const uint32_t coding = u16(chunk, 0), channels = u16(chunk, 2), rate = u32(chunk, 4),
                 bits = u16(chunk, 14);
  if (coding != 1 || bits != 16 || channels < 1 || channels > 2) {
    return make_error(ErrorCode::unsupported, "The WAV stream is not 16-bit PCM with one or two channels.");
  }
  if (rate < kRateMin || rate > kRateMax) {
    return make_error(ErrorCode::corrupt_input, "The WAV sample rate is outside 4000 to 192000.");
  }
  return Format{static_cast<int>(channels), static_cast<int>(rate)};
}

WavSound parse_samples(std::span<const uint8_t> data, const Format& format) {
  const auto channels = static_cast<size_t>(format.channels);
  WavSound sound{format.rate, std::vector<float>(data.size() / (2 * channels))};
  for (size_t i = 0; i < sound.mono.size(); ++i) {
    float sum = 0;
    for (size_t c = 0; c < channels; ++c) {
      sum += static_cast<float>(static_cast<int16_t>(u16(data, 2 * (i * channels + c))));
    }
    sound.mono[i] = sum / (32768.0f * static_cast<float>(channels));
  }
  return sound;
}

}  // namespace

Result<WavSound> parse_wav(std::span<const uint8_t> bytes) {
  if (bytes.size() < kRiffHeaderBytes || !tag(bytes, 0, "RIFF") || !tag(bytes, 8, "WAVE")) {
    return make_error(ErrorCode::corrupt_input, "The bytes are not a WAV stream.");
  }
  std::optional<Format> format;
  size_t at = kRiffHeaderBytes;
  while (bytes.size() - at >= kChunkHeaderBytes) {
    const size_t size = u32(bytes, at + 4);
    const size_t body = at + kChunkHeaderBytes;
    const size_t left = bytes.size() - body;
    if (tag(bytes, at, "fmt ")) {
      TROUPE_TRY(format, parse_format(bytes.subspan(body, std::min(size, left))));
    } else if (tag(bytes, at, "data")) {
      if (!format) return make_error(ErrorCode::corrupt_input, "The WAV data comes before its format.");
      return parse_samples(bytes.subspan(body, size == 0 ? left : std::min(size, left)), *format);
    }
    if (size + (size & 1) > left) break;
    at = body + size + (size & 1);  // chunks are padded to even sizes
  }
  return make_error(ErrorCode::corrupt_input, "The WAV stream has no data.");
}

}  // namespace troupe::stage
