#include "engine/wan/pixels/cover.h"

#include <gtest/gtest.h>

namespace troupe::engine::wan {
namespace {

Rgb numbered(int width, int height) {
  Rgb picture(width, height);
  for (size_t i = 0; i < picture.values.size(); ++i) picture.values[i] = static_cast<uint8_t>(i / 3);
  return picture;
}

TEST(Cover, LeavesAPictureOfThatSizeAlone) {
  const Rgb picture = numbered(6, 4);
  EXPECT_EQ(*covered(picture, {6, 4}), picture);
}

TEST(Cover, CutsWhatIsOverOnBothSides) {
  const Rgb picture(40, 10, 77);
  const auto square = covered(picture, {20, 20});
  ASSERT_TRUE(square);
  EXPECT_EQ(*square, Rgb(20, 20, 77));
  Rgb halves(40, 20);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 120; ++x) halves.row(y)[x] = x < 60 ? 0 : 200;
  const auto middle_part = covered(halves, {10, 20});
  ASSERT_TRUE(middle_part);
  EXPECT_EQ(middle_part->row(3)[0], 0);
  EXPECT_EQ(middle_part->row(3)[29], 200);
}

TEST(Cover, RefusesShapesThatCannotBeScaled) {
  EXPECT_FALSE(covered(Rgb(4000, 1), {16, 640}));
  EXPECT_FALSE(covered(Rgb(), {16, 16}));
}

TEST(Cover, PadsWithTheEdgesAndTakesTheMiddleBack) {
  const Rgb picture = numbered(5, 3);
  const Rgb larger = padded(picture, {8, 16});
  EXPECT_EQ(larger.width, 8);
  EXPECT_EQ(larger.height, 16);
  EXPECT_EQ(larger.row(0)[0], picture.row(0)[0]);
  EXPECT_EQ(larger.row(15)[23], picture.row(2)[14]);
  EXPECT_EQ(middle(larger, {5, 3}), picture);
}

TEST(Cover, MakesAnOpaqueImage) {
  const Image image = to_image(numbered(3, 2));
  EXPECT_EQ(image.width, 3);
  EXPECT_EQ(image.at(2, 1)[0], 5);
  EXPECT_EQ(image.at(2, 1)[3], 255);
}

}  // namespace
}  // namespace troupe::engine::wan
