// Decoding a container's video and sound, one frame after the other.
#pragma once

#include <cstdint>
#include <memory>

#include "base/cancel.h"
#include "media/av_input.h"

namespace troupe::media {

/// An open container with a decoder for its video and, if it has one that can be decoded, its sound.
/// Thread-safety: one call at a time.
class VideoReader {
 public:
  /// Errors: those of VideoClip::open().
  static Result<std::unique_ptr<VideoReader>> open(std::unique_ptr<ByteSource> source,
                                                   const VideoLimits& limits);

  const VideoInfo& info() const { return info_; }
  int orientation() const { return orientation_; }  ///< EXIF's numbering
  AVRational video_clock() const { return video_.stream->time_base; }
  AVRational audio_clock() const { return audio_.stream->time_base; }  ///< REQUIRES info().audio
  /// In video_clock(): when the first frame shows, when the last one does, when that goes.
  int64_t video_start() const { return start_; }
  int64_t video_last() const { return last_; }
  int64_t video_end() const { return end_; }

  /// Goes to the key frame at or before `time`; with `sound` next() gives audio frames too.
  /// False if the file cannot be sought in there.
  bool seek(int64_t time, bool sound);

  struct Decoded {
    AVFrame* frame = nullptr;  ///< the reader's, until the next call; nullptr at the end
    int64_t time = 0;          ///< in the clock of its stream
    bool audio = false;
  };
  /// The next frame that can be decoded; damaged ones are left out. Errors: cancelled.
  Result<Decoded> next(const CancelToken& cancel);

 private:
  struct Track {
    AVStream* stream = nullptr;  // the demuxer's
    AvCodec codec;
    bool wanted = false;
    int64_t time = 0;  // of its latest frame
  };
  struct Scan;

  VideoReader(std::unique_ptr<AvInput> input, const VideoLimits& limits);
  Result<void> open_video();
  void open_audio();
  Result<void> scan();
  Result<void> count(const AVPacket& packet, Scan& scan) const;
  Result<void> describe(const Scan& scan);
  bool receive(Track& track, Decoded& decoded);
  bool feed();

  std::unique_ptr<AvInput> input_;
  VideoLimits limits_;
  Track video_, audio_;
  AvFrame frame_;
  AvPacket packet_;
  VideoInfo info_;
  int orientation_ = 1;
  int64_t start_ = 0, last_ = 0, end_ = 0;
  bool draining_ = false;
};

}  // namespace troupe::media
