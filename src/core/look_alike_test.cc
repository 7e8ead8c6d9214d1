#include "core/look_alike.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

TEST(EditDistance, CountsEveryKindOfSlip) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("Element1", "element1"), 0);
  EXPECT_EQ(edit_distance("elemnt1", "element1"), 1);
  EXPECT_EQ(edit_distance("elementt1", "element1"), 1);
  EXPECT_EQ(edit_distance("elemxnt1", "element1"), 1);
  EXPECT_EQ(edit_distance("eelment1", "element1"), 1);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

TEST(LookAlike, FindsTheNearest) {
  const std::vector<std::string> words = {"prompt", "duration", "shots"};
  EXPECT_EQ(look_alike("promt", words), "prompt");
  EXPECT_EQ(look_alike("Duraton", words), "duration");
  EXPECT_EQ(look_alike("shot", words), "shots");
  EXPECT_EQ(look_alike("resolution", words), std::nullopt);
  EXPECT_EQ(look_alike("a", {"b"}), std::nullopt);
  EXPECT_EQ(look_alike("fox1", {"fox2", "fox3"}), "fox2");
  EXPECT_EQ(did_you_mean("promt", words), " Did you mean \"prompt\"?");
  EXPECT_EQ(did_you_mean("x", words), "");
}

}  // namespace
}  // namespace troupe
