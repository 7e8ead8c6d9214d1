#include "image/standing.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace troupe::image {
namespace {

// Dark wood behind, green ground below the middle; trunks go on to a foot at `foot`, boats lie on the ground.
Image forest(float foot, bool trunks, bool boats) {
  Random random(5);
  Image image(480, 320);
  for (int y = 0; y < 320; ++y) {
    for (int x = 0; x < 480; ++x) {
      const bool ground = y >= 160;
      const bool trunk = trunks && x % 96 < 30 && y < static_cast<int>(foot * 320);
      const bool boat = boats && y > 220 && y < 260 && x % 160 < 90;
      const int noise = random.below(14);
      const bool dark = trunk || (!ground && x % 12 < 6) || !ground;
      uint8_t pixel[4] = {uint8_t(80 + noise), uint8_t(150 + noise), uint8_t(60 + noise), 255};
      if (dark)
        pixel[0] = uint8_t(50 + noise + x % 7), pixel[1] = uint8_t(38 + noise),
        pixel[2] = uint8_t(30 + noise);
      if (boat) pixel[0] = 210, pixel[1] = uint8_t(90 + noise), pixel[2] = 60;
      std::copy_n(pixel, 4, image.at(x, y));
    }
  }
  return image;
}

TEST(StandingRows, TrunksStandWhereTheyMeetTheGround) {
  const std::vector<float> rows = standing_rows(forest(0.75f, true, false), 0.5f);
  ASSERT_EQ(rows.size(), static_cast<size_t>(kStandingColumns));
  int standing = 0, flat = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int x = static_cast<int>(i) * 2;  // picture columns
    if (x % 96 >= 6 && x % 96 < 24) {
      EXPECT_NEAR(rows[i], 0.75f, 0.03f) << i;
      ++standing;
    } else if (x % 96 > 36 && x % 96 < 90) {
      EXPECT_FLOAT_EQ(rows[i], 0.5f) << i;
      ++flat;
    }
  }
  EXPECT_GT(standing, 20);
  EXPECT_GT(flat, 50);
}

TEST(StandingRows, WhatOnlyLiesOnTheGroundStaysFlat) {
  for (const float row : standing_rows(forest(0.5f, false, true), 0.5f)) EXPECT_FLOAT_EQ(row, 0.5f);
}

TEST(StandingRows, AnyPictureAndHorizonGiveRowsInRange) {
  for (const float horizon : {0.0f, 0.05f, 0.5f, 0.74f, 1.0f}) {
    for (const Image& picture : {Image(1, 1), Image(3, 900), forest(0.7f, true, true)}) {
      for (const float row : standing_rows(picture, horizon)) {
        EXPECT_GE(row, horizon);
        EXPECT_LE(row, 1);
      }
    }
  }
}

}  // namespace
}  // namespace troupe::image
