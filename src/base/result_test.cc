#include "base/result.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return make_error(ErrorCode::invalid_argument, "odd", "/n");
  return n / 2;
}

Result<int> quarter(int n) {
  TROUPE_TRY(const int h, half(n));
  return half(h);
}

Result<void> only_even(int n) {
  TROUPE_CHECK_OK(half(n));
  return {};
}

TEST(Result, CarriesValueOrError) {
  EXPECT_EQ(*half(8), 4);
  EXPECT_FALSE(half(3));
  EXPECT_EQ(half(3).error().code, ErrorCode::invalid_argument);
}

TEST(Result, TryReturnsTheFirstError) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().field, "/n");
  EXPECT_TRUE(only_even(2).has_value());
  EXPECT_FALSE(only_even(1).has_value());
}

TEST(Result, PrintsFieldMessageAndCode) {
  EXPECT_EQ(to_string(half(1).error()), "/n: odd (invalid_argument)");
  EXPECT_EQ(to_string(make_error(ErrorCode::io, "disk full")), "disk full (io)");
}

}  // namespace
}  // namespace troupe
