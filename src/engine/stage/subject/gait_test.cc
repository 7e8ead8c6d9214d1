#include "engine/stage/subject/gait.h"

#include <gtest/gtest.h>

#include <cmath>

namespace troupe::stage {
namespace {

constexpr Sole kSole = {0.08f, 0.15f, 0.05f};
constexpr float kLeg = 0.9f;

/// Where the sole's carrying point is over the ground: heel, flat sole or toes.
float contact(const FootPlace& foot) {
  const Vec2 pivot = foot.pitch < 0 ? Vec2{kSole.toe, -kSole.height} : Vec2{-kSole.heel, -kSole.height};
  return foot.ankle.x + rotated(pivot, foot.pitch).x - pivot.x;
}

TEST(Gait, PlantedFeetStayWhereTheyStand) {
  for (const Gait& gait : {kWalk, kRun})
    for (float phase = 0; phase < gait.duty - 0.01f; phase += 0.01f) {
      const FootPlace a = side_step(gait, kSole, kLeg, phase),
                      b = side_step(gait, kSole, kLeg, phase + 0.01f);
      ASSERT_TRUE(a.down);
      EXPECT_NEAR(contact(a) - contact(b), 0.01f * gait.stride * kLeg, 1e-4f) << phase;
    }
}

TEST(Gait, FeetMoveWithoutJumps) {
  for (const Gait& gait : {kWalk, kRun})
    for (float phase = 0; phase < 1; phase += 0.005f) {
      const FootPlace a = side_step(gait, kSole, kLeg, phase),
                      b = side_step(gait, kSole, kLeg, phase + 0.005f);
      EXPECT_LT(length(a.ankle - b.ankle), 0.06f) << phase;
      EXPECT_LT(std::abs(a.pitch - b.pitch), 0.12f) << phase;
    }
}

TEST(Gait, SwingingFeetClearTheGround) {
  const FootPlace middle = side_step(kWalk, kSole, kLeg, 0.5f * (1 + kWalk.duty));
  EXPECT_FALSE(middle.down);
  EXPECT_GT(middle.ankle.y, 0.03f);
  EXPECT_GT(front_step(kWalk, kLeg, 0.5f * (1 + kWalk.duty)).ankle.y, 0.05f);
}

TEST(Gait, WalkersAlwaysStandAndRunnersFly) {
  bool flies = false;
  for (float phase = 0; phase < 1; phase += 0.01f) {
    EXPECT_TRUE(front_step(kWalk, kLeg, phase).down || front_step(kWalk, kLeg, phase + 0.5f).down);
    EXPECT_EQ(flight_height(kWalk, kLeg, phase), 0);
    const bool air =
        !side_step(kRun, kSole, kLeg, phase).down && !side_step(kRun, kSole, kLeg, phase + 0.5f).down;
    EXPECT_TRUE(air || flight_height(kRun, kLeg, phase) < 1e-3f) << phase;
    flies = flies || flight_height(kRun, kLeg, phase) > 0.03f;
  }
  EXPECT_TRUE(flies);
}

}  // namespace
}  // namespace troupe::stage
