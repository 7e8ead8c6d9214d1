#include "work/stills.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "media/encoder.h"
#include "media/image_file.h"
#include "store/object_store.h"

namespace troupe::work {
namespace {

// A picture of one grey; 8 bits of luma stand for the place of a frame.
Frame frame_at(FrameSize size, int64_t index, int64_t frames) {
  Frame frame(size);
  std::fill(frame.luma.begin(), frame.luma.end(), static_cast<uint8_t>(16 + index * 219 / frames));
  return frame;
}
int grey_of(int64_t index, int64_t frames) {
  return image_from_frame(frame_at({16, 16}, index, frames)).at(3, 3)[0];
}

class StillsTest : public testing::Test {
 protected:
  StillsTest() : folder_(std::filesystem::path(testing::TempDir()) / unique_name()) {
    auto opened = store::open_folder_store(folder_);
    EXPECT_TRUE(opened) << to_string(opened.error());
    objects_ = std::move(*opened);
  }
  ~StillsTest() override { std::filesystem::remove_all(folder_); }

  static std::string unique_name() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    return std::string("stills-") + info->name() + "-" + std::to_string(::getpid());
  }

  Image picture(const std::string& object) {
    const auto bytes = objects_->read(object, 1 << 20);
    EXPECT_TRUE(bytes);
    const auto picture = media::decode_image(*bytes);
    EXPECT_TRUE(picture);
    return *picture;
  }

  Take stored(const Stills& stills) {
    Take take;
    const auto kept = stills.store(*objects_, take);
    EXPECT_TRUE(kept) << to_string(kept.error());
    return take;
  }

  Take seen(FrameSize size, int64_t expected, int64_t frames) {
    Stills stills(expected);
    for (int64_t i = 0; i < frames; ++i) stills.see(frame_at(size, i, frames), i);
    return stored(stills);
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::ObjectStore> objects_;
};

TEST_F(StillsTest, ASheetShowsEvenStepsFromTheFirstFrame) {
  const Take take = seen({640, 360}, 100, 100);
  const Image sheet = picture(take.spritesheet);
  ASSERT_EQ(sheet.width, 5 * 320);
  ASSERT_EQ(sheet.height, 5 * 180);
  for (int i = 0; i < kSheetPicturesMax; ++i)
    EXPECT_NEAR(sheet.at(i % 5 * 320 + 160, i / 5 * 180 + 90)[0], grey_of(i * 4, 100), 2) << i;
  EXPECT_NEAR(picture(take.thumbnail).at(9, 9)[0], grey_of(33, 100), 2);
  EXPECT_EQ(picture(take.last_frame).at(9, 9)[0], grey_of(99, 100));
}

TEST_F(StillsTest, ShortVideosHaveSmallSheets) {
  const Take seven = seen({128, 64}, 7, 7);
  EXPECT_EQ(picture(seven.spritesheet).width, 5 * 128) << "nothing is made larger";
  EXPECT_EQ(picture(seven.spritesheet).height, 2 * 64);
  EXPECT_LT(picture(seven.spritesheet).at(4 * 128 + 64, 64 + 32)[0], 3) << "black where there is no frame";
  const Take one = seen({64, 128}, 1, 1);
  EXPECT_EQ(picture(one.spritesheet).width, 64);
  EXPECT_EQ(picture(one.spritesheet).height, 128);
  EXPECT_FALSE(one.thumbnail.empty() || one.last_frame.empty());
}

TEST_F(StillsTest, AnyNumberOfFramesMayComeInTheEnd) {
  const Take fewer = seen({64, 64}, 100, 10);
  EXPECT_EQ(picture(fewer.spritesheet).width, 3 * 64) << "frames 0, 4 and 8";
  EXPECT_NEAR(picture(fewer.thumbnail).at(9, 9)[0], grey_of(0, 10), 2);
  const Take more = seen({64, 64}, 4, 50);
  EXPECT_EQ(picture(more.spritesheet).width, 4 * 64);
  EXPECT_EQ(picture(more.last_frame).at(9, 9)[0], grey_of(49, 50));
}

TEST_F(StillsTest, AFinishedVideoIsPlayedOnce) {
  const std::filesystem::path file = folder_ / "clip.mp4";
  media::EncoderOptions options;
  options.size = {960, 1280};
  options.rate = {24, 1};
  options.frames = 60;
  auto encoder = media::VideoEncoder::open(file, options);
  ASSERT_TRUE(encoder) << to_string(encoder.error());
  for (int64_t i = 0; i < 60; ++i) ASSERT_TRUE((*encoder)->video(frame_at(options.size, i, 60)));
  ASSERT_TRUE((*encoder)->finish());
  auto bytes = read_file(file, 1 << 24);
  ASSERT_TRUE(bytes);
  const auto clip = InProcessDecoder().clip(std::move(*bytes), {}, {});
  ASSERT_TRUE(clip);
  const auto stills = stills_of(**clip, {});
  ASSERT_TRUE(stills) << to_string(stills.error());
  const Take take = stored(*stills);
  const Image sheet = picture(take.spritesheet);
  ASSERT_EQ(sheet.width, 5 * 240);
  ASSERT_EQ(sheet.height, 5 * 320);
  for (int i = 0; i < kSheetPicturesMax; ++i) {
    const int grey = sheet.at(i % 5 * 240 + 120, i / 5 * 320 + 160)[0];
    EXPECT_GE(grey, grey_of(i * 60 / 25, 60) - 3) << "each is of its own part: " << i;
    EXPECT_LE(grey, grey_of((i + 1) * 60 / 25, 60) + 3) << i;
  }
  EXPECT_EQ(picture(take.thumbnail).height, 640);
  const Image last = picture(take.last_frame);
  EXPECT_EQ(last.height, 1280) << "of its own size";
  EXPECT_NEAR(last.at(9, 9)[0], grey_of(59, 60), 3);
}

}  // namespace
}  // namespace troupe::work
