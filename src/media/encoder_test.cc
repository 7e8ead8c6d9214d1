#include "media/encoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "media/mp4_boxes.h"
#include "media/sample_count.h"
#include "media/test_clips.h"
#include "media/video_file.h"

namespace troupe::media {
namespace {

using test::flat_frame;
using test::flat_index;
using test::KeepOutput;
using test::make_clip;
using test::TempFolder;

constexpr FrameSize kSmall = {96, 64};

EncoderOptions small_clip(int64_t frames, FrameRate rate = {24, 1}, bool audio = false) {
  EncoderOptions options;
  options.size = kSmall;
  options.rate = rate;
  options.frames = frames;
  options.audio = audio;
  options.threads = 1;
  return options;
}

std::vector<std::string> box_types(const std::filesystem::path& file) {
  const Bytes bytes = test::read_all(file);
  const auto source = open_view(bytes);
  std::vector<std::string> types;
  for (auto box = box_at(*source, 0); box; box = box_at(*source, box->end)) types.push_back(box->type);
  return types;
}

TEST(VideoEncoder, WritesExactlyTheFramesAtOddRates) {
  const TempFolder folder;
  for (const FrameRate rate :
       {FrameRate{24, 1}, FrameRate{25, 1}, FrameRate{30000, 1001}, FrameRate{24000, 1001}, FrameRate{60, 1},
        FrameRate{12, 1}, FrameRate{997, 100}}) {
    for (const int64_t frames : {1, 2, 37}) {
      const auto info = make_clip(folder / "clip.mp4", small_clip(frames, rate));
      ASSERT_TRUE(info) << to_string(info.error());
      EXPECT_EQ(info->frames, frames);
      EXPECT_EQ(info->size_bytes, std::filesystem::file_size(folder / "clip.mp4"));
      auto clip = VideoClip::open(folder / "clip.mp4");
      ASSERT_TRUE(clip) << to_string(clip.error());
      EXPECT_EQ(clip->info().frames, frames) << print_frame_rate(rate);
      EXPECT_EQ(clip->info().rate, rate);
      EXPECT_EQ(clip->info().duration.milliseconds,
                std::llround(1000.0 * static_cast<double>(frames) / rate.per_second()));
      KeepOutput output;
      ASSERT_TRUE(clip->play({kSmall, rate}, output));
      ASSERT_EQ(output.frames.size(), static_cast<size_t>(frames));
      for (int i = 0; i < frames; ++i) EXPECT_EQ(flat_index(output.frames[static_cast<size_t>(i)]), i);
    }
  }
}

TEST(VideoEncoder, PutsTheIndexFirstAndTheMetadataLast) {
  const TempFolder folder;
  ASSERT_TRUE(make_clip(folder / "clip.mp4", small_clip(5, {24, 1}, true)));
  EXPECT_EQ(box_types(folder / "clip.mp4"),
            (std::vector<std::string>{"ftyp", "moov", "free", "mdat", "uuid"}));
}

TEST(VideoEncoder, MakesSoundAsLongAsThePictureToTheSample) {
  const TempFolder folder;
  const FrameRate rate = {30000, 1001};
  for (const int64_t given : {0, 1000, 48000, 96000}) {
    auto encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(31, rate, true));
    for (int i = 0; i < 31; ++i) ASSERT_TRUE(encoder->video(flat_frame(kSmall, i)));
    ASSERT_TRUE(encoder->audio(test::tone(given, 440)));
    const auto info = encoder->finish();
    ASSERT_TRUE(info) << to_string(info.error());
    EXPECT_EQ(info->audio_samples, 49650);  // 31 * 1001 / 30000 s = 49649.6 samples
  }
}

TEST(VideoEncoder, KeepsSoundInStepWithThePicture) {
  const TempFolder folder;
  auto encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(24, {24, 1}, true));
  std::vector<float> sound(48000 * 2, 0.0f);
  const auto burst = test::tone(4800, 1000);
  std::copy(burst.begin(), burst.end(), sound.begin() + 24000 * 2);
  ASSERT_TRUE(encoder->audio(sound));
  for (int i = 0; i < 24; ++i) ASSERT_TRUE(encoder->video(flat_frame(kSmall, i)));
  ASSERT_TRUE(encoder->finish());
  auto clip = *VideoClip::open(folder / "clip.mp4");
  EXPECT_TRUE(clip.info().audio);
  KeepOutput output;
  ASSERT_TRUE(clip.play({kSmall, {24, 1}, true}, output));
  ASSERT_EQ(output.samples.size(), sound.size());
  const auto loud =
      std::find_if(output.samples.begin(), output.samples.end(), [](float s) { return s > 0.25f; });
  EXPECT_NEAR(static_cast<double>(loud - output.samples.begin()) / 2, 24008, 40);
}

TEST(VideoEncoder, SurvivesSoundThatIsNotANumber) {
  const TempFolder folder;
  auto encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(2, {24, 1}, true));
  std::vector<float> sound(4000 * 2, std::numeric_limits<float>::quiet_NaN());
  sound[3] = std::numeric_limits<float>::infinity();
  sound[4] = 1e30f;
  ASSERT_TRUE(encoder->audio(sound));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(encoder->video(flat_frame(kSmall, i)));
  EXPECT_TRUE(encoder->finish());
}

TEST(VideoEncoder, GivesPinnedEndsBackAlmostAsTheyWere) {
  const TempFolder folder;
  const FrameSize size = {320, 192};
  EncoderOptions options = small_clip(20);
  options.size = size;
  options.exact_ends = true;
  auto encoder = *VideoEncoder::open(folder / "clip.mp4", options);
  for (uint64_t i = 0; i < 20; ++i) ASSERT_TRUE(encoder->video(test::noisy_frame(size, i)));
  ASSERT_TRUE(encoder->finish());
  auto clip = *VideoClip::open(folder / "clip.mp4");
  KeepOutput output;
  ASSERT_TRUE(clip.play({size, {24, 1}}, output));
  ASSERT_EQ(output.frames.size(), 20u);
  EXPECT_GE(test::luma_psnr(output.frames.front(), test::noisy_frame(size, 0)), 42.0);
  EXPECT_GE(test::luma_psnr(output.frames.back(), test::noisy_frame(size, 19)), 42.0);
  EXPECT_LT(test::luma_psnr(output.frames[10], test::noisy_frame(size, 10)), 40.0)
      << "bits spent where not asked";
}

TEST(VideoEncoder, LeavesNoFileWithoutFinish) {
  const TempFolder folder;
  {
    auto encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(30));
    for (int i = 0; i < 12; ++i) ASSERT_TRUE(encoder->video(flat_frame(kSmall, i)));
    EXPECT_EQ(folder.files(), 1u);
    EXPECT_FALSE(std::filesystem::exists(folder / "clip.mp4"));
  }
  EXPECT_EQ(folder.files(), 0u);
}

TEST(VideoEncoder, RefusesTooFewAndTooManyFrames) {
  const TempFolder folder;
  auto encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(2));
  ASSERT_TRUE(encoder->video(flat_frame(kSmall, 0)));
  EXPECT_EQ(encoder->finish().error().code, ErrorCode::invalid_argument);
  encoder.reset();
  EXPECT_EQ(folder.files(), 0u);
  encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(1));
  ASSERT_TRUE(encoder->video(flat_frame(kSmall, 0)));
  EXPECT_EQ(encoder->video(flat_frame(kSmall, 1)).error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(encoder->finish());
}

TEST(VideoEncoder, KeepsAnOlderFileUntilTheNewOneIsWhole) {
  const TempFolder folder;
  test::write_all(folder / "clip.mp4", as_bytes("old"));
  auto encoder = *VideoEncoder::open(folder / "clip.mp4", small_clip(1));
  ASSERT_TRUE(encoder->video(flat_frame(kSmall, 0)));
  EXPECT_EQ(std::filesystem::file_size(folder / "clip.mp4"), 3u);
  ASSERT_TRUE(encoder->finish());
  EXPECT_GT(std::filesystem::file_size(folder / "clip.mp4"), 3u);
  EXPECT_EQ(folder.files(), 1u);
}

TEST(VideoEncoder, NamesTheOptionThatIsWrong) {
  const TempFolder folder;
  const auto refusal = [&](auto change) {
    EncoderOptions options = small_clip(1);
    change(options);
    const auto encoder = VideoEncoder::open(folder / "clip.mp4", options);
    return encoder ? std::string() : encoder.error().message;
  };
  EXPECT_NE(refusal([](auto& o) { o.size = {95, 64}; }).find("even sides"), std::string::npos);
  EXPECT_NE(refusal([](auto& o) { o.frames = 0; }).find("frame"), std::string::npos);
  EXPECT_NE(refusal([](auto& o) { o.rate = {0, 1}; }).find("rate"), std::string::npos);
  EXPECT_NE(refusal([](auto& o) { o.preset = "warp"; }).find("warp"), std::string::npos);
  EXPECT_NE(refusal([](auto& o) { o.quality = 52; }).find("quality"), std::string::npos);
  EXPECT_EQ(VideoEncoder::open(folder / "no/such/clip.mp4", small_clip(1)).error().code, ErrorCode::io);
}

TEST(VideoEncoder, WritesUnderNamesThatLookLikeAddresses) {
  const TempFolder folder;
  const auto file = folder / "data:http:50%?#.mp4";
  ASSERT_TRUE(make_clip(file, small_clip(1)));
  EXPECT_TRUE(VideoClip::open(file));
}

TEST(VideoEncoder, MakesTheSameFileEveryTime) {
  const TempFolder folder;
  Bytes first;
  for (uint64_t round = 0; round < 4; ++round) {
    EncoderOptions options = small_clip(12, {24, 1}, true);
    options.threads = 2;
    auto encoder = *VideoEncoder::open(folder / "clip.mp4", options);
    for (uint64_t i = 0; i < 12; ++i) ASSERT_TRUE(encoder->video(test::noisy_frame(kSmall, i)));
    ASSERT_TRUE(encoder->audio(test::tone(24000, 440)));
    ASSERT_TRUE(encoder->finish());
    const Bytes made = test::read_all(folder / "clip.mp4");
    if (round == 0) first = made;
    ASSERT_TRUE(made == first) << "round " << round;
    // Other work between, so that the next round finds other bytes in fresh memory.
    ASSERT_TRUE(make_clip(folder / "other.mp4", small_clip(20 + static_cast<int64_t>(round))));
  }
}

TEST(VideoEncoder, WritesMetadataThatReadBack) {
  const TempFolder folder;
  EncoderOptions options = small_clip(1);
  options.metadata = {.source = DigitalSource::composite_with_trained_algorithmic_media,
                      .model = "wan<2>&\"x\"",
                      .engine = "wan",
                      .engine_version = "7",
                      .seed = UINT64_MAX,
                      .spec_sha256 = std::string(64, 'a'),
                      .draft = false,
                      .description = "]]> &amp; ünï \r\n </rdf:li> ends",
                      .creator = "Troupe 9"};
  ASSERT_TRUE(make_clip(folder / "clip.mp4", options));
  const auto back = read_metadata(folder / "clip.mp4");
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(*back, options.metadata);
  EXPECT_EQ(*read_metadata(test::read_all(folder / "clip.mp4")), options.metadata);
}

TEST(SampleCount, RoundsToTheNearestSample) {
  EXPECT_EQ(sample_count(24, {24, 1}), 48000);
  EXPECT_EQ(sample_count(1, {30000, 1001}), 1602);  // 1601.6
  EXPECT_EQ(sample_count(30000, {30000, 1001}), 48048000);
}

TEST(MarkVideo, PutsItBehindAWholeFileOfSomebodyElse) {
  const TempFolder folder;
  const auto file = folder / "clip.mp4";
  ASSERT_TRUE(make_clip(file, small_clip(3)));
  Bytes plain = test::read_all(file);
  const std::string_view uuid = "uuid";
  plain.erase(std::find_end(plain.begin(), plain.end(), uuid.begin(), uuid.end()) - 4, plain.end());
  const auto write = [&](const Bytes& bytes) { test::write_all(file, bytes); };
  write(plain);
  VideoMetadata metadata;
  metadata.model = "kling";
  metadata.draft = false;
  ASSERT_TRUE(mark_video(file, metadata));
  EXPECT_EQ(*read_metadata(file), metadata);
  const Bytes marked = test::read_all(file);
  EXPECT_TRUE(std::equal(plain.begin(), plain.end(), marked.begin()));
  EXPECT_EQ(probe_video(file)->frames, 3);
  metadata.model = "another";
  ASSERT_TRUE(mark_video(file, metadata));
  EXPECT_EQ(test::read_all(file), marked) << "it has one of ours";
  // Somebody's own packet stays, and ours is the one that is read.
  Bytes theirs = plain;
  const Bytes packet = xmp_box("<x:xmpmeta/>");
  theirs.insert(theirs.end(), packet.begin(), packet.end());
  write(theirs);
  ASSERT_TRUE(mark_video(file, metadata));
  EXPECT_EQ(read_metadata(file)->model, "another");
  // Cut off, without an end, or nothing of the kind: it stays as it is.
  Bytes endless = plain;
  endless.insert(endless.end(), {0, 0, 0, 0, 'f', 'r', 'e', 'e'});
  for (const Bytes& odd : {Bytes(plain.begin(), plain.end() - 9), endless, Bytes(100, 'x'), Bytes()}) {
    write(odd);
    EXPECT_EQ(mark_video(file, metadata).error().code, ErrorCode::unsupported) << odd.size();
    EXPECT_EQ(test::read_all(file), odd);
  }
}

}  // namespace
}  // namespace troupe::media
