#include "image/ops.h"

#include <gtest/gtest.h>

#include <cmath>

#include "image/test_pictures.h"

namespace troupe::image {
namespace {

/// Left half opaque red, right half transparent green.
Image half_and_half(int width, int height) {
  Image out = test::flat(width, height, 0, 255, 0, 0);
  view(out).colRange(0, width / 2).setTo(cv::Scalar(255, 0, 0, 255));
  return out;
}

TEST(Resize, ShrinksAndGrowsToTheAskedSize) {
  const Image picture = test::flat(30, 20, 10, 200, 90);
  for (const auto& [w, h] : {std::pair(7, 5), std::pair(64, 48), std::pair(60, 5), std::pair(1, 1)}) {
    const Image out = resize(picture, w, h);
    ASSERT_EQ(out.width, w);
    ASSERT_EQ(out.height, h);
    EXPECT_EQ(out, test::flat(w, h, 10, 200, 90));
  }
}

TEST(Resize, HiddenColoursDoNotBleedIntoEdges) {
  const Image out = resize(half_and_half(90, 8), 20, 8);
  for (int x = 0; x < out.width; ++x) {
    if (out.at(x, 4)[3] == 0) continue;
    EXPECT_EQ(out.at(x, 4)[0], 255) << x;
    EXPECT_EQ(out.at(x, 4)[1], 0) << x;
  }
  EXPECT_EQ(out.at(0, 4)[3], 255);
  EXPECT_EQ(out.at(19, 4)[3], 0);
}

TEST(Resize, AveragesAreas) {
  Image checks(64, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      const auto v = static_cast<uint8_t>((x + y) % 2 * 255);
      std::copy_n(std::begin({v, v, v, uint8_t{255}}), 4, checks.at(x, y));
    }
  }
  EXPECT_NEAR(resize(checks, 8, 8).at(3, 3)[0], 128, 1);
}

TEST(Cover, FillsTheFrameAndCutsTheSides) {
  Image picture = test::flat(100, 50, 0, 0, 255);
  view(picture).colRange(0, 20).setTo(cv::Scalar(255, 0, 0, 255));
  view(picture).colRange(80, 100).setTo(cv::Scalar(255, 0, 0, 255));
  const Image out = cover(picture, {40, 40});
  ASSERT_EQ(out.width, 40);
  ASSERT_EQ(out.height, 40);
  EXPECT_EQ(out, test::flat(40, 40, 0, 0, 255));
}

TEST(Blur, SpreadsAsFarAsSigmaSaysBigAndSmall) {
  for (const float sigma : {2.0f, 20.0f}) {
    Mask dot(301, 301);
    view(dot)(cv::Rect(130, 130, 41, 41)).setTo(255);
    const Mask out = blur(dot, sigma);
    double mass = 0, spread = 0;
    for (int x = 0; x < 301; ++x) {
      mass += out.at(x, 150);
      spread += out.at(x, 150) * (x - 150.0) * (x - 150.0);
    }
    const double wanted = sigma * sigma + (41.0 * 41.0 - 1) / 12;
    EXPECT_NEAR(std::sqrt(spread / mass), std::sqrt(wanted), 0.05 * std::sqrt(wanted)) << sigma;
  }
}

TEST(Blur, KeepsFlatPicturesAndVisibleColours) {
  EXPECT_EQ(blur(test::flat(40, 30, 12, 34, 56), 15.0f), test::flat(40, 30, 12, 34, 56));
  const Image out = blur(half_and_half(40, 10), 3.0f);
  for (int x = 0; x < 40; ++x) {
    if (out.at(x, 5)[3] > 8) {
      EXPECT_GT(out.at(x, 5)[0], 250) << x;
    }
  }
}

TEST(Crop, IsTransparentOutsideThePicture) {
  const Image out = crop(test::flat(4, 4, 1, 2, 3), 2, -1, 4, 3);
  EXPECT_EQ(out.at(0, 0)[3], 0);
  EXPECT_EQ(out.at(1, 1)[3], 255);
  EXPECT_EQ(out.at(1, 1)[2], 3);
  EXPECT_EQ(out.at(2, 1)[3], 0);
}

TEST(Mirror, TwiceIsTheSame) {
  const Image picture = half_and_half(9, 3);
  EXPECT_EQ(mirror(picture).at(8, 0)[0], 255);
  EXPECT_EQ(mirror(mirror(picture)), picture);
}

TEST(DistanceInside, GrowsTowardsTheMiddle) {
  Mask mask(11, 11);
  view(mask)(cv::Rect(2, 2, 7, 7)).setTo(255);
  const std::vector<float> distance = distance_inside(mask);
  EXPECT_EQ(distance[0], 0);
  EXPECT_FLOAT_EQ(distance[5 * 11 + 2], 1);
  EXPECT_FLOAT_EQ(distance[5 * 11 + 5], 4);
  EXPECT_EQ(distance_inside(Mask(5, 4, 255))[7], 9);
}

TEST(GuidedFilter, SmoothsNoiseAndKeepsTheGuidesEdges) {
  const Image guide = half_and_half(80, 40);
  Random random(3);
  std::vector<float> values(80 * 40);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = (i % 80 < 40 ? 1.0f : 0.0f) + random.uniform(-0.3f, 0.3f);
  const std::vector<float> out = guided_filter(guide, values, 5, 1e-4f);
  const size_t row = 20 * 80;
  EXPECT_NEAR(out[row + 38], 1.0f, 0.15f);
  EXPECT_NEAR(out[row + 41], 0.0f, 0.15f);
  EXPECT_NEAR(out[row + 10], 1.0f, 0.12f);
}

}  // namespace
}  // namespace troupe::image
