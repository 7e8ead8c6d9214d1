#include "cli/remote/plain_text.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace troupe::cli::remote {
namespace {

TEST(PlainText, NothingSteersTheTerminal) {
  EXPECT_EQ(plain("a\x1b[2Jb\r\n\tc\x7f"), "a [2Jb   c ");
  EXPECT_EQ(plain("\xC2\x9B"
                  "31m"),
            " 31m")
      << "a control character of two bytes";
  EXPECT_EQ(plain("\xFF\xC3"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(plain("狐 é 🦊"), "狐 é 🦊");
}

TEST(PlainText, WidthsAreThoseOfATerminal) {
  EXPECT_EQ(width_of("fox"), 3);
  EXPECT_EQ(width_of("狐"), 2);
  EXPECT_EQ(width_of("🦊"), 2);
  EXPECT_EQ(width_of("e\xCC\x81"), 1) << "a mark that combines";
}

TEST(PlainText, CutsAtAWholeCharacter) {
  EXPECT_EQ(cut("a fox", 5), "a fox");
  EXPECT_EQ(cut("a fox runs", 6), "a fox…");
  EXPECT_EQ(cut("a fox runs", 7), "a fox…") << "no space before the dots";
  for (int columns = 1; columns < 12; ++columns) {
    const std::string text = cut("狐が森を歩く", columns);
    EXPECT_LE(width_of(text), columns);
    EXPECT_TRUE(is_utf8(text));
    EXPECT_EQ(width_of(padded("狐が森を歩く", columns)), columns);
  }
}

}  // namespace
}  // namespace troupe::cli::remote
