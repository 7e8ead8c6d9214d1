#include "core/media_time.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace troupe {
namespace {

int64_t milliseconds(std::string_view text) {
  const auto time = parse_duration(text);
  EXPECT_TRUE(time) << text;
  return time ? time->milliseconds : -1;
}

ErrorCode refusal(std::string_view text) {
  const auto time = parse_duration(text);
  EXPECT_FALSE(time) << text;
  return time ? ErrorCode::internal : time.error().code;
}

TEST(Duration, ReadsSeconds) {
  EXPECT_EQ(milliseconds("5"), 5000);
  EXPECT_EQ(milliseconds("5s"), 5000);
  EXPECT_EQ(milliseconds("8S"), 8000);
  EXPECT_EQ(milliseconds("3.5"), 3500);
  EXPECT_EQ(milliseconds(" 2.125 s "), 2125);
  EXPECT_EQ(milliseconds("0.001"), 1);
  EXPECT_EQ(milliseconds("5.0000"), 5000);
  EXPECT_EQ(milliseconds("3600"), 3'600'000);
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text : {"", "s", "abc", "5x", "5 5", "NaN", "inf", "-5", "+5", "0", "0.0", "1e3", "0x5",
                           "5.", ".5", "1.2345", "1.2.3", "٥", "5,5"}) {
    EXPECT_EQ(refusal(text), ErrorCode::invalid_argument) << text;
  }
}

TEST(Duration, BoundsItsLength) {
  EXPECT_EQ(refusal("3600.001"), ErrorCode::over_limit);
  EXPECT_EQ(refusal("99999999999999999999999999999999"), ErrorCode::over_limit);
}

TEST(Duration, ReadsNumbersByTheSameRules) {
  EXPECT_EQ(duration_from_seconds(3.5)->milliseconds, 3500);
  EXPECT_EQ(duration_from_seconds(0.1 + 0.2)->milliseconds, 300);
  EXPECT_EQ(duration_from_seconds(3600)->milliseconds, 3'600'000);
  EXPECT_EQ(duration_from_seconds(3600.5).error().code, ErrorCode::over_limit);
  EXPECT_EQ(duration_from_seconds(1e9).error().code, ErrorCode::over_limit);
  EXPECT_EQ(duration_from_seconds(1e308).error().code, ErrorCode::over_limit);
  EXPECT_EQ(duration_from_seconds(INFINITY).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(duration_from_seconds(NAN).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(duration_from_seconds(0).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(duration_from_seconds(-1).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(duration_from_seconds(1.2345).error().code, ErrorCode::invalid_argument);
}

TEST(Duration, TheErrorSaysWhatToWrite) {
  EXPECT_EQ(
      parse_duration("abc").error().message,
      "\"abc\" is not a duration: write seconds above 0 with at most three decimals, like 5, \"5s\" or 3.5");
}

TEST(Duration, PrintsShortestSeconds) {
  EXPECT_EQ(print_seconds({5000}), "5");
  EXPECT_EQ(print_seconds({3500}), "3.5");
  EXPECT_EQ(print_seconds({1}), "0.001");
  EXPECT_EQ(print_seconds({0}), "0");
  EXPECT_EQ(print_seconds({-1500}), "-1.5");
  EXPECT_EQ(print_seconds({std::numeric_limits<int64_t>::min()}), "-9223372036854775.808");
}

TEST(FrameCount, RoundsToTheNearest) {
  EXPECT_EQ(frame_count(seconds(5), {24, 1}), 120);
  EXPECT_EQ(frame_count(seconds(1), {30000, 1001}), 30);
  EXPECT_EQ(frame_count(seconds(3600), {30000, 1001}), 107892);
  EXPECT_EQ(frame_count({500}, {1, 1}), 1);
  EXPECT_EQ(frame_count({499}, {1, 1}), 0);
  EXPECT_EQ(frame_count({0}, {24, 1}), 0);
  EXPECT_EQ(frame_count({-1000}, {24, 1}), 0);
}

TEST(FrameCount, CutPointsDoNotDrift) {
  MediaTime cut;
  for (int shot = 0; shot < 30; ++shot) cut = cut + MediaTime{333};
  EXPECT_EQ(frame_count(cut, {24, 1}), 240);  // 9.99 s are 239.76 frames
}

TEST(FrameRate, ReadsTheUsualOnesExactly) {
  EXPECT_EQ(*parse_frame_rate("24"), (FrameRate{24, 1}));
  EXPECT_EQ(*parse_frame_rate("23.976"), (FrameRate{24000, 1001}));
  EXPECT_EQ(*parse_frame_rate("29.97"), (FrameRate{30000, 1001}));
  EXPECT_EQ(*parse_frame_rate("59.94"), (FrameRate{60000, 1001}));
  EXPECT_EQ(*parse_frame_rate(" 30000 / 1001 "), (FrameRate{30000, 1001}));
  EXPECT_EQ(*parse_frame_rate("50/2"), (FrameRate{25, 1}));
  EXPECT_EQ(*parse_frame_rate("12.5"), (FrameRate{25, 2}));
  EXPECT_EQ(*parse_frame_rate("1"), (FrameRate{1, 1}));
  EXPECT_EQ(*parse_frame_rate("120"), (FrameRate{120, 1}));
}

TEST(FrameRate, RefusesTheRest) {
  for (const char* text : {"", "0", "0.5", "121", "-24", "nan", "24fps", "24/0", "0/1", "1/2", "/", "24/1/1",
                           "99999999999999999999", "99999999999/999999999"}) {
    const auto rate = parse_frame_rate(text);
    ASSERT_FALSE(rate) << text;
    EXPECT_EQ(rate.error().code, ErrorCode::invalid_argument);
  }
}

TEST(FrameRate, PrintsWhatItReads) {
  EXPECT_EQ(print_frame_rate({24, 1}), "24");
  EXPECT_EQ(print_frame_rate({30000, 1001}), "30000/1001");
}

}  // namespace
}  // namespace troupe
