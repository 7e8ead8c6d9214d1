// Retiming a decoded clip to a fixed rate, with its sound beside it.
#pragma once

#include <optional>
#include <vector>

#include "media/frame_convert.h"
#include "media/video_reader.h"

namespace troupe::media {

/// One pass of a clip into an Output; behind VideoClip::play(). Used once.
class ClipPlayer {
 public:
  ClipPlayer(VideoReader& reader, const VideoClip::PlayOptions& options, Output& output);

  static ClipLength length(const VideoReader& reader);
  Result<void> play(const CancelToken& cancel);

 private:
  int64_t first_output_frame(int64_t time) const;
  Result<void> take_video(const AVFrame& frame, int64_t time);
  Result<void> show_until(int64_t output_frame);
  Result<void> take_audio(const AVFrame& frame, int64_t time);
  Result<void> silence_until(int64_t sample);
  Result<void> sound(std::span<const float> interleaved);

  VideoReader& reader_;
  VideoClip::PlayOptions options_;
  Output& output_;
  FrameConverter frames_;
  SoundConverter sounds_;
  AvFrame held_;                  // shows until the next one's time
  std::optional<Frame> picture_;  // held_, converted when first shown
  std::vector<float> samples_;
  int64_t shown_ = 0, total_ = 0;          // output frames
  int64_t sounded_ = 0, sound_total_ = 0;  // output samples
  bool sound_aligned_ = false;
};

}  // namespace troupe::media
