// Frames and samples into an MP4 file through FFmpeg, on the caller's thread.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "media/encoder.h"
#include "media/libav.h"

namespace troupe::media {

/// Takes exactly options.frames frames and, with sound, any number of samples. Thread-safety: one call at a
/// time.
class Mp4Writer {
 public:
  /// `file` exists and is overwritten. Errors: invalid_argument, io, internal.
  static Result<std::unique_ptr<Mp4Writer>> open(const std::filesystem::path& file,
                                                 const EncoderOptions& options);
  ~Mp4Writer();

  Result<void> video(const Frame& frame);
  Result<void> audio(std::span<const float> interleaved);
  /// Pads or cuts the sound, flushes the encoders and completes the file.
  Result<void> finish();

  int64_t frames() const { return frames_; }
  int64_t samples() const { return samples_encoded_; }

 private:
  struct Track {
    AvCodec codec;
    AVStream* stream = nullptr;  // the muxer's
  };

  explicit Mp4Writer(const EncoderOptions& options);
  Result<void> open_video();
  Result<void> open_audio();
  Result<void> open_muxer(const std::filesystem::path& file);
  Result<void> add_stream(Track& track);
  Result<void> encode(Track& track, AVFrame* frame);  // nullptr flushes
  Result<void> encode_sound(size_t samples);

  EncoderOptions options_;
  AVFormatContext* muxer_ = nullptr;
  Track video_, audio_;
  AvFrame picture_, sound_;
  AvPacket packet_;
  std::vector<float> waiting_;  // interleaved samples, less than an AAC frame between calls
  int64_t frames_ = 0, samples_encoded_ = 0, samples_wanted_ = 0;
};

}  // namespace troupe::media
