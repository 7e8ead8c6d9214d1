#include "core/reference_name.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

TEST(ReferenceName, TakesLettersOfEveryScript) {
  for (const char* name :
       {"fox", "F", "fox-2_b", "Zoë", "狐狸", "여우", "ثعلب", "लोमड़ी", "きつね", "elements"}) {
    EXPECT_TRUE(check_name(name)) << name;
  }
}

TEST(ReferenceName, RefusesTheRest) {
  for (const char* name : {"", "@fox", "2nd", "-fox", "_fox", "a b", "fox!", "fox.png", "🦊", "fox🦊",
                           "狐狸。", "fo\xffx", "a\u00A0b", "image", "Element", "CHARACTER"}) {
    EXPECT_FALSE(check_name(name)) << name;
  }
  EXPECT_EQ(check_name(std::string(65, 'a')).error().code, ErrorCode::over_limit);
}

TEST(ReferenceName, EndsWhereTheTextGoesOn) {
  EXPECT_EQ(name_length("fox's"), 3u);
  EXPECT_EQ(name_length("fox，"), 3u);
  EXPECT_EQ(name_length("fox🦊"), 3u);
  EXPECT_EQ(name_length("1fox"), 0u);
  EXPECT_EQ(name_length(""), 0u);
}

}  // namespace
}  // namespace troupe
