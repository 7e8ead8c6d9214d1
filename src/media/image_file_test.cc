#include "media/image_file.h"

#include <gtest/gtest.h>

#include "media/shrink.h"
#include "media/test_pictures.h"

namespace troupe::media {
namespace {

using test::four_corners;
using test::mean_difference;

/// Where the pixel at (x, y) of an upright width x height picture is stored, by the EXIF definition.
std::pair<int, int> stored_place(int orientation, int x, int y, int width, int height) {
  switch (orientation) {
    case 2:
      return {width - 1 - x, y};
    case 3:
      return {width - 1 - x, height - 1 - y};
    case 4:
      return {x, height - 1 - y};
    case 5:
      return {y, x};
    case 6:
      return {y, width - 1 - x};
    case 7:
      return {height - 1 - y, width - 1 - x};
    case 8:
      return {height - 1 - y, x};
    default:
      return {x, y};
  }
}

Image stored_as(const Image& upright, int orientation) {
  Image stored =
      orientation >= 5 ? Image(upright.height, upright.width) : Image(upright.width, upright.height);
  for (int y = 0; y < upright.height; ++y) {
    for (int x = 0; x < upright.width; ++x) {
      const auto [sx, sy] = stored_place(orientation, x, y, upright.width, upright.height);
      std::copy_n(upright.at(x, y), 4, stored.at(sx, sy));
    }
  }
  return stored;
}

TEST(DecodeImage, RoundTripsAPngExactly) {
  Image glass = four_corners(31, 19);
  for (int x = 0; x < 31; ++x) glass.at(x, 3)[3] = static_cast<uint8_t>(x * 8);
  const auto back = decode_image(*encode_png(glass));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(*back, glass);
}

TEST(DecodeImage, RoundTripsAJpegClosely) {
  const Image picture = four_corners(64, 48);
  const auto back = decode_image(*encode_jpeg(picture, 95));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_LT(mean_difference(*back, picture), 2.0);
}

TEST(DecodeImage, EncodesTransparencyOverWhite) {
  const Image clear(16, 16);
  const auto back = decode_image(*encode_jpeg(clear));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_GE(back->at(8, 8)[0], 254);
}

TEST(DecodeImage, TurnsAJpegUprightFromAllEightOrientations) {
  const Image picture = four_corners(64, 32);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes jpeg = *encode_jpeg(stored_as(picture, orientation), 95);
    const auto back = decode_image(test::with_exif(jpeg, orientation, orientation % 2 == 0));
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_LT(mean_difference(*back, picture), 2.0) << orientation;
  }
}

TEST(DecodeImage, TurnsAWebpUprightFromAllEightOrientations) {
  const Image picture = four_corners(20, 12);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto back =
        decode_image(test::webp_with_exif(test::lossless_webp(stored_as(picture, orientation)), orientation));
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(*back, picture) << orientation;
  }
}

TEST(DecodeImage, IgnoresAnOrientationOutOfRange) {
  const auto back = decode_image(test::with_exif(*encode_jpeg(four_corners(32, 16)), 77, true));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->width, 32);
}

TEST(DecodeImage, BringsSixteenBitDownToEight) {
  const Bytes rows = {0xFF, 0xFF, 0x80, 0x80, 0x00, 0x00, 0x40, 0x40, 0xC0, 0xC0, 0x20, 0x20};
  const auto back = decode_image(test::png_of(2, 1, 16, PNG_COLOR_TYPE_RGB, rows));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->rgba, (Bytes{255, 128, 0, 255, 64, 192, 32, 255}));
}

TEST(DecodeImage, SpreadsGreyOverTheChannels) {
  const auto one_bit = decode_image(test::png_of(4, 1, 1, PNG_COLOR_TYPE_GRAY, {0b10100000}));
  ASSERT_TRUE(one_bit) << to_string(one_bit.error());
  EXPECT_EQ(one_bit->rgba, (Bytes{255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 255}));
  const auto with_alpha = decode_image(test::png_of(1, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA, {90, 40}));
  EXPECT_EQ(with_alpha->rgba, (Bytes{90, 90, 90, 40}));
  const auto jpeg = decode_image(test::jpeg_of(8, 8, 1, JCS_GRAYSCALE, Bytes(64, 90)));
  ASSERT_TRUE(jpeg) << to_string(jpeg.error());
  EXPECT_EQ(Bytes(jpeg->rgba.begin(), jpeg->rgba.begin() + 4), (Bytes{90, 90, 90, 255}));
}

TEST(DecodeImage, ReadsAPaletteWithATransparentColour) {
  const auto back = decode_image(test::png_of(2, 1, 8, PNG_COLOR_TYPE_PALETTE, {0, 1}));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(Bytes(back->rgba.begin(), back->rgba.begin() + 4), (Bytes{200, 10, 20, 255}));
  EXPECT_EQ(back->at(1, 0)[3], 0);
}

TEST(DecodeImage, ReadsAnInterlacedPng) {
  Bytes rows(64 * 3);
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<uint8_t>(i);
  const auto back = decode_image(test::png_of(8, 8, 8, PNG_COLOR_TYPE_RGB, rows, true));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->at(5, 6)[1], rows[(6 * 8 + 5) * 3 + 1]);
}

TEST(DecodeImage, ReadsAdobesInvertedCmykAndThePlainOne) {
  Bytes inverted, plain;
  for (int i = 0; i < 64; ++i) {
    inverted.insert(inverted.end(), {255, 0, 0, 200});  // no cyan, full magenta and yellow, some black
    plain.insert(plain.end(), {0, 255, 255, 55});
  }
  for (const Bytes& jpeg :
       {test::jpeg_of(8, 8, 4, JCS_CMYK, inverted, true), test::jpeg_of(8, 8, 4, JCS_CMYK, plain, false)}) {
    EXPECT_TRUE(probe_image(jpeg)->cmyk);
    const auto back = decode_image(jpeg);
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_NEAR(back->at(4, 4)[0], 200, 4);
    EXPECT_NEAR(back->at(4, 4)[1], 0, 4);
    EXPECT_NEAR(back->at(4, 4)[2], 0, 4);
  }
}

TEST(DecodeImage, TakesTheFirstFrameOfAnAnimation) {
  Image first = four_corners(24, 16);
  first.at(2, 2)[3] = 0;
  std::fill_n(first.at(2, 2), 3, uint8_t{0});
  const Image second(24, 16);
  const auto back = decode_image(test::animated_webp({first, second}));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->rgba, first.rgba);
}

TEST(DecodeImage, ReadsOnePixel) {
  const Image dot = four_corners(1, 1);
  EXPECT_EQ(*decode_image(*encode_png(dot)), dot);
  EXPECT_EQ(*decode_image(test::lossless_webp(dot)), dot);
  EXPECT_LT(mean_difference(*decode_image(*encode_jpeg(dot)), dot), 6.0);
}

TEST(DecodeImage, ShrinksWhatIsLargerThanWanted) {
  const Image picture = four_corners(900, 300);
  const ImageLimits limits{.decoded_side_pixels_max = 300};
  for (const Bytes& file : {*encode_png(picture), *encode_jpeg(picture, 95), test::lossless_webp(picture)}) {
    const auto back = decode_image(file, limits);
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_LT(mean_difference(*back, four_corners(300, 100)), 2.0);
  }
}

TEST(ShrinkToFit, AveragesByAreaWithPremultipliedAlpha) {
  Image picture(3, 1);
  picture.rgba = {90, 0, 0, 255, 0, 60, 0, 255, 250, 250, 250, 0};
  const Image out = shrink_to_fit(picture, 2);
  ASSERT_EQ(out.width, 2);
  EXPECT_EQ(out.rgba, (Bytes{60, 20, 0, 255, 0, 60, 0, 85}));
}

TEST(DecodeImage, RefusesEveryTruncation) {
  const Image picture = four_corners(96, 64);
  Bytes rgb;
  for (size_t i = 0; i < picture.rgba.size(); ++i) {
    if (i % 4 != 3) rgb.push_back(picture.rgba[i]);
  }
  const Bytes files[] = {*encode_jpeg(picture),
                         test::jpeg_of(96, 64, 3, JCS_RGB, rgb, true, true),
                         *encode_png(picture),
                         test::lossy_webp(picture),
                         test::lossless_webp(picture),
                         test::animated_webp({picture, Image(96, 64)}),
                         test::webp_with_exif(test::lossy_webp(picture), 3)};
  for (const Bytes& file : files) {
    ASSERT_TRUE(decode_image(file));
    for (size_t tenth = 0; tenth < 10; ++tenth) {
      const auto back = decode_image(ByteView(file).first(file.size() * tenth / 10));
      ASSERT_FALSE(back) << tenth << " tenths of " << file.size() << " bytes of "
                         << name(probe_image(file)->format);
    }
    EXPECT_FALSE(decode_image(ByteView(file).first(file.size() - 4)));
  }
}

TEST(DecodeImage, RefusesDamageInTheMiddle) {
  const Image picture = four_corners(96, 64);
  Bytes jpeg = *encode_jpeg(picture), png = *encode_png(picture);
  std::fill_n(jpeg.begin() + static_cast<ptrdiff_t>(jpeg.size() / 2), 40, uint8_t{0xFF});
  std::fill_n(png.begin() + static_cast<ptrdiff_t>(png.size() / 2), 40, uint8_t{0});
  EXPECT_EQ(decode_image(jpeg).error().code, ErrorCode::corrupt_input);
  EXPECT_EQ(decode_image(png).error().code, ErrorCode::corrupt_input);
}

TEST(DecodeImage, AllowsBytesAfterTheEnd) {
  Bytes jpeg = *encode_jpeg(four_corners(32, 16)), png = *encode_png(four_corners(32, 16));
  jpeg.insert(jpeg.end(), 1000, 7);
  png.insert(png.end(), 1000, 7);
  EXPECT_TRUE(decode_image(jpeg));
  EXPECT_TRUE(decode_image(png));
}

}  // namespace
}  // namespace troupe::media
