#include "engine/stage/scene/paint/canvas.h"

#include <gtest/gtest.h>

namespace troupe::stage::paint {
namespace {

float alpha_sum(const Canvas& canvas) {
  float sum = 0;
  for (int y = 0; y < canvas.height(); ++y) {
    for (int x = 0; x < canvas.width(); ++x) sum += canvas.at(x, y)[3];
  }
  return sum;
}

TEST(CanvasTest, DabCoversTheAreaOfItsEllipseAtAnyAngle) {
  for (const float angle : {0.0f, 0.7f, 1.5708f}) {
    Canvas canvas(64, 64);
    canvas.dab({.centre = {32, 32}, .rx = 20, .ry = 8, .angle = angle});
    EXPECT_NEAR(alpha_sum(canvas), 3.14159f * 20 * 8, 12) << angle;
  }
}

TEST(CanvasTest, DabOutsideLeavesTheCanvasAndComesInFromTheOtherSideOfASeamlessOne) {
  Canvas plain(32, 32), seamless(32, 32, true);
  plain.dab({.centre = {-20, 16}, .rx = 6, .ry = 6});
  seamless.dab({.centre = {-20, 16}, .rx = 6, .ry = 6});
  EXPECT_EQ(alpha_sum(plain), 0);
  EXPECT_EQ(seamless.at(12, 16)[3], 1);
}

TEST(CanvasTest, PolygonCoversPartsOfPixels) {
  Canvas canvas(8, 8);
  canvas.rect(1.5f, 2, 2, 1.5f, {1, 0, 0});
  EXPECT_NEAR(alpha_sum(canvas), 3, 0.01f);
  EXPECT_NEAR(canvas.at(1, 2)[3], 0.5f, 0.01f);
  EXPECT_NEAR(canvas.at(2, 2)[0], 1, 0.01f);
}

TEST(CanvasTest, StrokeOfOnePaintDoesNotDarkenWhereItCrossesItself) {
  Canvas canvas(32, 32);
  const Point points[] = {{4, 4}, {28, 28}, {28, 4}, {4, 28}};
  canvas.stroke(points, {6, 6, {1, 1, 1}, 0.5f});
  EXPECT_NEAR(canvas.at(16, 16)[3], 0.5f, 0.001f);
}

TEST(CanvasTest, ModesDoWhatTheySay) {
  Canvas canvas(2, 1);
  canvas.put(0, 0, {0.5f, 0.5f, 0.5f}, 1);
  canvas.put(0, 0, {1, 0, 0}, 0.5f, Mode::atop);
  canvas.put(1, 0, {1, 0, 0}, 0.5f, Mode::atop);
  EXPECT_FLOAT_EQ(canvas.at(0, 0)[0], 0.75f);
  EXPECT_EQ(canvas.at(1, 0)[3], 0);
  canvas.put(0, 0, {1, 1, 1}, 0.1f, Mode::add);
  EXPECT_FLOAT_EQ(canvas.at(0, 0)[0], 0.85f);
  canvas.put(0, 0, {}, 1, Mode::erase);
  EXPECT_EQ(canvas.at(0, 0)[3], 0);
}

TEST(CanvasTest, BlurKeepsTheSumAndWidensTheSpot) {
  Canvas canvas(65, 65);
  canvas.put(32, 32, {1, 1, 1}, 1);
  canvas.blur(4);
  EXPECT_NEAR(alpha_sum(canvas), 1, 1e-3f);
  EXPECT_NEAR(canvas.at(32, 32)[3], 1 / (2 * 3.14159f * 16), 0.003f);
}

TEST(CanvasTest, FootFadesAndRimIsClear) {
  Canvas canvas(40, 40);
  canvas.fill({1, 1, 1});
  canvas.fade_foot(0.25f);
  canvas.clear_rim();
  EXPECT_EQ(canvas.at(20, 39)[3], 0);
  EXPECT_LT(canvas.at(20, 35)[3], 0.6f);
  EXPECT_EQ(canvas.at(20, 20)[3], 1);
  EXPECT_EQ(canvas.at(1, 20)[3], 0);
}

TEST(CanvasTest, ImageHasStraightAlpha) {
  Canvas canvas(1, 1);
  canvas.put(0, 0, {1, 0.5f, 0}, 0.5f);
  const Image image = canvas.to_image();
  EXPECT_EQ(image.rgba, (std::vector<uint8_t>{255, 128, 0, 128}));
}

TEST(CanvasTest, TileSidesArePowersOfTwo) {
  EXPECT_EQ(tile_side(1024, 1), 1024);
  EXPECT_EQ(tile_side(1024, 0.3f), 256);
  EXPECT_EQ(tile_side(1, 0.25f), 16);
}

}  // namespace
}  // namespace troupe::stage::paint
