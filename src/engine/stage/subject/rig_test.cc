#include "engine/stage/subject/rig.h"

#include <gtest/gtest.h>

#include "engine/stage/subject/drawn_figures.h"

namespace troupe::stage {
namespace {

/// Of the tight box: drawn figures stand from 0.03 to 0.97 of their picture.
float in_box(const image::CutOut& cut_out, float y) {
  return (y * static_cast<float>(cut_out.picture.height) - static_cast<float>(cut_out.bounds.y)) /
         static_cast<float>(cut_out.bounds.height);
}

TEST(Rig, FindsTwoLegsAndTheirCrotch) {
  const image::CutOut cut_out = drawn::person().cut_out();
  const Rig rig = make_rig(cut_out);
  EXPECT_EQ(rig.kind, BodyKind::biped);
  EXPECT_NEAR(rig.crotch, in_box(cut_out, 0.55f), 0.04f);
  ASSERT_EQ(rig.separator.size(), 16u);
  for (const float x : rig.separator) EXPECT_NEAR(x, 0.5f, 0.05f);
  EXPECT_FALSE(rig.left_arm_free || rig.right_arm_free);
}

TEST(Rig, FindsTheNeckUnderTheHead) {
  const image::CutOut cut_out = drawn::person().cut_out();
  const Rig rig = make_rig(cut_out);
  EXPECT_NEAR(rig.neck, in_box(cut_out, 0.175f), 0.03f);
  EXPECT_NEAR(rig.neck_x, 0.5f, 0.05f);
  EXPECT_GT(rig.shoulder, rig.neck);
}

TEST(Rig, FindsFreeArms) {
  const image::CutOut cut_out = drawn::person(true).cut_out();
  const Rig rig = make_rig(cut_out);
  EXPECT_EQ(rig.kind, BodyKind::biped);
  EXPECT_TRUE(rig.left_arm_free);
  EXPECT_TRUE(rig.right_arm_free);
  EXPECT_NEAR(rig.armpit, in_box(cut_out, 0.24f), 0.03f);
  EXPECT_NEAR(rig.arm_end, in_box(cut_out, 0.53f), 0.03f);
  EXPECT_LT(rig.left_arm_x, 0.2f);
  EXPECT_GT(rig.right_arm_x, 0.8f);
}

TEST(Rig, TakesAHandOnTheHipForNoFreeArm) {
  drawn::Canvas c = drawn::person();
  // From the shoulder out to an elbow and back to the hip.
  for (int i = 0; i < 40; ++i) {
    const float t = static_cast<float>(i) / 39, out = 0.16f * (t < 0.5f ? 2 * t : 2 - 2 * t),
                y = 0.19f + 0.26f * t;
    c.box(0.68f + out, y, 0.74f + out, y + 0.012f);
    c.box(0.66f, 0.44f, 0.75f, 0.47f);
  }
  EXPECT_FALSE(make_rig(c.cut_out()).right_arm_free);
}

TEST(Rig, TellsASkirtByItsHem) {
  const image::CutOut cut_out = drawn::skirt().cut_out();
  const Rig rig = make_rig(cut_out);
  EXPECT_EQ(rig.kind, BodyKind::skirted);
  EXPECT_NEAR(rig.crotch, in_box(cut_out, 0.75f), 0.04f);
}

TEST(Rig, TakesTouchingThighsForTrousers) {
  drawn::Canvas c = drawn::person();
  c.box(0.45f, 0.5f, 0.55f, 0.74f, drawn::kTrousers);
  const Rig rig = make_rig(c.cut_out());
  EXPECT_EQ(rig.kind, BodyKind::biped);
  EXPECT_NEAR(rig.crotch, 0.54f, 0.02f);
}

TEST(Rig, FindsLegsThatAreHiddenByEachOther) {
  const Rig rig = make_rig(drawn::profile().cut_out());
  EXPECT_EQ(rig.kind, BodyKind::biped);
  EXPECT_NEAR(rig.crotch, 0.53f, 0.02f);
}

TEST(Rig, FindsFourLegs) {
  const image::CutOut cut_out = drawn::dog().cut_out();
  const Rig rig = make_rig(cut_out);
  EXPECT_EQ(rig.kind, BodyKind::quadruped);
  ASSERT_EQ(rig.leg_tops.size(), 4u);
  for (size_t i = 1; i < 4; ++i) EXPECT_GT(rig.leg_tops[i], rig.leg_tops[i - 1]);
  EXPECT_NEAR(rig.crotch, in_box(cut_out, 0.65f), 0.04f);
}

TEST(Rig, SeesWhichWayAnAnimalLooks) {
  const image::CutOut right = drawn::dog().cut_out();
  EXPECT_GT(side_direction(right, make_rig(right)), 0);
}

TEST(Rig, TakesAVaseForABlob) { EXPECT_EQ(make_rig(drawn::vase().cut_out()).kind, BodyKind::blob); }

TEST(Rig, TakesABustForHalfAFigure) {
  const Rig rig = make_rig(drawn::bust());
  EXPECT_EQ(rig.kind, BodyKind::half);
  EXPECT_GT(rig.neck, 0.4f);
}

TEST(Rig, TakesATrimmedObjectForWhole) {
  drawn::Canvas c(100, 120);
  c.box(0, 0, 1, 1);
  EXPECT_EQ(make_rig(c.cut_out()).kind, BodyKind::blob);
}

TEST(Rig, SurvivesDegeneratePictures) {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 400}, {400, 2}, {1, 30}}) {
    drawn::Canvas c(width, height);
    c.box(0, 0, 1, 1);
    const Rig rig = make_rig(c.cut_out());
    EXPECT_GE(rig.crotch, 0);
    EXPECT_LE(rig.crotch, 1);
    EXPECT_TRUE(std::isfinite(side_direction(c.cut_out(), rig)));
  }
}

TEST(RealHeight, KnowsNouns) {
  const Rig rig;
  EXPECT_FLOAT_EQ(real_height("woman", rig, 0.4f), 1.68f);
  EXPECT_FLOAT_EQ(real_height("dog", rig, 1.4f), 0.6f);
  EXPECT_FLOAT_EQ(real_height("Dogs", rig, 1.4f), 0.6f);
  EXPECT_FLOAT_EQ(real_height("race car", rig, 2.4f), 1.4f);
}

TEST(RealHeight, GuessesUnknownThingsByTheirShape) {
  Rig rig;
  rig.kind = BodyKind::biped;
  EXPECT_FLOAT_EQ(real_height("", rig, 0.4f), 1.7f);
  rig.kind = BodyKind::blob;
  EXPECT_FLOAT_EQ(real_height("gizmo", rig, 0.4f), 1.6f);
  EXPECT_FLOAT_EQ(real_height("\xff\xfe", rig, 1.0f), 0.9f);
}

}  // namespace
}  // namespace troupe::stage
