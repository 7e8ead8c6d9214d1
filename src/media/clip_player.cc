#include "media/clip_player.h"

#include <algorithm>
#include <utility>

#include "media/sample_count.h"

namespace troupe::media {

ClipPlayer::ClipPlayer(VideoReader& reader, const VideoClip::PlayOptions& options, Output& output)
    : reader_(reader), options_(options), output_(output), frames_(reader.orientation()) {
  total_ = frames_at(length(reader), options.rate);
  sound_total_ = options.audio ? sample_count(total_, options.rate) : 0;
}

ClipLength ClipPlayer::length(const VideoReader& reader) {
  const AVRational clock = reader.video_clock();
  return {reader.video_end() - reader.video_start(), clock.num, clock.den};
}

/// The first output frame that shows a source frame of this time: the nearest one, so that times rounded to
/// milliseconds neither drop nor double frames where source and output run at the same rate.
int64_t ClipPlayer::first_output_frame(int64_t time) const {
  const AVRational half_frame = {options_.rate.denominator, 2 * options_.rate.numerator};
  const int64_t halves = av_rescale_q_rnd(std::max<int64_t>(0, time - reader_.video_start()),
                                          reader_.video_clock(), half_frame, AV_ROUND_UP);
  return halves / 2;
}

Result<void> ClipPlayer::play(const CancelToken& cancel) {
  if (!reader_.seek(reader_.video_start(), options_.audio)) return damaged_video("it cannot be rewound");
  while (true) {
    TROUPE_TRY(const VideoReader::Decoded decoded, reader_.next(cancel));
    if (decoded.frame == nullptr) break;
    if (decoded.audio) {
      TROUPE_CHECK_OK(take_audio(*decoded.frame, decoded.time));
    } else {
      TROUPE_CHECK_OK(take_video(*decoded.frame, decoded.time));
    }
  }
  if (!held_) return damaged_video("none of its frames can be decoded");
  TROUPE_CHECK_OK(show_until(total_));
  return silence_until(sound_total_);
}

Result<void> ClipPlayer::take_video(const AVFrame& frame, int64_t time) {
  if (held_) TROUPE_CHECK_OK(show_until(first_output_frame(time)));
  held_.reset(av_frame_clone(&frame));
  if (!held_) return make_error(ErrorCode::out_of_memory, "there is not enough memory for a frame");
  picture_.reset();
  return {};
}

Result<void> ClipPlayer::show_until(int64_t output_frame) {
  for (; shown_ < std::min(output_frame, total_); ++shown_) {
    if (!picture_) {
      TROUPE_TRY(picture_, frames_.cover(*held_, reader_.info().size, options_.size));
    }
    TROUPE_CHECK_OK(output_.video(*picture_));
  }
  return {};
}

Result<void> ClipPlayer::take_audio(const AVFrame& frame, int64_t time) {
  if (!sounds_.convert(frame, samples_)) return {};
  std::span<const float> samples = samples_;
  if (!sound_aligned_) {
    // Only the first block is placed by its time: later ones follow it, as gaps of a sample would click.
    const int64_t video_start = av_rescale_q(reader_.video_start(), reader_.video_clock(), {1, kAudioRate});
    const int64_t late = av_rescale_q(time, reader_.audio_clock(), {1, kAudioRate}) - video_start;
    const int64_t early =
        std::clamp<int64_t>(-late, 0, static_cast<int64_t>(samples.size() / kAudioChannels));
    samples = samples.subspan(static_cast<size_t>(early) * kAudioChannels);
    if (samples.empty()) return {};
    sound_aligned_ = true;
    TROUPE_CHECK_OK(silence_until(std::min(late, sound_total_)));
  }
  return sound(samples);
}

Result<void> ClipPlayer::silence_until(int64_t sample) {
  constexpr int64_t kBlock = 4096;
  const std::vector<float> block(kBlock * kAudioChannels);
  while (sounded_ < sample) {
    const auto count = static_cast<size_t>(std::min(kBlock, sample - sounded_)) * kAudioChannels;
    TROUPE_CHECK_OK(sound(std::span(block).first(count)));
  }
  return {};
}

Result<void> ClipPlayer::sound(std::span<const float> interleaved) {
  const auto room = static_cast<size_t>(sound_total_ - sounded_) * kAudioChannels;
  interleaved = interleaved.first(std::min(room, interleaved.size()));
  if (interleaved.empty()) return {};
  sounded_ += static_cast<int64_t>(interleaved.size() / kAudioChannels);
  return output_.audio(interleaved);
}

}  // namespace troupe::media
