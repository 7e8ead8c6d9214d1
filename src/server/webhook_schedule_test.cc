#include "server/webhook_schedule.h"

#include <gtest/gtest.h>

namespace troupe::server {
namespace {

using namespace std::chrono;
using State = WebhookDelivery::State;

const Time kNow = sys_days(year(1994) / 11 / 6) + 8h + 49min;  // 37 s before the date of RFC 9110's example

std::optional<int64_t> retry_after(std::string_view text) {
  const auto wait = parse_retry_after(text, kNow);
  if (!wait) return std::nullopt;
  return wait->count();
}

TEST(WebhookSchedule, TakesOnly2xxAsSuccess) {
  Random random(1);
  for (const int status : {200, 201, 202, 204, 299}) {
    EXPECT_EQ(judge({1, status, {}}, kNow, random), (WebhookVerdict{State::delivered, {}, false})) << status;
  }
  for (const int status :
       {0, 100, 199, 300, 301, 302, 307, 400, 401, 404, 408, 429, 500, 502, 503, 504, 999, -1}) {
    const WebhookVerdict verdict = judge({1, status, {}}, kNow, random);
    EXPECT_EQ(verdict.state, State::pending) << status;
    EXPECT_FALSE(verdict.disable_endpoint) << status;
  }
}

TEST(WebhookSchedule, EndsWith410ForTheEndpointToo) {
  Random random(1);
  EXPECT_EQ(judge({1, 410, {}}, kNow, random), (WebhookVerdict{State::failed, {}, true}));
}

TEST(WebhookSchedule, WaitsLongerEachTimeWithinTenPercentAndThenGivesUp) {
  const std::vector<seconds> expected{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  for (int number = 1; number <= 9; ++number) {
    const milliseconds delay = expected[static_cast<size_t>(number - 1)];
    milliseconds least = milliseconds::max(), most{0};
    Random random(7);
    for (int i = 0; i < 500; ++i) {
      const auto wait = judge({number, 500, {}}, kNow, random).next_attempt.value() - kNow;
      least = std::min(least, wait), most = std::max(most, wait);
    }
    EXPECT_GE(least, delay * 9 / 10) << number;
    EXPECT_LE(most, delay * 11 / 10) << number;
    EXPECT_LT(least, delay * 92 / 100) << number;
    EXPECT_GT(most, delay * 108 / 100) << number;
  }
  Random random(7);
  EXPECT_EQ(judge({10, 500, {}}, kNow, random), (WebhookVerdict{State::failed, {}, false}));
  EXPECT_EQ(judge({1000, 0, {}}, kNow, random).state, State::failed);
  EXPECT_EQ(judge({10, 204, {}}, kNow, random).state, State::delivered);
}

TEST(WebhookSchedule, SaysTheSameForTheSameSeed) {
  Random one(3), other(3);
  EXPECT_EQ(judge({2, 0, {}}, kNow, one), judge({2, 0, {}}, kNow, other));
}

TEST(WebhookSchedule, WaitsAsAskedWhereThatIsLonger) {
  Random random(1);
  EXPECT_EQ(judge({1, 429, 90s}, kNow, random).next_attempt, kNow + 90s);
  EXPECT_EQ(judge({1, 503, 1000h}, kNow, random).next_attempt, kNow + 24h);
  EXPECT_GE(judge({2, 429, 1s}, kNow, random).next_attempt.value(), kNow + 270s);
}

TEST(RetryAfter, ReadsSecondsUpToItsBound) {
  EXPECT_EQ(retry_after("0"), 0);
  EXPECT_EQ(retry_after("120"), 120);
  EXPECT_EQ(retry_after("000120"), 120);
  EXPECT_EQ(retry_after("86401"), 86400);
  EXPECT_EQ(retry_after("99999999999999999999999"), 86400);
}

TEST(RetryAfter, ReadsHttpDates) {
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), 37);
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:48:00 GMT"), 0);
  EXPECT_EQ(retry_after("Mon, 07 Nov 1994 08:48:00 GMT"), 86340);
  EXPECT_EQ(retry_after("Fri, 31 Dec 9999 23:59:59 GMT"), 86400);
}

TEST(RetryAfter, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "-1",
                                      "+1",
                                      "1.5",
                                      "1s",
                                      " 1",
                                      "soon",
                                      "Sun, 06 Nov 1994 08:49:37",
                                      "Sun, 31 Feb 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 1994 24:49:37 GMT",
                                      "Sun, 06 Nov 1994 08:60:37 GMT",
                                      "Sun, 06 Nov 1994 08:49:37 CET",
                                      "Sun, 06 anF 1994 08:49:37 GMT",
                                      "un,, 06 Nov 1994 08:49:37 GMT",
                                      "Sun, 6 Nov 1994 08:49:37 GMT ",
                                      "Sunday, 06-Nov-94 08:49:37 GMT",
                                      "Xyz, 06 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 Xyz 1994 08:49:37 GMT",
                                      "Sun, 00 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(retry_after(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace troupe::server
