#include "jobs/fold_case.h"

#include <gtest/gtest.h>

namespace troupe::jobs {
namespace {

TEST(FoldCase, MakesLettersSmallInManyAlphabets) {
  EXPECT_EQ(fold_case("A Fox, 100%"), "a fox, 100%");
  EXPECT_EQ(fold_case("ÄÖÜ ÇÉ ×ß Ÿ"), "äöü çé ×ß ÿ");
  EXPECT_EQ(fold_case("ŁÓDŹ ŽIŽKA ĞÜŞ ẸẤƠƯ"), "łódź žižka ğüş ẹấơư");
  EXPECT_EQ(fold_case("ΑΛΕΠΟΎ ΣΊΣΥΦΟΣ"), "αλεπού σίσυφοσ");
  EXPECT_EQ(fold_case("σίσυφος"), "σίσυφοσ");
  EXPECT_EQ(fold_case("ЛИСА ЁЖ ЇЖАК"), "лиса ёж їжак");
  EXPECT_EQ(fold_case("ԱՂՎԵՍ"), "աղվես");
  EXPECT_EQ(fold_case("狐 🦊 ثعلب"), "狐 🦊 ثعلب");
}

TEST(FoldCase, LeavesBytesThatAreNoText) {
  const std::string broken = "\xff\xc3(\xf0\x9f";
  EXPECT_EQ(fold_case(broken), broken);
  EXPECT_EQ(fold_case(""), "");
}

TEST(FoldCase, IsDoneAfterOneTime) {
  for (char32_t c = 0x80; c < 0x2000; ++c) {
    std::string text;
    if (c < 0x800) {
      text = {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
    } else {
      text = {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
              static_cast<char>(0x80 | (c & 0x3F))};
    }
    EXPECT_EQ(fold_case(fold_case(text)), fold_case(text)) << std::hex << static_cast<uint32_t>(c);
  }
}

}  // namespace
}  // namespace troupe::jobs
