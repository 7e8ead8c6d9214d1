#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace troupe {
namespace {

using namespace std::chrono_literals;

TEST(Ids, SortByTimeAndAreKnownByTheirPrefix) {
  const std::string early = new_id("job", Time(1000ms)), late = new_id("job", Time(2000ms));
  EXPECT_LT(early, late);
  EXPECT_TRUE(is_id(early, "job"));
  EXPECT_FALSE(is_id(early, "upl"));
  EXPECT_EQ(early.size(), 30u);
}

TEST(Ids, OfOneMomentDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(new_id("job", Time(5ms)));
  EXPECT_EQ(ids.size(), 1000u);
}

TEST(Ids, NothingElseLooksLikeOne) {
  for (const char* text :
       {"", "job_", "job_../../etc/passwd", "job_01JB2M4Z9C6Q0S8W5V7X3Y1T2", "job_01jb2m4z9c6q0s8w5v7x3y1t2r",
        "job-01JB2M4Z9C6Q0S8W5V7X3Y1T2R", "job_01JB2M4Z9C6Q0S8W5V7X3Y1T2RR"}) {
    EXPECT_FALSE(is_id(text, "job")) << text;
  }
}

TEST(Secrets, CompareAsWholes) {
  EXPECT_TRUE(equal_secrets("abc", "abc"));
  EXPECT_FALSE(equal_secrets("abc", "abd"));
  EXPECT_FALSE(equal_secrets("abc", "abcd"));
}

TEST(Base64, RoundTripsEveryLength) {
  for (size_t size = 0; size < 50; ++size) {
    const Bytes bytes = random_bytes(size);
    const Result<Bytes> back = from_base64(to_base64(bytes));
    ASSERT_TRUE(back) << size;
    EXPECT_EQ(*back, bytes);
  }
  EXPECT_EQ(to_base64(as_bytes("foob")), "Zm9vYg==");
  EXPECT_EQ(to_hex(as_bytes("\x01\xfe")), "01fe");
}

TEST(Base64, TakesTheUrlAlphabetAndNoPaddingButNothingElse) {
  EXPECT_EQ(*from_base64("_-8"), *from_base64("/+8="));
  for (const char* text : {"A", "AA A", "AAAAA", "Zm9v!", "====", "Zm9vYg==="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

}  // namespace
}  // namespace troupe
