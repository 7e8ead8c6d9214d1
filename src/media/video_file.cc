#include "media/video_file.h"

#include <algorithm>
#include <new>
#include <utility>

#include "media/clip_player.h"
#include "media/frame_convert.h"
#include "media/video_reader.h"

namespace troupe::media {
namespace {

Error out_of_memory() {
  return make_error(ErrorCode::out_of_memory, "there is not enough memory for the video; scale it down");
}

/// The frame that shows at `time`. Seeking may fail or land too late in odd files: then from the start.
Result<AvFrame> frame_at(VideoReader& reader, int64_t time, const CancelToken& cancel) {
  AvFrame best;
  for (const int64_t start : {time, reader.video_start()}) {
    if (!reader.seek(start, false)) continue;
    bool too_late = true;
    while (true) {
      TROUPE_TRY(const VideoReader::Decoded decoded, reader.next(cancel));
      if (decoded.frame == nullptr || (best && decoded.time > time)) break;
      too_late = decoded.time > time;
      best.reset(av_frame_clone(decoded.frame));
    }
    if (best && !too_late) break;
  }
  if (!best) return damaged_video("none of its frames can be decoded");
  return {std::move(best)};
}

Result<Image> picture_at(VideoReader& reader, int64_t time, const CancelToken& cancel) {
  TROUPE_TRY(const AvFrame frame, frame_at(reader, time, cancel));
  return FrameConverter(reader.orientation()).image(*frame, reader.info().size);
}

Result<std::unique_ptr<VideoReader>> open_reader(std::unique_ptr<ByteSource> source,
                                                 const VideoLimits& limits) try {
  return VideoReader::open(std::move(source), limits);
} catch (const std::bad_alloc&) {
  return out_of_memory();
}

}  // namespace

int64_t frames_at(const ClipLength& length, FrameRate rate) {
  const AVRational clock = {length.clock_numerator, length.clock_denominator};
  return std::max<int64_t>(1, av_rescale_q(length.ticks, clock, {rate.denominator, rate.numerator}));
}

struct VideoClip::State {
  std::unique_ptr<VideoReader> reader;
};

VideoClip::VideoClip(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoClip::VideoClip(VideoClip&&) noexcept = default;
VideoClip& VideoClip::operator=(VideoClip&&) noexcept = default;
VideoClip::~VideoClip() = default;

Result<VideoClip> VideoClip::open(const std::filesystem::path& file, const VideoLimits& limits) {
  TROUPE_TRY(std::unique_ptr<ByteSource> source, open_file(file));
  TROUPE_TRY(std::unique_ptr<VideoReader> reader, open_reader(std::move(source), limits));
  return VideoClip(std::make_unique<State>(State{std::move(reader)}));
}

Result<VideoClip> VideoClip::open(Bytes bytes, const VideoLimits& limits) {
  TROUPE_TRY(std::unique_ptr<VideoReader> reader, open_reader(open_bytes(std::move(bytes)), limits));
  return VideoClip(std::make_unique<State>(State{std::move(reader)}));
}

Result<VideoClip> VideoClip::open_view(ByteView bytes, const VideoLimits& limits) {
  TROUPE_TRY(std::unique_ptr<VideoReader> reader, open_reader(media::open_view(bytes), limits));
  return VideoClip(std::make_unique<State>(State{std::move(reader)}));
}

const VideoInfo& VideoClip::info() const { return state_->reader->info(); }

Result<std::vector<Image>> VideoClip::sample(int count, const CancelToken& cancel) try {
  VideoReader& reader = *state_->reader;
  const int64_t length = reader.video_end() - reader.video_start();
  std::vector<Image> pictures;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t time = reader.video_start() + av_rescale(length, 2 * i + 1, 2 * int64_t{count});
    TROUPE_TRY(Image picture, picture_at(reader, time, cancel));
    pictures.push_back(std::move(picture));
  }
  return pictures;
} catch (const std::bad_alloc&) {
  return out_of_memory();
}

Result<Image> VideoClip::last_frame(const CancelToken& cancel) try {
  return picture_at(*state_->reader, state_->reader->video_last(), cancel);
} catch (const std::bad_alloc&) {
  return out_of_memory();
}

ClipLength VideoClip::length() const { return ClipPlayer::length(*state_->reader); }

int64_t VideoClip::frames_at(FrameRate rate) const { return media::frames_at(length(), rate); }

Result<void> VideoClip::play(const PlayOptions& options, Output& output, const CancelToken& cancel) try {
  return ClipPlayer(*state_->reader, options, output).play(cancel);
} catch (const std::bad_alloc&) {
  return out_of_memory();
}

Result<VideoInfo> probe_video(const std::filesystem::path& file, const VideoLimits& limits) {
  TROUPE_TRY(const VideoClip clip, VideoClip::open(file, limits));
  return clip.info();
}

Result<VideoInfo> probe_video(ByteView bytes, const VideoLimits& limits) {
  TROUPE_TRY(const std::unique_ptr<VideoReader> reader, open_reader(open_view(bytes), limits));
  return reader->info();
}

}  // namespace troupe::media
