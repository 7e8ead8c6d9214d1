#include "base/utf8.h"

#include <gtest/gtest.h>

namespace troupe {
namespace {

TEST(Utf8, CountsCodePointsNotBytes) {
  EXPECT_EQ(utf8_length(""), 0u);
  EXPECT_EQ(utf8_length("abc"), 3u);
  EXPECT_EQ(utf8_length("\xD7\xA9\xD7\x9C"), 2u);  // Hebrew
  EXPECT_EQ(utf8_length("\xF0\x9F\xA6\x8A"), 1u);  // an emoji
}

TEST(Utf8, RefusesMalformedText) {
  EXPECT_TRUE(is_utf8("fox \xF0\x9F\xA6\x8A"));
  EXPECT_FALSE(is_utf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // past U+10FFFF
  EXPECT_FALSE(is_utf8("\xE2\x82"));          // cut short
  EXPECT_TRUE(is_utf8("\xEF\xBF\xBD"));       // the replacement character itself is fine
}

}  // namespace
}  // namespace troupe
