#include "media/probe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "media/image_file.h"
#include "media/sniff.h"
#include "media/test_pictures.h"

namespace troupe::media {
namespace {

using test::four_corners;

TEST(ProbeImage, ReadsAJpeg) {
  const Bytes jpeg = *encode_jpeg(four_corners(40, 24));
  const auto info = probe_image(jpeg);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(*info, (ImageInfo{.format = ImageFormat::jpeg, .width = 40, .height = 24}));
}

TEST(ProbeImage, GivesUprightSidesForATurnedJpeg) {
  const Bytes jpeg = test::with_exif(*encode_jpeg(four_corners(40, 24)), 6, true);
  const auto info = probe_image(jpeg);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(*info, (ImageInfo{.format = ImageFormat::jpeg, .width = 24, .height = 40, .orientation = 6}));
}

TEST(ProbeImage, ReadsAPng) {
  const auto info = probe_image(*encode_png(four_corners(7, 5)));
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(*info, (ImageInfo{.format = ImageFormat::png, .width = 7, .height = 5, .alpha = true}));
}

TEST(ProbeImage, ReadsThreeKindsOfWebp) {
  Image glass = four_corners(33, 17);
  glass.at(0, 0)[3] = 10;
  const ImageInfo plain{.format = ImageFormat::webp, .width = 33, .height = 17};
  ImageInfo clear = plain, animated = plain;
  clear.alpha = true;
  animated.animated = true;
  EXPECT_EQ(*probe_image(test::lossy_webp(four_corners(33, 17))), plain);
  EXPECT_EQ(*probe_image(test::lossless_webp(glass)), clear);
  EXPECT_EQ(*probe_image(test::lossy_webp(glass)), clear);
  auto found = *probe_image(test::animated_webp({four_corners(33, 17), glass}));
  found.alpha = false;
  EXPECT_EQ(found, animated);
}

TEST(ProbeImage, ReadsTheOrientationOfAWebp) {
  const auto info = probe_image(test::webp_with_exif(test::lossy_webp(four_corners(33, 17)), 8));
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(*info, (ImageInfo{.format = ImageFormat::webp, .width = 17, .height = 33, .orientation = 8}));
}

TEST(ProbeImage, RefusesAHugePngByItsHeaderAlone) {
  Bytes png = *encode_png(four_corners(2, 2));
  const Bytes huge = {0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20};  // 20000 x 20000
  std::copy(huge.begin(), huge.end(), png.begin() + 16);
  const auto info = probe_image(png);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::over_limit);
  EXPECT_NE(info.error().message.find("20000 x 20000"), std::string::npos) << info.error().message;
}

TEST(ProbeImage, RefusesByBytesAndByPixels) {
  const Bytes png = *encode_png(four_corners(20, 10));
  EXPECT_EQ(probe_image(png, {.size_bytes_max = png.size() - 1}).error().code, ErrorCode::over_limit);
  EXPECT_EQ(probe_image(png, {.pixels_max = 199}).error().code, ErrorCode::over_limit);
  EXPECT_EQ(probe_image(png, {.side_pixels_max = 19}).error().code, ErrorCode::over_limit);
  EXPECT_TRUE(probe_image(png, {.size_bytes_max = png.size(), .side_pixels_max = 20, .pixels_max = 200}));
}

TEST(ProbeImage, NamesWhatItRefuses) {
  const std::pair<std::string, std::string> cases[] = {
      {"GIF89a\1\0\1\0", "GIF"},
      {"BM\x46\0\0\0", "BMP"},
      {std::string("II*\0\x08\0\0\0", 8), "TIFF"},
      {std::string("\0\0\0\x18"
                   "ftypheic\0\0\0\0",
                   16),
       "HEIC"},
      {std::string("\0\0\0\x18"
                   "ftypavif\0\0\0\0",
                   16),
       "AVIF"},
      {std::string("\0\0\0\x18"
                   "ftypisom\0\0\0\0",
                   16),
       "MP4"},
      {"%PDF-1.7", "PDF"},
      {"<!DOCTYPE html><html>", "HTML"},
      {"<?xml version='1.0'?><svg>", "SVG"},
      {"{\"error\": 404}", "JSON"},
      {"hello there", "text"},
      {"\x01\x02\x03\x04", "known"},
      {"", "empty"},
  };
  for (const auto& [bytes, word] : cases) {
    const auto info = probe_image(as_bytes(bytes));
    ASSERT_FALSE(info) << word;
    EXPECT_NE(info.error().message.find(word), std::string::npos) << info.error().message;
    EXPECT_NE(info.error().message.find("send a JPEG"), std::string::npos) << info.error().message;
  }
}

TEST(ProbeImage, RefusesAJpegThatIsNotEightBitBaseline) {
  Bytes jpeg = *encode_jpeg(four_corners(8, 8));
  const auto frame = std::adjacent_find(jpeg.begin(), jpeg.end(),
                                        [](uint8_t a, uint8_t b) { return a == 0xFF && b == 0xC0; });
  ASSERT_NE(frame, jpeg.end());
  frame[4] = 12;
  EXPECT_EQ(probe_image(jpeg).error().code, ErrorCode::unsupported);
  frame[4] = 8;
  frame[1] = 0xC3;
  EXPECT_EQ(probe_image(jpeg).error().code, ErrorCode::unsupported);
}

TEST(ProbeImage, SaysThatAColourProfileIsThere) {
  Bytes jpeg = *encode_jpeg(four_corners(8, 8));
  const std::string_view segment("\xFF\xE2\x00\x10ICC_PROFILE\0\1\1", 18);
  jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
  EXPECT_TRUE(probe_image(jpeg)->colour_profile);
}

}  // namespace
}  // namespace troupe::media
