#include "core/money.h"

#include <gtest/gtest.h>

#include <limits>

namespace troupe {
namespace {

TEST(Money, PrintsDollarsWithAtLeastTwoDecimals) {
  EXPECT_EQ(print({1'400'000}), "$1.40");
  EXPECT_EQ(print({504'000}), "$0.504");
  EXPECT_EQ(print({1}), "$0.000001");
  EXPECT_EQ(print({0}), "$0.00");
  EXPECT_EQ(print({-2'500'000}), "-$2.50");
  EXPECT_EQ(print({std::numeric_limits<int64_t>::min()}), "-$9223372036854.775808");
}

TEST(Money, PrintsCreditsWithNoMoreThanNeeded) {
  EXPECT_EQ(print({32'000'000, Currency::credits}), "32 credits");
  EXPECT_EQ(print({1'000'000, Currency::credits}), "1 credit");
  EXPECT_EQ(print({500'000, Currency::credits}), "0.5 credits");
}

}  // namespace
}  // namespace troupe
