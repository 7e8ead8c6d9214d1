#include "media/video_file.h"

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "media/image_file.h"
#include "media/libav.h"
#include "media/stream_shape.h"
#include "media/test_clips.h"
#include "media/test_pictures.h"

namespace troupe::media {
namespace {

using test::flat_frame;
using test::flat_index;
using test::KeepOutput;
using test::TempFolder;

constexpr FrameSize kSmall = {96, 64};
constexpr FrameRate k24 = {24, 1};

EncoderOptions small_clip(int64_t frames, FrameRate rate = k24, bool audio = false) {
  EncoderOptions options;
  options.size = kSmall;
  options.rate = rate;
  options.frames = frames;
  options.audio = audio;
  options.threads = 1;
  return options;
}

Bytes clip_bytes(const EncoderOptions& options) {
  const TempFolder folder;
  EXPECT_TRUE(test::make_clip(folder / "clip.mp4", options));
  return test::read_all(folder / "clip.mp4");
}

VideoClip open_clip(const EncoderOptions& options) { return *VideoClip::open(clip_bytes(options)); }

/// The same streams in another container, packet by packet.
void remux(const std::filesystem::path& from, const std::filesystem::path& to, const char* format) {
  AVFormatContext *in = nullptr, *out = nullptr;
  ASSERT_GE(avformat_open_input(&in, from.c_str(), nullptr, nullptr), 0);
  ASSERT_GE(avformat_find_stream_info(in, nullptr), 0);
  ASSERT_GE(avformat_alloc_output_context2(&out, nullptr, format, to.c_str()), 0);
  for (unsigned i = 0; i < in->nb_streams; ++i) {
    AVStream* stream = avformat_new_stream(out, nullptr);
    avcodec_parameters_copy(stream->codecpar, in->streams[i]->codecpar);
    stream->codecpar->codec_tag = 0;
    stream->time_base = in->streams[i]->time_base;
  }
  ASSERT_GE(avio_open(&out->pb, to.c_str(), AVIO_FLAG_WRITE), 0);
  ASSERT_GE(avformat_write_header(out, nullptr), 0);
  const AvPacket packet(av_packet_alloc());
  while (av_read_frame(in, packet.get()) >= 0) {
    const auto stream = static_cast<unsigned>(packet->stream_index);
    av_packet_rescale_ts(packet.get(), in->streams[stream]->time_base, out->streams[stream]->time_base);
    av_interleaved_write_frame(out, packet.get());
  }
  av_write_trailer(out);
  avio_closep(&out->pb);
  avformat_free_context(out);
  avformat_close_input(&in);
}

/// One second of a flat colour, as a codec and a matrix say it, in Matroska.
void write_colour(const std::filesystem::path& file, const char* encoder_name, std::array<uint8_t, 3> ycbcr,
                  AVColorSpace matrix, AVColorRange range, AVRational aspect = {1, 1}) {
  AVFormatContext* out = nullptr;
  ASSERT_GE(avformat_alloc_output_context2(&out, nullptr, "matroska", file.c_str()), 0);
  const AVCodec* encoder = avcodec_find_encoder_by_name(encoder_name);
  ASSERT_NE(encoder, nullptr);
  const AvCodec codec(avcodec_alloc_context3(encoder));
  codec->width = 96;
  codec->height = 64;
  codec->time_base = {1, 24};
  codec->pix_fmt = AV_PIX_FMT_YUV420P;
  codec->colorspace = matrix;
  codec->color_range = range;
  codec->sample_aspect_ratio = aspect;
  codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  codec->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
  ASSERT_GE(avcodec_open2(codec.get(), encoder, nullptr), 0);
  AVStream* stream = avformat_new_stream(out, nullptr);
  stream->time_base = codec->time_base;
  stream->sample_aspect_ratio = aspect;
  avcodec_parameters_from_context(stream->codecpar, codec.get());
  ASSERT_GE(avio_open(&out->pb, file.c_str(), AVIO_FLAG_WRITE), 0);
  ASSERT_GE(avformat_write_header(out, nullptr), 0);
  const AvFrame frame(av_frame_alloc());
  frame->format = codec->pix_fmt;
  frame->width = codec->width;
  frame->height = codec->height;
  av_frame_get_buffer(frame.get(), 0);
  for (int plane = 0; plane < 3; ++plane) {
    std::fill_n(frame->data[plane], frame->linesize[plane] * (plane == 0 ? 64 : 32),
                ycbcr[static_cast<size_t>(plane)]);
  }
  const AvPacket packet(av_packet_alloc());
  for (int i = 0; i <= 24; ++i) {
    frame->pts = i;
    avcodec_send_frame(codec.get(), i < 24 ? frame.get() : nullptr);
    while (avcodec_receive_packet(codec.get(), packet.get()) >= 0) {
      av_packet_rescale_ts(packet.get(), codec->time_base, stream->time_base);
      av_interleaved_write_frame(out, packet.get());
    }
  }
  av_write_trailer(out);
  avio_closep(&out->pb);
  avformat_free_context(out);
}

TEST(VideoClip, SamplesTheMiddlesOfEqualParts) {
  auto clip = open_clip(small_clip(40));
  const auto pictures = clip.sample(4);
  ASSERT_TRUE(pictures) << to_string(pictures.error());
  ASSERT_EQ(pictures->size(), 4u);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(flat_index(frame_from_image((*pictures)[static_cast<size_t>(i)])), 5 + 10 * i);
  }
  EXPECT_EQ(pictures->front().width, kSmall.width);
  EXPECT_EQ(pictures->front().at(3, 3)[3], 255);
}

TEST(VideoClip, SamplesMoreOftenThanThereAreFrames) {
  auto clip = open_clip(small_clip(1));
  EXPECT_EQ(clip.sample(3)->size(), 3u);
}

TEST(VideoClip, GivesTheVeryLastFrame) {
  auto clip = open_clip(small_clip(37));
  EXPECT_EQ(flat_index(frame_from_image(*clip.last_frame())), 36);
  EXPECT_EQ(flat_index(frame_from_image(*clip.last_frame())), 36) << "the second time";
}

TEST(VideoClip, ReadsBytesThatStayTheCallers) {
  const Bytes bytes = clip_bytes(small_clip(24));
  auto view = VideoClip::open_view(bytes);
  ASSERT_TRUE(view) << to_string(view.error());
  EXPECT_EQ(view->info(), open_clip(small_clip(24)).info());
  EXPECT_EQ(flat_index(frame_from_image(*view->last_frame())), 23);
}

TEST(VideoClip, KnowsItsLengthToTheTick) {
  const ClipLength length = open_clip(small_clip(30, {30000, 1001})).length();
  EXPECT_EQ(length.ticks * length.clock_numerator * 1000, int64_t{1001} * length.clock_denominator);
  EXPECT_EQ(frames_at(length, {30000, 1001}), 30);
  EXPECT_EQ(frames_at(length, {1, 1}), 1);
  EXPECT_EQ(frames_at({0, 1, 1000}, {24, 1}), 1) << "at least one";
}

TEST(VideoClip, PlaysAtAnotherRateAtItsOwnPace) {
  auto clip = open_clip(small_clip(24));
  KeepOutput doubled, halved;
  ASSERT_TRUE(clip.play({kSmall, {48, 1}}, doubled));
  ASSERT_TRUE(clip.play({kSmall, {12, 1}}, halved));
  ASSERT_EQ(doubled.frames.size(), 48u);
  ASSERT_EQ(halved.frames.size(), 12u);
  EXPECT_EQ(clip.frames_at({48, 1}), 48);
  for (int i = 0; i < 48; ++i)
    EXPECT_NEAR(flat_index(doubled.frames[static_cast<size_t>(i)]), i / 2.0, 0.5) << i;
  for (int i = 0; i < 12; ++i) EXPECT_NEAR(flat_index(halved.frames[static_cast<size_t>(i)]), 2 * i, 1) << i;
}

TEST(VideoClip, GivesSilenceWhereThereIsNoSound) {
  auto clip = open_clip(small_clip(24));
  KeepOutput output;
  ASSERT_TRUE(clip.play({kSmall, k24, true}, output));
  EXPECT_EQ(output.samples, std::vector<float>(96000, 0.0f));
}

TEST(VideoClip, StopsWhenCancelledOrWhenTheOutputFails) {
  struct Failing : Output {
    Result<void> video(Frame) override { return make_error(ErrorCode::io, "full"); }
    Result<void> audio(std::span<const float>) override { return {}; }
  };
  auto clip = open_clip(small_clip(10));
  Failing failing;
  EXPECT_EQ(clip.play({kSmall, k24}, failing).error().code, ErrorCode::io);
  CancelSource source;
  source.cancel();
  KeepOutput output;
  EXPECT_EQ(clip.play({kSmall, k24}, output, source.token()).error().code, ErrorCode::cancelled);
  EXPECT_EQ(clip.sample(2, source.token()).error().code, ErrorCode::cancelled);
}

TEST(VideoClip, ReadsMatroskaWithoutLosingOrDoublingFrames) {
  const TempFolder folder;
  const FrameRate rate = {30000, 1001};
  ASSERT_TRUE(test::make_clip(folder / "a.mp4", small_clip(40, rate, true)));
  remux(folder / "a.mp4", folder / "a.mkv", "matroska");
  auto clip = VideoClip::open(folder / "a.mkv");
  ASSERT_TRUE(clip) << to_string(clip.error());
  EXPECT_EQ(clip->info().container, "matroska");
  EXPECT_EQ(clip->info().frames, 40);
  EXPECT_EQ(clip->info().duration.milliseconds, 1335);
  KeepOutput output;
  ASSERT_TRUE(clip->play({kSmall, rate, true}, output));
  ASSERT_EQ(output.frames.size(), 40u);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(flat_index(output.frames[static_cast<size_t>(i)]), i);
  EXPECT_EQ(flat_index(frame_from_image(*clip->last_frame())), 39);
}

TEST(VideoClip, HonoursTheRotationOfPhones) {
  Bytes bytes = clip_bytes(small_clip(2));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const size_t matrix = text.find("tkhd") + 44;  // version 0: ISO/IEC 14496-12, 8.3.2
  const Bytes quarter_turn = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0};
  std::copy(quarter_turn.begin(), quarter_turn.end(), bytes.begin() + static_cast<ptrdiff_t>(matrix));
  auto clip = VideoClip::open(bytes);
  ASSERT_TRUE(clip) << to_string(clip.error());
  EXPECT_EQ(clip->info().size, (FrameSize{64, 96}));
  const auto pictures = clip->sample(1);
  ASSERT_TRUE(pictures) << to_string(pictures.error());
  EXPECT_EQ(pictures->front().height, 96);
  KeepOutput output;
  ASSERT_TRUE(clip->play({{64, 96}, k24}, output));
  EXPECT_EQ(output.frames.size(), 2u);
}

TEST(VideoClip, TurnsPixelsTheRightWay) {
  const TempFolder folder;
  Image corners = test::four_corners(96, 64);
  auto encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(1));
  ASSERT_TRUE(encoder->video(frame_from_image(corners)));
  ASSERT_TRUE(encoder->finish());
  Bytes bytes = test::read_all(folder / "clip.mp4");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const size_t matrix = text.find("tkhd") + 44;
  const Bytes quarter_turn = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0};
  std::copy(quarter_turn.begin(), quarter_turn.end(), bytes.begin() + static_cast<ptrdiff_t>(matrix));
  auto clip = *VideoClip::open(bytes);
  // Turned by 90° clockwise: the red corner goes from the top left to the top right.
  const Image still = *clip.last_frame();
  EXPECT_GT(still.at(61, 2)[0], 220);
  EXPECT_LT(still.at(61, 2)[1], 40);
  KeepOutput output;
  ASSERT_TRUE(clip.play({{64, 96}, k24}, output));
  EXPECT_LT(test::mean_difference(image_from_frame(output.frames[0]), still), 3.0);
}

TEST(VideoClip, CoversAnotherShapeFromTheMiddle) {
  const TempFolder folder;
  const Image corners = test::four_corners(96, 64);
  auto encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(1));
  ASSERT_TRUE(encoder->video(frame_from_image(corners)));
  ASSERT_TRUE(encoder->finish());
  auto clip = *VideoClip::open(folder / "clip.mp4");
  KeepOutput output;
  ASSERT_TRUE(clip.play({{64, 64}, k24}, output));
  const Image square = image_from_frame(output.frames[0]);
  for (const auto& [x, y] : {std::pair{4, 4}, {60, 4}, {4, 60}, {60, 60}, {32, 32}}) {
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(square.at(x, y)[c], corners.at(x + 16, y)[c], 10);
  }
}

TEST(VideoClip, ReadsColoursByTheirOwnMatrixAndRange) {
  const TempFolder folder;
  // The colour (200, 60, 30) in three ways of writing it.
  write_colour(folder / "601.mkv", "libx264", {101, 94, 192}, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG);
  write_colour(folder / "709.mkv", "libx264", {91, 101, 191}, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG);
  write_colour(folder / "full.mkv", "libx264", {98, 89, 200}, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_JPEG);
  for (const char* name : {"601.mkv", "709.mkv", "full.mkv"}) {
    auto clip = VideoClip::open(folder / name);
    ASSERT_TRUE(clip) << to_string(clip.error());
    const Image picture = *clip->last_frame();
    KeepOutput output;
    ASSERT_TRUE(clip->play({kSmall, k24}, output));
    const Image played = image_from_frame(output.frames[5]);
    const int expected[3] = {200, 60, 30};
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(picture.at(40, 30)[c], expected[c], 4) << name;
      EXPECT_NEAR(played.at(40, 30)[c], expected[c], 4) << name;
    }
  }
}

TEST(VideoClip, MakesStretchedPixelsSquare) {
  const TempFolder folder;
  write_colour(folder / "wide.mkv", "libx264", {97, 95, 196}, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, {2, 1});
  auto clip = VideoClip::open(folder / "wide.mkv");
  ASSERT_TRUE(clip) << to_string(clip.error());
  EXPECT_EQ(clip->info().size, (FrameSize{192, 64}));
  EXPECT_EQ(clip->last_frame()->width, 192);
}

TEST(VideoClip, RefusesWhatIsOverALimit) {
  const Bytes bytes = clip_bytes(small_clip(24));
  const auto code = [&](VideoLimits limits) {
    const auto info = probe_video(ByteView(bytes), limits);
    return info ? std::optional<ErrorCode>() : info.error().code;
  };
  EXPECT_EQ(code({}), std::nullopt);
  EXPECT_EQ(code({.size_bytes_max = bytes.size() - 1}), ErrorCode::over_limit);
  EXPECT_EQ(code({.duration_max = {999}}), ErrorCode::over_limit);
  EXPECT_EQ(code({.side_pixels_max = 95}), ErrorCode::over_limit);
  EXPECT_EQ(code({.pixels_max = 96 * 64 - 1}), ErrorCode::over_limit);
  EXPECT_EQ(code({.frames_max = 23}), ErrorCode::over_limit);
}

TEST(VideoClip, RefusesOtherKindsOfFilesByName) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "empty"},
      {"#EXTM3U\n#EXT-X-VERSION:3\nhttp://127.0.0.1/x.ts\n", "playlist"},
      {"ffconcat version 1.0\nfile /etc/passwd\n", "text"},
      {"GIF89a", "GIF"},
      {"<html>", "HTML"},
  };
  for (const auto& [bytes, word] : cases) {
    const auto info = probe_video(as_bytes(bytes));
    ASSERT_FALSE(info) << word;
    EXPECT_NE(info.error().message.find(word), std::string::npos) << info.error().message;
  }
  EXPECT_NE(probe_video(*encode_png(test::four_corners(4, 4))).error().message.find("PNG"),
            std::string::npos);
  EXPECT_EQ(probe_video(std::filesystem::path("/no/such.mp4")).error().code, ErrorCode::not_found);
  EXPECT_EQ(probe_video(std::filesystem::temp_directory_path()).error().code, ErrorCode::not_found);
}

TEST(VideoClip, RefusesEveryTruncation) {
  const TempFolder folder;
  ASSERT_TRUE(test::make_clip(folder / "a.mp4", small_clip(20, k24, true)));
  remux(folder / "a.mp4", folder / "a.mkv", "matroska");
  for (const char* name : {"a.mp4", "a.mkv"}) {
    const Bytes file = test::read_all(folder / name);
    ASSERT_TRUE(probe_video(ByteView(file)));
    for (size_t tenth = 0; tenth < 10; ++tenth) {
      const auto info = probe_video(ByteView(file).first(file.size() * tenth / 10));
      ASSERT_FALSE(info) << name << " " << tenth;
      EXPECT_EQ(info.error().code, ErrorCode::corrupt_input) << info.error().message;
    }
    EXPECT_FALSE(probe_video(ByteView(file).first(file.size() - 1))) << name;
  }
}

TEST(VideoClip, BridgesFramesThatAreDamaged) {
  Bytes bytes = clip_bytes(small_clip(24));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const size_t data = text.find("mdat");
  std::fill_n(bytes.begin() + static_cast<ptrdiff_t>(data + 1200), 200, uint8_t{0xA5});
  auto clip = VideoClip::open(bytes);
  ASSERT_TRUE(clip) << to_string(clip.error());
  KeepOutput output;
  ASSERT_TRUE(clip->play({kSmall, k24, true}, output));
  EXPECT_EQ(output.frames.size(), 24u);
  EXPECT_EQ(output.samples.size(), 96000u);
}

TEST(VideoClip, JoinsAnOldClipAndNewFrames) {
  const TempFolder folder;
  auto old = open_clip(small_clip(10, k24, true));
  auto encoder = *VideoEncoder::open(folder / "joined.mp4", small_clip(15, k24, true));
  ASSERT_TRUE(old.play({kSmall, k24, true}, *encoder));
  for (int i = 10; i < 15; ++i) ASSERT_TRUE(encoder->video(flat_frame(kSmall, i)));
  ASSERT_TRUE(encoder->finish());
  auto joined = *VideoClip::open(folder / "joined.mp4");
  KeepOutput output;
  ASSERT_TRUE(joined.play({kSmall, k24}, output));
  ASSERT_EQ(output.frames.size(), 15u);
  for (int i = 0; i < 15; ++i) EXPECT_EQ(flat_index(output.frames[static_cast<size_t>(i)]), i);
}

TEST(Orientation, OfTheEightDisplayMatrices) {
  const int32_t one = 1 << 16;
  const std::array<std::array<int32_t, 4>, 8> abcd = {{{one, 0, 0, one},
                                                       {-one, 0, 0, one},
                                                       {-one, 0, 0, -one},
                                                       {one, 0, 0, -one},
                                                       {0, one, one, 0},
                                                       {0, one, -one, 0},
                                                       {0, -one, -one, 0},
                                                       {0, -one, one, 0}}};
  for (size_t i = 0; i < 8; ++i) {
    const auto [a, b, c, d] = abcd[i];
    const std::array<int32_t, 9> matrix = {a, b, 0, c, d, 0, 0, 0, 1 << 30};
    EXPECT_EQ(orientation_of(matrix), static_cast<int>(i) + 1);
  }
}

}  // namespace
}  // namespace troupe::media
