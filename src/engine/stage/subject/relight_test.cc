#include "engine/stage/subject/relight.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/stage/subject/drawn_figures.h"

namespace troupe::stage {
namespace {

LightRig flat_light() {
  LightRig rig;
  rig.key = rig.rim = rig.black_lift = 0;
  rig.saturation = rig.contrast = rig.exposure = 1;
  return rig;
}

drawn::Canvas card(drawn::Color c) {
  drawn::Canvas canvas(120, 120);
  canvas.box(0.1f, 0.1f, 0.9f, 0.9f, c);
  return canvas;
}

const uint8_t* middle(const Image& image) { return image.at(image.width / 2, image.height / 2); }

float luma(const uint8_t* p) { return 0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2]; }

float percentile95(const Image& image) {
  std::vector<float> values;
  for (size_t i = 0; i < image.rgba.size(); i += 4)
    if (image.rgba[i + 3] > 127) values.push_back(luma(&image.rgba[i]));
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() * 95 / 100),
                   values.end());
  return values[values.size() * 95 / 100];
}

TEST(Relight, LeavesASubjectAloneInNeutralLight) {
  const Image picture = card({150, 120, 90}).picture;
  const Image lit = relight(picture, flat_light(), {.subject_pixels = 100});
  EXPECT_NEAR(middle(lit)[0], 150, 2);
  EXPECT_NEAR(middle(lit)[1], 120, 2);
  EXPECT_NEAR(middle(lit)[2], 90, 2);
}

TEST(Relight, MultipliesByTheLight) {
  LightRig rig = flat_light();
  rig.gain = {1.2f, 1.0f, 0.5f};
  rig.exposure = 0.5f;
  const Image lit = relight(card({150, 120, 100}).picture, rig, {.subject_pixels = 100});
  EXPECT_NEAR(middle(lit)[0], 90, 3);
  EXPECT_NEAR(middle(lit)[1], 60, 3);
  EXPECT_NEAR(middle(lit)[2], 25, 3);
}

TEST(Relight, NeverTouchesAlpha) {
  Image picture = card({200, 200, 200}).picture;
  picture.at(20, 20)[3] = 77;
  const Image lit = relight(picture, LightRig{}, {.subject_pixels = 100});
  for (size_t i = 3; i < lit.rgba.size(); i += 4) ASSERT_EQ(lit.rgba[i], picture.rgba[i]);
}

TEST(Relight, KeepsHighlightsUnderTheCap) {
  LightRig rig = flat_light();
  rig.exposure = 1.3f;
  for (const float cap : {235.0f, 210.0f, 120.0f}) {
    rig.luminance_cap = cap;
    EXPECT_LE(percentile95(relight(card({250, 250, 245}).picture, rig, {.subject_pixels = 100})), cap);
  }
}

TEST(Relight, ShadesTheSideAwayFromTheKey) {
  LightRig rig = flat_light();
  rig.key = 1;
  rig.key_direction = {-1, 0.2f, -0.4f};
  const Image lit = relight(card({140, 140, 140}).picture, rig, {.subject_pixels = 96});
  EXPECT_GT(luma(lit.at(15, 60)), luma(lit.at(104, 60)) + 15);
  const Image flipped = relight(card({140, 140, 140}).picture, rig, {.subject_pixels = 96, .flip = true});
  EXPECT_LT(luma(flipped.at(15, 60)), luma(flipped.at(104, 60)) - 15);
}

TEST(Relight, BrightensOnlyTheEdgeTowardsTheRimLight) {
  const Image picture = card({90, 90, 90}).picture;
  LightRig rig = flat_light();
  const Image without = relight(picture, rig, {.subject_pixels = 96});
  rig.rim = 1;
  rig.rim_direction = Vec3{1, 0, 0.5f};
  const Image with = relight(picture, rig, {.subject_pixels = 96});
  EXPECT_GT(luma(with.at(107, 60)), luma(without.at(107, 60)) + 20);
  EXPECT_NEAR(luma(with.at(12, 60)), luma(without.at(12, 60)), 1);
  EXPECT_NEAR(luma(middle(with)), luma(middle(without)), 1);
}

TEST(Relight, SurvivesOnePixel) {
  Image picture(1, 1);
  picture.rgba = {10, 20, 30, 255};
  EXPECT_EQ(relight(picture, LightRig{}, {.subject_pixels = 1}).rgba.size(), 4u);
}

}  // namespace
}  // namespace troupe::stage
