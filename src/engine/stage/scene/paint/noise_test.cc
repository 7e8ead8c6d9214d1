#include "engine/stage/scene/paint/noise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace troupe::stage::paint {
namespace {

// The greatest step between neighbouring columns, with the last and the first as neighbours.
float step(const Field& field, int x) {
  float most = 0;
  for (int y = 0; y < field.height; ++y) {
    most = std::max(most, std::abs(field.at(x, y) - field.at((x + 1) % field.width, y)));
  }
  return most;
}

TEST(NoiseTest, FieldsAreSeamless) {
  const NoiseSpec spec{.width = 128, .height = 64, .cells_x = 5, .cells_y = 3, .octaves = 4, .seed = 3};
  const Field by = fbm({.width = 128, .height = 64, .seed = 4});
  for (const Field& field : {fbm(spec), ridged(spec), warp(fbm(spec), by, by, 9), blurred(fbm(spec), 3)}) {
    float inside = 0;
    for (int x = 0; x + 1 < field.width; ++x) inside = std::max(inside, step(field, x));
    EXPECT_LE(step(field, field.width - 1), inside * 1.05f);
  }
}

TEST(NoiseTest, ValuesHaveTheStatedSpread) {
  const Field field = fbm({.width = 256, .height = 256, .cells_x = 8, .cells_y = 8, .seed = 11});
  double mean = 0;
  for (const float v : field.values) mean += v;
  mean /= static_cast<double>(field.values.size());
  const auto inside =
      std::count_if(field.values.begin(), field.values.end(), [](float v) { return v > 0 && v < 1; });
  EXPECT_NEAR(mean, 0.5, 0.01);
  EXPECT_GT(static_cast<double>(inside) / static_cast<double>(field.values.size()), 0.97);
}

TEST(NoiseTest, SeedsDecideTheField) {
  const Field a = fbm({.seed = 1}), same = fbm({.seed = 1}), other = fbm({.seed = 2});
  EXPECT_EQ(a.values, same.values);
  EXPECT_NE(a.values, other.values);
}

TEST(NoiseTest, SampleWrapsBothWays) {
  const Field field = fbm({.width = 32, .height = 32, .seed = 5});
  EXPECT_FLOAT_EQ(field.sample(-1, 0), field.at(31, 0));
  EXPECT_FLOAT_EQ(field.sample(33, 34), field.at(1, 2));
  EXPECT_NEAR(field.sample(31.5f, 7), (field.at(31, 7) + field.at(0, 7)) / 2, 1e-5f);
}

TEST(NoiseTest, NormalizeReachesZeroAndOne) {
  Field field = fbm({.seed = 9});
  normalize(field);
  EXPECT_EQ(*std::min_element(field.values.begin(), field.values.end()), 0);
  EXPECT_EQ(*std::max_element(field.values.begin(), field.values.end()), 1);
}

}  // namespace
}  // namespace troupe::stage::paint
