#include "base/clock.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

using namespace std::chrono_literals;

TEST(Clock, PrintsTimesAsIsoInUtc) {
  EXPECT_EQ(print_time(Time(0ms)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(print_time(Time(1772366400250ms)), "2026-03-01T12:00:00.250Z");
}

TEST(Clock, TheManualOneMovesWhenTold) {
  ManualClock clock(Time(5s));
  clock.advance(250ms);
  EXPECT_EQ(clock.now(), Time(5250ms));
}

}  // namespace
}  // namespace troupe
