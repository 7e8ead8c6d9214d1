// Frames, sound and files that the video tests make for themselves.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "media/encoder.h"

namespace troupe::media::test {

/// A folder of this test process, removed at its end.
class TempFolder {
 public:
  TempFolder() {
    static int counter = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("troupe-media-" + std::to_string(::getpid()) + "-" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }
  size_t files() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

/// Keeps all that it is given.
class KeepOutput : public Output {
 public:
  Result<void> video(Frame frame) override {
    frames.push_back(std::move(frame));
    return {};
  }
  Result<void> audio(std::span<const float> interleaved) override {
    samples.insert(samples.end(), interleaved.begin(), interleaved.end());
    return {};
  }
  std::vector<Frame> frames;
  std::vector<float> samples;
};

/// A flat frame whose luma tells its index, the way flat_index() reads it; for up to 40 frames.
inline Frame flat_frame(FrameSize size, int index) {
  Frame frame(size);
  std::fill(frame.luma.begin(), frame.luma.end(), static_cast<uint8_t>(20 + 5 * index));
  return frame;
}
inline int flat_index(const Frame& frame) {
  const size_t middle = frame.luma.size() / 2 + static_cast<size_t>(frame.size.width) / 2;
  return static_cast<int>(std::lround((frame.luma[middle] - 20) / 5.0));
}

/// Detail and grain as in a photograph taken at night: the hardest thing to encode.
inline Frame noisy_frame(FrameSize size, uint64_t seed) {
  Frame frame(size);
  Random random(seed);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double wave = 60 * std::sin(x * 0.11 + static_cast<double>(seed)) * std::cos(y * 0.07);
      frame.luma[static_cast<size_t>(y) * static_cast<size_t>(size.width) + static_cast<size_t>(x)] =
          static_cast<uint8_t>(std::clamp(126 + wave + 40 * (random.uniform() - 0.5), 16.0, 235.0));
    }
  }
  return frame;
}

inline double luma_psnr(const Frame& a, const Frame& b) {
  double sum = 0;
  for (size_t i = 0; i < a.luma.size(); ++i) sum += std::pow(int{a.luma[i]} - int{b.luma[i]}, 2);
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(a.luma.size()) / std::max(sum, 1e-9));
}

inline std::vector<float> tone(int64_t samples, double hertz) {
  std::vector<float> out;
  for (int64_t i = 0; i < samples; ++i) {
    const auto value =
        static_cast<float>(0.5 * std::sin(2 * M_PI * hertz * static_cast<double>(i) / kAudioRate));
    out.insert(out.end(), {value, value});
  }
  return out;
}

inline Bytes read_all(const std::filesystem::path& file) { return *read_file(file, 1u << 30); }

inline void write_all(const std::filesystem::path& file, ByteView bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// Flat frames of rising index as an MP4; with a tone if options.audio.
inline Result<EncodedInfo> make_clip(const std::filesystem::path& file, const EncoderOptions& options) {
  TROUPE_TRY(const std::unique_ptr<VideoEncoder> encoder, VideoEncoder::open(file, options));
  for (int i = 0; i < options.frames; ++i) TROUPE_CHECK_OK(encoder->video(flat_frame(options.size, i)));
  if (options.audio) TROUPE_CHECK_OK(encoder->audio(tone(48000, 440)));
  return encoder->finish();
}

}  // namespace troupe::media::test
