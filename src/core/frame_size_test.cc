#include "core/frame_size.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

TEST(AspectRatio, ReadsAndReduces) {
  EXPECT_EQ(*parse_aspect_ratio("16:9"), (AspectRatio{16, 9}));
  EXPECT_EQ(*parse_aspect_ratio(" 16 / 9 "), (AspectRatio{16, 9}));
  EXPECT_EQ(*parse_aspect_ratio("1920:1080"), (AspectRatio{16, 9}));
  EXPECT_EQ(*parse_aspect_ratio("1.5:1"), (AspectRatio{3, 2}));
  EXPECT_EQ(*parse_aspect_ratio("2.39:1"), (AspectRatio{239, 100}));
  EXPECT_EQ(print(AspectRatio{9, 16}), "9:16");
}

TEST(AspectRatio, RefusesTheRest) {
  for (const char* text :
       {"", ":", "16", "16:", ":9", "0:9", "16:0", "-16:9", "16:9:1", "wide", "nan:1", "65:1", "1:65",
        "1e1:1", "16x9", "999999999999:999999999998", "1000000001:1000000000"}) {
    const auto ratio = parse_aspect_ratio(text);
    ASSERT_FALSE(ratio) << text;
    EXPECT_EQ(ratio.error().code, ErrorCode::invalid_argument);
  }
}

TEST(Resolution, ReadsTiersAndSizes) {
  EXPECT_EQ(*parse_resolution("720p"), (Resolution{720, {}}));
  EXPECT_EQ(*parse_resolution(" 1080P "), (Resolution{1080, {}}));
  EXPECT_EQ(*parse_resolution("4k"), (Resolution{2160, {}}));
  EXPECT_EQ(*parse_resolution("2K"), (Resolution{1440, {}}));
  EXPECT_EQ(*parse_resolution("1280x720"), (Resolution{0, {1280, 720}}));
  EXPECT_EQ(*parse_resolution("1280*720"), (Resolution{0, {1280, 720}}));
  EXPECT_EQ(*parse_resolution("1280 X 720"), (Resolution{0, {1280, 720}}));
  EXPECT_EQ(print(Resolution{720, {}}), "720p");
  EXPECT_EQ(print(Resolution{0, {1280, 720}}), "1280x720");
}

TEST(Resolution, RefusesTheRest) {
  for (const char* text : {"", "p", "720", "hd", "0p", "481p", "-720p", "1281x720", "1280x", "x720", "0x0",
                           "1280x720x3", "nanxnan", "1280×720"}) {
    const auto resolution = parse_resolution(text);
    ASSERT_FALSE(resolution) << text;
    EXPECT_EQ(resolution.error().code, ErrorCode::invalid_argument) << text;
  }
  for (const char* text : {"62p", "4320p", "62x64", "4098x64", "64x99999999999999999998"}) {
    const auto resolution = parse_resolution(text);
    ASSERT_FALSE(resolution) << text;
    EXPECT_EQ(resolution.error().code, ErrorCode::over_limit) << text;
  }
}

TEST(FrameSize, ATierKeepsItsShorterSide) {
  EXPECT_EQ(frame_size({480, {}}, {16, 9}), (FrameSize{854, 480}));
  EXPECT_EQ(frame_size({480, {}}, {9, 16}), (FrameSize{480, 854}));
  EXPECT_EQ(frame_size({720, {}}, {16, 9}), (FrameSize{1280, 720}));
  EXPECT_EQ(frame_size({720, {}}, {1, 1}), (FrameSize{720, 720}));
  EXPECT_EQ(frame_size({1080, {}}, {239, 100}), (FrameSize{2582, 1080}));
  EXPECT_EQ(frame_size({0, {100, 200}}, {16, 9}), (FrameSize{100, 200}));
}

TEST(FrameSize, KnowsWhatAVideoMayBe) {
  EXPECT_TRUE(is_video_size({64, 4096}));
  EXPECT_FALSE(is_video_size({62, 64}));
  EXPECT_FALSE(is_video_size({65, 64}));
  EXPECT_FALSE(is_video_size(frame_size({2160, {}}, {21, 9})));
}

}  // namespace
}  // namespace troupe
