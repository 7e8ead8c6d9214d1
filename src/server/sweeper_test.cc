#include "server/sweeper.h"

#include <gtest/gtest.h>

namespace troupe::server {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock::time_point;

TEST(ClockWatch, TellsAClockThatWasSetFromTimeThatPassed) {
  ClockWatch watch;
  const Time start(hours(500000));
  EXPECT_FALSE(watch.was_set(start, Steady(hours(1)))) << "nothing to compare with";
  EXPECT_FALSE(watch.was_set(start + hours(1), Steady(hours(2))));
  EXPECT_FALSE(watch.was_set(start + hours(2) + seconds(30), Steady(hours(3)))) << "clocks are corrected";
  EXPECT_TRUE(watch.was_set(start + hours(72), Steady(hours(4))));
  EXPECT_FALSE(watch.was_set(start + hours(73), Steady(hours(5))));
  EXPECT_TRUE(watch.was_set(start + hours(3), Steady(hours(6)))) << "back";
}

}  // namespace
}  // namespace troupe::server
