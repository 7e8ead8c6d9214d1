#include "media/video_reader.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

extern "C" {
#include <libavutil/avstring.h>
}

#include "media/orient.h"
#include "media/stream_shape.h"

namespace troupe::media {
namespace {

/// One: clips are short, their decoding is quick, and the cores are an engine's.
constexpr int kDecoderThreads = 1;
/// Times beyond this are damage; the bound keeps sums and differences of times from overflowing.
constexpr int64_t kTimeMax = int64_t{1} << 48;
constexpr int kAudioRateMin = 4000, kAudioRateMax = 384'000, kAudioChannelsMax = 16;
constexpr double kFrameRateMax = 1000;

Error over_limit(const std::string& what, const std::string& bound) {
  return make_error(ErrorCode::over_limit, "the video " + what + "; at most " + bound + " are taken");
}

AvCodec open_decoder(const AVStream& stream, int64_t pixels_max) {
  const AVCodec* decoder = avcodec_find_decoder(stream.codecpar->codec_id);
  AvCodec codec(decoder != nullptr ? avcodec_alloc_context3(decoder) : nullptr);
  if (!codec || avcodec_parameters_to_context(codec.get(), stream.codecpar) < 0) return nullptr;
  codec->pkt_timebase = stream.time_base;
  codec->max_pixels = pixels_max;
  codec->thread_count = kDecoderThreads;
  return avcodec_open2(codec.get(), decoder, nullptr) < 0 ? nullptr : std::move(codec);
}

int64_t bounded(int64_t time) { return std::clamp(time, -kTimeMax, kTimeMax); }

}  // namespace

/// What reading every packet finds out; times in the video's clock.
struct VideoReader::Scan {
  int64_t frames = 0, first = INT64_MAX, last = INT64_MIN, last_duration = 0;
};

VideoReader::VideoReader(std::unique_ptr<AvInput> input, const VideoLimits& limits)
    : input_(std::move(input)), limits_(limits), frame_(av_frame_alloc()), packet_(av_packet_alloc()) {}

Result<std::unique_ptr<VideoReader>> VideoReader::open(std::unique_ptr<ByteSource> source,
                                                       const VideoLimits& limits) {
  TROUPE_TRY(std::unique_ptr<AvInput> input, AvInput::open(std::move(source), limits));
  std::unique_ptr<VideoReader> reader(new VideoReader(std::move(input), limits));
  if (!reader->frame_ || !reader->packet_) {
    return make_error(ErrorCode::out_of_memory, "there is not enough memory to open the video");
  }
  TROUPE_CHECK_OK(reader->open_video());
  reader->open_audio();
  TROUPE_CHECK_OK(reader->scan());
  return {std::move(reader)};
}

Result<void> VideoReader::open_video() {
  AVFormatContext& demuxer = input_->demuxer();
  for (unsigned i = 0; i < demuxer.nb_streams; ++i) demuxer.streams[i]->discard = AVDISCARD_ALL;
  const int index = av_find_best_stream(&demuxer, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (index < 0 || (demuxer.streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
    return make_error(ErrorCode::corrupt_input, "the file has no video in it, only sound or data");
  }
  video_.stream = demuxer.streams[index];
  const AVCodecParameters& shape = *video_.stream->codecpar;
  if (shape.width < 1 || shape.height < 1) return damaged_video("its frames have no size");
  if (std::max(shape.width, shape.height) > limits_.side_pixels_max ||
      int64_t{shape.width} * shape.height > limits_.pixels_max) {
    return over_limit("is " + std::to_string(shape.width) + " x " + std::to_string(shape.height) + " pixels",
                      std::to_string(limits_.side_pixels_max) + " a side and " +
                          std::to_string(limits_.pixels_max) + " in all");
  }
  info_.codec = avcodec_get_name(shape.codec_id);
  if (av_match_list(info_.codec.c_str(), "h264,hevc,vp8,vp9,av1,mpeg4,prores,mjpeg", ',') > 0) {
    video_.codec = open_decoder(*video_.stream, limits_.pixels_max);
  }
  if (!video_.codec) {
    return make_error(ErrorCode::unsupported,
                      "the video's codec \"" + info_.codec + "\" is not read; export it as H.264 (MP4)");
  }
  return {};
}

void VideoReader::open_audio() {
  AVFormatContext& demuxer = input_->demuxer();
  const int index = av_find_best_stream(&demuxer, AVMEDIA_TYPE_AUDIO, -1, video_.stream->index, nullptr, 0);
  if (index < 0) return;
  const AVCodecParameters& shape = *demuxer.streams[index]->codecpar;
  if (shape.sample_rate < kAudioRateMin || shape.sample_rate > kAudioRateMax) return;
  if (shape.ch_layout.nb_channels < 1 || shape.ch_layout.nb_channels > kAudioChannelsMax) return;
  audio_.stream = demuxer.streams[index];
  audio_.codec = open_decoder(*audio_.stream, limits_.pixels_max);
  info_.audio = audio_.codec != nullptr;
}

Result<void> VideoReader::scan() {
  Scan scan;
  video_.stream->discard = AVDISCARD_DEFAULT;
  while (av_read_frame(&input_->demuxer(), packet_.get()) >= 0) {
    const Result<void> counted =
        packet_->stream_index == video_.stream->index ? count(*packet_, scan) : Result<void>();
    av_packet_unref(packet_.get());
    TROUPE_CHECK_OK(counted);
  }
  if (scan.frames == 0) return damaged_video("it has no frames");
  return describe(scan);
}

Result<void> VideoReader::count(const AVPacket& packet, Scan& scan) const {
  if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) return {};
  const int64_t time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (time == AV_NOPTS_VALUE || time != bounded(time)) return damaged_video("its frames have no valid times");
  if (++scan.frames > limits_.frames_max) {
    return over_limit("has too many frames", std::to_string(limits_.frames_max) + " frames");
  }
  scan.first = std::min(scan.first, time);
  if (time < scan.last) return {};
  scan.last = time;
  scan.last_duration = bounded(std::max<int64_t>(0, packet.duration));
  return {};
}

Result<void> VideoReader::describe(const Scan& scan) {
  const AVRational clock = video_clock();
  AVRational rate = av_guess_frame_rate(&input_->demuxer(), video_.stream, nullptr);
  if (rate.num < 1 || rate.den < 1 || av_q2d(rate) > kFrameRateMax) rate = {24, 1};
  const int64_t nominal = std::max<int64_t>(1, av_rescale_q(1, av_inv_q(rate), clock));
  start_ = scan.first;
  last_ = scan.last;
  end_ = last_ + (scan.last_duration > 0 ? scan.last_duration : nominal);
  info_.container = input_->container();
  info_.rate = {rate.num, rate.den};
  info_.frames = scan.frames;
  info_.duration = {av_rescale_q(end_ - start_, clock, {1, 1000})};
  // Matroska's clock is a millisecond: where the frames say the same but for its rounding, they know better.
  const int64_t by_frames = av_rescale_q(scan.frames, av_inv_q(rate), {1, 1000});
  if (std::abs(by_frames - info_.duration.milliseconds) <= 2) info_.duration = {by_frames};
  if (info_.duration > limits_.duration_max) {
    return over_limit("lasts " + print_seconds(info_.duration) + " seconds",
                      print_seconds(limits_.duration_max) + " seconds");
  }
  const AVRational aspect = av_guess_sample_aspect_ratio(&input_->demuxer(), video_.stream, nullptr);
  orientation_ = orientation_of(*video_.stream);
  info_.size = square_pixels({video_.stream->codecpar->width, video_.stream->codecpar->height}, aspect);
  if (swaps_sides(orientation_)) std::swap(info_.size.width, info_.size.height);
  return {};
}

bool VideoReader::seek(int64_t time, bool sound) {
  video_.wanted = true;
  audio_.wanted = sound && audio_.codec;
  if (audio_.stream != nullptr) audio_.stream->discard = audio_.wanted ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  draining_ = false;
  for (Track* track : {&video_, &audio_}) {
    if (track->codec) avcodec_flush_buffers(track->codec.get());
    track->time = 0;
  }
  return av_seek_frame(&input_->demuxer(), video_.stream->index, time, AVSEEK_FLAG_BACKWARD) >= 0;
}

bool VideoReader::receive(Track& track, Decoded& decoded) {
  if (!track.wanted || avcodec_receive_frame(track.codec.get(), frame_.get()) < 0) return false;
  if (frame_->best_effort_timestamp != AV_NOPTS_VALUE) track.time = bounded(frame_->best_effort_timestamp);
  decoded = {frame_.get(), track.time, &track == &audio_};
  return true;
}

/// Gives a decoder its next packet; false when all are given.
bool VideoReader::feed() {
  if (draining_) return false;
  if (av_read_frame(&input_->demuxer(), packet_.get()) < 0) {
    draining_ = true;
    for (Track* track : {&video_, &audio_}) {
      if (track->wanted) avcodec_send_packet(track->codec.get(), nullptr);
    }
    return true;
  }
  for (Track* track : {&video_, &audio_}) {
    if (!track->wanted || packet_->stream_index != track->stream->index) continue;
    // A packet that cannot be decoded costs its own frame only.
    avcodec_send_packet(track->codec.get(), packet_.get());
  }
  av_packet_unref(packet_.get());
  return true;
}

Result<VideoReader::Decoded> VideoReader::next(const CancelToken& cancel) {
  av_frame_unref(frame_.get());
  Decoded decoded;
  do {
    if (cancel.cancelled()) return make_error(ErrorCode::cancelled, "reading the video was cancelled");
    if (receive(video_, decoded) || receive(audio_, decoded)) return decoded;
  } while (feed());
  return decoded;
}

}  // namespace troupe::media
