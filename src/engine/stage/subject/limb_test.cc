#include "engine/stage/subject/limb.h"

#include <gtest/gtest.h>

#include <cmath>

namespace troupe::stage {
namespace {

constexpr Limb kLeg = {{0, 0.9f}, {0, 0.1f}, 0.15f, 0.1f};

TEST(Limb, StaysAsItIsWithoutATurn) {
  const LimbCurve curve(kLeg, {.root = kLeg.root});
  for (const Vec2 p : {Vec2{0.05f, 0.5f}, {-0.07f, 0.95f}, {0.1f, 0.02f}, {0, 0.9f}}) {
    EXPECT_NEAR(curve(p).x, p.x, 1e-4f);
    EXPECT_NEAR(curve(p).y, p.y, 1e-4f);
  }
}

TEST(Limb, KeepsItsThicknessInADeepBend) {
  LimbPose pose{.root = kLeg.root, .upper = 0.6f, .lower = -0.7f};
  const LimbCurve curve(kLeg, pose);
  for (float y = 0.15f; y < 0.85f; y += 0.02f)
    EXPECT_NEAR(length(curve({-0.06f, y}) - curve({0.06f, y})), 0.12f, 0.12f * 0.15f) << y;
}

TEST(Limb, DoesNotFoldAtTheKnee) {
  const LimbCurve curve(kLeg, {.root = kLeg.root, .upper = 0.6f, .lower = -0.7f});
  for (float y = 0.2f; y < 0.8f; y += 0.02f) {
    const Vec2 inner = curve({-0.06f, y - 0.02f}) - curve({-0.06f, y}),
               outer = curve({0.06f, y - 0.02f}) - curve({0.06f, y});
    EXPECT_GT(dot(inner, outer), 0) << y;
  }
}

TEST(Limb, ReachesItsTarget) {
  for (const Vec2 target : {Vec2{0.3f, 0.2f}, {-0.35f, 0.25f}, {0.1f, 0.4f}, {0, 0.12f}}) {
    const LimbPose pose = reach(kLeg, kLeg.root, target, -1, 0, 0);
    const Vec2 tip = LimbCurve(kLeg, pose).tip();
    EXPECT_NEAR(tip.x, target.x, 0.006f);
    EXPECT_NEAR(tip.y, target.y, 0.006f);
  }
}

TEST(Limb, BendsTheWayItIsTold) {
  const Vec2 target = {0, 0.3f};
  const LimbCurve forward(kLeg, reach(kLeg, kLeg.root, target, -1, 0, 0)),
      back(kLeg, reach(kLeg, kLeg.root, target, 1, 0, 0));
  EXPECT_GT(forward({0, 0.5f}).x, 0.1f);
  EXPECT_LT(back({0, 0.5f}).x, -0.1f);
}

TEST(Limb, StretchesTowardsWhatIsOutOfReach) {
  const LimbPose pose = reach(kLeg, kLeg.root, {2, 0.9f}, -1, 0, 0);
  const Vec2 tip = LimbCurve(kLeg, pose).tip();
  EXPECT_NEAR(length(tip - kLeg.root), 0.8f, 0.06f);
  EXPECT_GT(tip.x, 0.7f);
  EXPECT_TRUE(std::isfinite(tip.x) && std::isfinite(tip.y));
}

TEST(Limb, ForeshortensTowardsTheViewer) {
  const LimbPose pose = reach_towards_viewer(kLeg, kLeg.root, {0, 0.25f}, 0, 0);
  EXPECT_NEAR(LimbCurve(kLeg, pose).tip().y, 0.25f, 0.01f);
  EXPECT_LT(pose.lower_scale, pose.upper_scale);
}

}  // namespace
}  // namespace troupe::stage
