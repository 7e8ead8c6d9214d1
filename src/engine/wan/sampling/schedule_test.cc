#include "engine/wan/sampling/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace troupe::engine::wan {
namespace {

constexpr Result<Schedule> (*kBuilders[])(int, double) = {unipc_schedule,      dpmpp_schedule,
                                                          euler_schedule,      euler_diffusers_schedule,
                                                          flow_match_schedule, unipc_diffusers_schedule};

TEST(ScheduleTest, RefusesStepsAndShiftsByName) {
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  for (const auto build : kBuilders) {
    for (const int steps : {0, -1, kStepsMax + 1})
      EXPECT_EQ(build(steps, 5).error().field, "/steps") << steps;
    for (const double shift : {0.0, -1.0, static_cast<double>(INFINITY), not_a_number, 1e300, 1e-300})
      EXPECT_EQ(build(20, shift).error().field, "/shift") << shift;
  }
}

TEST(ScheduleTest, LevelsFallToZero) {
  for (const auto build : kBuilders)
    for (const int steps : {1, 2, 3, 75, 150, 999})
      for (const double shift : {0.5, 1.0, 5.0, 16.0}) {
        const auto schedule = build(steps, shift);
        ASSERT_TRUE(schedule) << steps << " " << shift;
        ASSERT_EQ(schedule->sigmas.size(), schedule->steps() + 1);
        EXPECT_LE(schedule->sigmas.front(), 1);
        EXPECT_EQ(schedule->sigmas.back(), 0);
        for (size_t i = 0; i < schedule->steps(); ++i)
          EXPECT_GT(schedule->sigmas[i], schedule->sigmas[i + 1]);
      }
}

// 75 steps with shift 16: the official code looks its place up by the timestep and skips a step here.
TEST(ScheduleTest, TwoStepsMayHaveOneTimestep) {
  const Schedule schedule = unipc_schedule(75, 16).value();
  EXPECT_EQ(schedule.timesteps[0], schedule.timesteps[1]);
}

// numpy's 0.65 * 1000 is 649.9999999999999 here.
TEST(ScheduleTest, WholeTimestepsAreCutAsNumpyComesToThem) {
  const Schedule schedule = dpmpp_schedule(20, 1).value();
  EXPECT_EQ(schedule.timesteps[7], 649);
  EXPECT_EQ(schedule.timesteps[11], 449);
  EXPECT_EQ(schedule.timesteps[10], 500);
  EXPECT_EQ(dpmpp_schedule(20, 16).value().timesteps[13], 895);
  EXPECT_EQ(dpmpp_schedule(30, 3).value().timesteps[25], 374);
}

TEST(ScheduleTest, SkyReelsFastSettings) {
  EXPECT_EQ(unipc_diffusers_schedule(8, 5).value().timesteps,
            (std::vector<double>{999, 972, 937, 892, 833, 749, 624, 416}));
}

TEST(ScheduleTest, DistilledFourSteps) {
  const Schedule schedule = distilled_schedule(std::vector<int>{1000, 750, 500, 250}, 5).value();
  const std::vector<double> sigmas = {1, 0.9375, 5.0 / 6, 0.625, 0};
  ASSERT_EQ(schedule.sigmas.size(), sigmas.size());
  for (size_t i = 0; i < sigmas.size(); ++i) EXPECT_NEAR(schedule.sigmas[i], sigmas[i], 1e-7);
  EXPECT_NEAR(schedule.timesteps[2], 833.3333, 1e-3);
}

TEST(ScheduleTest, DistilledTimestepsMustFall) {
  EXPECT_EQ(distilled_schedule(std::vector<int>{}, 5).error().field, "/steps");
  for (const auto& timesteps : {std::vector<int>{1001}, {500, 500}, {250, 500}, {500, 0}})
    EXPECT_EQ(distilled_schedule(timesteps, 5).error().field, "/timesteps");
}

}  // namespace
}  // namespace troupe::engine::wan
