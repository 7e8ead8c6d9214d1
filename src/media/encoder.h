// An engine's frames and sound into an MP4 file, while the engine goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/media_time.h"
#include "core/output.h"
#include "media/metadata.h"

namespace troupe::media {

struct EncoderOptions {
  FrameSize size;  ///< even sides, 16 … 8192
  FrameRate rate;
  int64_t frames = 0;  ///< how many there will be, exactly; >= 1
  bool audio = false;  ///< with a sound track
  /// Spends more bits on the first and the last frame, so that a picture that the user pinned there comes
  /// back (luma PSNR above 42 dB even for noise).
  bool exact_ends = false;
  std::string preset = "veryfast";  ///< x264's: "ultrafast" … "veryslow"
  int quality = 20;                 ///< x264's CRF, 0 (lossless) … 51
  int threads = 0;                  ///< for x264; 0 = as many as the process may run
  VideoMetadata metadata;
};

struct EncodedInfo {
  int64_t frames = 0;
  int64_t audio_samples = 0;  ///< a channel; 0 without sound
  uint64_t size_bytes = 0;
  bool operator==(const EncodedInfo&) const = default;
};

/// Frames and samples that wait for the encoder: this many frames or blocks of up to kAudioBlockSamples.
/// With it the memory of an encode does not depend on the video's length.
inline constexpr size_t kEncoderQueueMax = 8;
inline constexpr int64_t kAudioBlockSamples = 48000;

/// Writes H.264 (High, yuv420p, tagged BT.709 limited range) and AAC (48 kHz stereo) into an MP4 whose index
/// stands first, so that it plays while it loads. The video lasts exactly frames / rate; sound is cut or
/// padded with silence to the same, to the sample; samples outside [-1, 1] are clamped and NaN is silence.
/// The file appears under its name only when finish() succeeded: until then it is a hidden one beside it,
/// which the destructor removes. Thread-safety: one call at a time; encoding runs on threads of its own.
class VideoEncoder : public Output {
 public:
  /// Replaces a file of that name, on finish(). Its folder must exist.
  /// Errors: invalid_argument (names the option), io (the folder cannot be written), internal.
  static Result<std::unique_ptr<VideoEncoder>> open(const std::filesystem::path& file,
                                                    const EncoderOptions& options);

  /// Without finish() the video is given up, at once, and no file is left.
  ~VideoEncoder() override;

  /// Blocks while the queue is full. Errors also: invalid_argument for more frames than agreed.
  Result<void> video(Frame frame) override;
  /// Errors also: invalid_argument if the video has no sound or the samples are not pairs.
  Result<void> audio(std::span<const float> interleaved) override;

  /// Waits until all is encoded, completes the file and gives it its name. Only once; nothing else after it.
  /// Errors: invalid_argument (fewer frames than agreed), io (the disk is full …), internal; then no file is
  /// left.
  Result<EncodedInfo> finish();

 private:
  struct State;
  explicit VideoEncoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace troupe::media
