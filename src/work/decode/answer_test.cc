#include "work/decode/answer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "media/test_clips.h"

namespace troupe::work {
namespace {

using media::test::KeepOutput;

// An answer in memory, which a test may spoil.
class Recorded final : public AnswerSource {
 public:
  AnswerWriter writer{[this](ByteView part) { bytes.insert(bytes.end(), part.begin(), part.end()); }};
  Bytes bytes;

  Result<void> read(std::span<uint8_t> to) override {
    if (to.size() > bytes.size() - at_) return make_error(ErrorCode::io, "cut off");
    std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(at_), to.size(), to.begin());
    at_ += to.size();
    return {};
  }
  void rewind() { at_ = 0; }
  // Puts a word over the message's head: 0 is its tag, 1 the size of what follows, then come the numbers.
  void set_word(size_t index, uint64_t value) { std::memcpy(bytes.data() + 8 * index, &value, 8); }
  uint64_t word(size_t index) const {
    uint64_t value = 0;
    std::memcpy(&value, bytes.data() + 8 * index, 8);
    return value;
  }

 private:
  size_t at_ = 0;
};

template <class T>
void expect_nonsense(const Result<T>& read, const std::string& what) {
  ASSERT_FALSE(read) << what;
  EXPECT_EQ(read.error().code, ErrorCode::corrupt_input) << what;
  EXPECT_NE(read.error().message.find("made no sense"), std::string::npos) << what;
}

media::ImageInfo some_info() {
  media::ImageInfo info;
  info.format = media::ImageFormat::webp;
  info.width = 30;
  info.height = 20;
  info.bits_per_channel = 16;
  info.orientation = 6;
  info.alpha = info.colour_profile = true;
  return info;
}

Image some_image(int width, int height) {
  Image image(width, height);
  for (size_t i = 0; i < image.rgba.size(); ++i) image.rgba[i] = static_cast<uint8_t>(i * 7);
  return image;
}

ClipFacts some_clip() {
  ClipFacts facts;
  facts.info = {"matroska", "vp9", {6, 4}, {30000, 1001}, 48, {1602}, true};
  facts.length = {1602, 1, 1000};
  return facts;
}

TEST(Answer, CarriesPictures) {
  Recorded answer;
  answer.writer.picture(some_info());
  answer.writer.image(some_image(15, 10));
  const Result<DecodedPicture> read = AnswerReader(answer).picture({});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->info, some_info());
  ASSERT_TRUE(read->image);
  EXPECT_EQ(*read->image, some_image(15, 10));
}

TEST(Answer, CarriesClips) {
  Recorded answer;
  const ClipFacts facts = some_clip();
  answer.writer.clip(facts.info, facts.length);
  answer.writer.image(some_image(6, 4));
  const Result<ClipFacts> clip = AnswerReader(answer).clip({});
  ASSERT_TRUE(clip);
  EXPECT_EQ(clip->info, facts.info);
  EXPECT_EQ(clip->length, facts.length);
  answer.rewind();
  const Result<ClipSamples> samples = AnswerReader(answer).samples(1, {});
  ASSERT_TRUE(samples);
  EXPECT_EQ(samples->pictures.front(), some_image(6, 4));
}

TEST(Answer, CarriesFramesAndSound) {
  Recorded answer;
  ASSERT_TRUE(answer.writer.video(media::test::flat_frame({4, 2}, 1)));
  ASSERT_TRUE(answer.writer.audio(media::test::tone(3000, 440)));
  ASSERT_TRUE(answer.writer.video(media::test::flat_frame({4, 2}, 2)));
  answer.writer.end();
  KeepOutput output;
  ASSERT_TRUE(AnswerReader(answer).play({{4, 2}, {16, 1}, true}, 2, output));
  ASSERT_EQ(output.frames.size(), 2u);
  EXPECT_EQ(output.frames[1], media::test::flat_frame({4, 2}, 2));
  EXPECT_EQ(output.samples, media::test::tone(3000, 440));
}

TEST(Answer, CarriesErrors) {
  for (const ErrorCode code : {ErrorCode::unsupported, ErrorCode::corrupt_input, ErrorCode::over_limit}) {
    Recorded answer;
    answer.writer.error(make_error(code, "übel"));
    EXPECT_EQ(AnswerReader(answer).picture({}).error(), make_error(code, "übel"));
  }
  Recorded full;
  full.writer.error(make_error(ErrorCode::out_of_memory, "no more"));
  EXPECT_EQ(AnswerReader(full).clip({}).error().code, ErrorCode::over_limit);
  Recorded half;
  half.writer.picture(some_info());
  half.writer.error(make_error(ErrorCode::corrupt_input, "cut off"));
  const Result<DecodedPicture> read = AnswerReader(half).picture({});
  ASSERT_TRUE(read) << "its header was fine";
  EXPECT_EQ(read->image.error().message, "cut off");
}

TEST(Answer, ErrorsMustBePlausible) {
  const auto read = [](ErrorCode code, const std::string& text) {
    Recorded answer;
    answer.writer.error(make_error(code, text));
    return AnswerReader(answer).jail();
  };
  expect_nonsense(read(ErrorCode::cancelled, "text"), "not the worker's to say");
  expect_nonsense(read(ErrorCode::unavailable, "text"), "not the worker's to say");
  expect_nonsense(read(ErrorCode::corrupt_input, ""), "no text");
  expect_nonsense(read(ErrorCode::corrupt_input, "\x1b[2J"), "a control character");
  expect_nonsense(read(ErrorCode::corrupt_input, "\xc3("), "no UTF-8");
  Recorded long_one;
  long_one.writer.error(make_error(ErrorCode::corrupt_input, std::string(kAnswerTextMax, 'a')));
  long_one.set_word(1, kAnswerTextMax + 1);
  expect_nonsense(AnswerReader(long_one).jail(), "a long text");
}

// No word of a head may be anything: what is outside of its range is refused before it is used.
TEST(Answer, EveryNumberOfAPictureIsBounded) {
  Recorded good;
  good.writer.picture(some_info());
  for (size_t word = 0; word < 12; ++word) {
    for (const uint64_t value : {uint64_t{1} << 31, uint64_t{1} << 63, ~uint64_t{0}}) {
      Recorded bad;
      bad.bytes = good.bytes;
      bad.set_word(word, value);
      expect_nonsense(AnswerReader(bad).picture({}), std::to_string(word));
    }
  }
  for (const size_t side : {3, 4}) {
    Recorded bad;
    bad.bytes = good.bytes;
    bad.set_word(side, 0);
    expect_nonsense(AnswerReader(bad).picture({}), "no pixels");
  }
  media::ImageLimits small;
  small.pixels_max = 599;
  Recorded large;
  large.bytes = good.bytes;
  expect_nonsense(AnswerReader(large).picture(small), "more pixels than allowed");
}

TEST(Answer, EveryNumberOfAClipIsBounded) {
  Recorded good;
  good.writer.clip(some_clip().info, some_clip().length);
  for (size_t word = 0; word < 13; ++word) {
    for (const uint64_t value : {uint64_t{1} << 50, uint64_t{1} << 63, ~uint64_t{0}}) {
      Recorded bad;
      bad.bytes = good.bytes;
      bad.set_word(word, value);
      expect_nonsense(AnswerReader(bad).clip({}), std::to_string(word));
    }
  }
  Recorded long_clip;
  long_clip.bytes = good.bytes;
  long_clip.set_word(11, 100'000);  // seconds a tick
  expect_nonsense(AnswerReader(long_clip).clip({}), "as long as two days");
  Recorded endless;
  endless.bytes = good.bytes;
  endless.set_word(10, uint64_t{1} << 48);
  endless.set_word(11, (uint64_t{1} << 31) - 1);
  expect_nonsense(AnswerReader(endless).clip({}), "longer than can be counted");
  for (const char* codec : {"", "H 264", "<b>", "a_name_of_more_than_thirty_two_letters"}) {
    Recorded named;
    ClipFacts facts = some_clip();
    facts.info.codec = codec;
    named.writer.clip(facts.info, facts.length);
    expect_nonsense(AnswerReader(named).clip({}), codec);
  }
}

TEST(Answer, AnImageHasTheSizeThatItMustHave) {
  const auto read = [](const Image& image, size_t word, uint64_t change) {
    Recorded answer;
    answer.writer.picture(some_info());
    const size_t head = answer.bytes.size() / 8;
    answer.writer.image(image);
    answer.set_word(head + word, answer.word(head + word) + change);
    media::ImageLimits limits;
    limits.decoded_side_pixels_max = 40;
    return AnswerReader(answer).picture(limits)->image;
  };
  EXPECT_TRUE(read(some_image(40, 40), 0, 0));
  expect_nonsense(read(some_image(41, 1), 0, 0), "too wide");
  expect_nonsense(read(some_image(1, 41), 0, 0), "too high");
  expect_nonsense(read(some_image(40, 40), 1, 4), "a pixel more than it says");
  expect_nonsense(read(some_image(40, 39), 3, 1), "a row less than it says");
  Recorded other;
  other.writer.image(some_image(7, 4));
  expect_nonsense(AnswerReader(other).last_frame({6, 4}), "another size than the clip's");
}

TEST(Answer, PlaysNoMoreAndNoLessThanAgreed) {
  const auto play = [](int frames, int64_t samples, FrameSize size, bool sound) {
    Recorded answer;
    for (int i = 0; i < frames; ++i) EXPECT_TRUE(answer.writer.video(Frame(size)));
    EXPECT_TRUE(answer.writer.audio(std::vector<float>(static_cast<size_t>(samples) * 2)));
    answer.writer.end();
    KeepOutput output;
    return AnswerReader(answer).play({{4, 2}, {16, 1}, sound}, 2, output);
  };
  EXPECT_TRUE(play(2, 6000, {4, 2}, true));
  expect_nonsense(play(1, 0, {4, 2}, true), "a frame is missing");
  expect_nonsense(play(3, 0, {4, 2}, true), "a frame too many");
  expect_nonsense(play(2, 0, {4, 4}, true), "a larger frame");
  expect_nonsense(play(2, 1, {4, 2}, false), "sound that nobody asked for");
  expect_nonsense(play(2, 480'000, {4, 2}, true), "endless sound");
}

TEST(Answer, StopsWhereTheOutputDoes) {
  struct Full final : Output {
    Result<void> video(Frame) override { return make_error(ErrorCode::io, "full"); }
    Result<void> audio(std::span<const float>) override { return {}; }
  } full;
  Recorded answer;
  ASSERT_TRUE(answer.writer.video(Frame({4, 2})));
  EXPECT_EQ(AnswerReader(answer).play({{4, 2}, {16, 1}, false}, 1, full).error().code, ErrorCode::io);
}

TEST(Answer, EveryCutIsAnError) {
  Recorded whole;
  whole.writer.picture(some_info());
  whole.writer.image(some_image(3, 2));
  for (size_t length = 0; length < whole.bytes.size(); ++length) {
    Recorded cut;
    cut.bytes.assign(whole.bytes.begin(), whole.bytes.begin() + static_cast<ptrdiff_t>(length));
    const Result<DecodedPicture> read = AnswerReader(cut).picture({});
    EXPECT_FALSE(read && read->image) << length;
  }
}

}  // namespace
}  // namespace troupe::work
