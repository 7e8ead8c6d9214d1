#include "core/frame.h"

#include <gtest/gtest.h>

#include <cmath>

namespace troupe {
namespace {

Image filled(int width, int height, uint8_t r, uint8_t g, uint8_t b) {
  Image image(width, height);
  for (size_t i = 0; i < image.rgba.size(); i += 4) {
    image.rgba[i] = r;
    image.rgba[i + 1] = g;
    image.rgba[i + 2] = b;
    image.rgba[i + 3] = 77;
  }
  return image;
}

// {Y, Cb, Cr} of a filled picture.
std::vector<int> yuv(uint8_t r, uint8_t g, uint8_t b) {
  const Frame frame = frame_from_image(filled(4, 2, r, g, b));
  return {frame.luma[7], frame.cb[1], frame.cr[1]};
}

double psnr(const Image& a, const Image& b) {
  double squares = 0;
  for (size_t i = 0; i < a.rgba.size(); ++i) {
    if (i % 4 == 3) continue;
    const double difference = a.rgba[i] - b.rgba[i];
    squares += difference * difference;
  }
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(a.rgba.size()) * 0.75 / squares);
}

TEST(Frame, IsBlackAtFirst) {
  const Frame frame(FrameSize{4, 2});
  EXPECT_EQ(frame.luma, std::vector<uint8_t>(8, 16));
  EXPECT_EQ(frame.cb, std::vector<uint8_t>(2, 128));
  EXPECT_EQ(frame.cr, std::vector<uint8_t>(2, 128));
  EXPECT_EQ(frame, frame_from_image(filled(4, 2, 0, 0, 0)));
}

// The 8-bit codes of 100 % colour bars in BT.709.
TEST(FrameFromImage, GivesTheStandardsPrimaries) {
  EXPECT_EQ(yuv(255, 255, 255), (std::vector<int>{235, 128, 128}));
  EXPECT_EQ(yuv(255, 0, 0), (std::vector<int>{63, 102, 240}));
  EXPECT_EQ(yuv(0, 255, 0), (std::vector<int>{173, 42, 26}));
  EXPECT_EQ(yuv(0, 0, 255), (std::vector<int>{32, 240, 118}));
  EXPECT_EQ(yuv(255, 255, 0), (std::vector<int>{219, 16, 138}));
  EXPECT_EQ(yuv(0, 255, 255), (std::vector<int>{188, 154, 16}));
  EXPECT_EQ(yuv(255, 0, 255), (std::vector<int>{78, 214, 230}));
}

TEST(FrameFromImage, KeepsGreysExactlyGrey) {
  for (int grey = 0; grey < 256; ++grey) {
    const auto v = static_cast<uint8_t>(grey);
    const std::vector<int> codes = yuv(v, v, v);
    EXPECT_EQ(codes[0], static_cast<int>(std::lround(16 + 219.0 * grey / 255.0)));
    EXPECT_EQ(codes[1], 128);
    EXPECT_EQ(codes[2], 128);
  }
}

TEST(ImageFromFrame, GivesGreysBackWithinALumaStep) {
  for (int grey = 0; grey < 256; ++grey) {
    const auto v = static_cast<uint8_t>(grey);
    const Image back = image_from_frame(frame_from_image(filled(2, 2, v, v, v)));
    EXPECT_EQ(back.at(1, 1)[0], back.at(1, 1)[1]);
    EXPECT_EQ(back.at(1, 1)[0], back.at(1, 1)[2]);
    EXPECT_NEAR(back.at(1, 1)[0], grey, 1);
    EXPECT_EQ(back.at(1, 1)[3], 255);
  }
}

TEST(FrameFromImage, ChromaIsTheMeanOfABlock) {
  Image image = filled(4, 2, 0, 0, 0);
  image.at(0, 0)[2] = image.at(1, 0)[2] = 255;  // half of the first block is blue
  const Frame frame = frame_from_image(image);
  EXPECT_EQ(frame.cb, (std::vector<uint8_t>{184, 128}));
}

TEST(ImageFromFrame, GivesASmoothPictureBack) {
  Image image(64, 48);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      uint8_t* p = image.at(x, y);
      p[0] = static_cast<uint8_t>(x * 4);
      p[1] = static_cast<uint8_t>(y * 5);
      p[2] = static_cast<uint8_t>(255 - x * 2 - y * 2);
      p[3] = 255;
    }
  }
  EXPECT_GT(psnr(image, image_from_frame(frame_from_image(image))), 48);
}

TEST(ImageFromFrame, InterpolatesChroma) {
  Frame frame(FrameSize{4, 2});
  frame.luma.assign(8, 126);
  frame.cr = {128, 228};
  const Image image = image_from_frame(frame);
  // Chroma sits between columns 0 and 1, and 2 and 3: column 1 takes a quarter of the second.
  EXPECT_EQ(image.at(0, 0)[0], 128);
  EXPECT_EQ(image.at(1, 0)[0], 128 + 45);
  EXPECT_EQ(image.at(2, 0)[0], 128 + 127);  // 134 past what a byte holds
}

TEST(ImageFromFrame, ClampsWhatNoPictureHolds) {
  Frame frame(FrameSize{2, 2});
  frame.luma.assign(4, 255);
  frame.cr.assign(1, 255);
  frame.cb.assign(1, 0);
  const Image image = image_from_frame(frame);
  EXPECT_EQ(image.at(0, 0)[0], 255);
  EXPECT_EQ(image.at(0, 0)[2], 8);
  frame.luma.assign(4, 0);
  EXPECT_EQ(image_from_frame(frame).at(0, 0)[2], 0);
}

}  // namespace
}  // namespace troupe
