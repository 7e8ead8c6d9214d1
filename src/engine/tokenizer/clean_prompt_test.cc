#include "engine/tokenizer/clean_prompt.h"

#include <gtest/gtest.h>

#include <string>

namespace troupe::tokenizer {
namespace {

std::string clean(std::string_view text) { return clean_prompt(text); }

TEST(CleanPrompt, LeavesGoodTextAlone) {
  for (const char* text : {
           "a fox walks through a snowy forest, 35 mm film",
           "café, naïve, Ünïcödé, crème brûlée à Noël, œuvre",
           "Größe & Süße kosten 5 € — fast nichts",
           "Où êtes-vous ? À l'école, ça va. Île d'Oléron",
           "A AMANHÃ É DE VOCÊ, NÃO DA MÃE",
           "ÅÄÖ åäö Ærø Þór ð ß",
           "一只狐狸走过下雪的森林。",
           "日本語のテキスト、カタカナ ガギグ",
           "Лиса идёт через снежный лес",
           "ψυχή, שלום, مرحبا, ไทย, हिन्दी, 한국어",
           "🦊 waves ✨ 👩‍👩‍👧‍👦 🇫🇷 ☂️",
           "x < y && y > z",
           "Zürich 20 °C, 10 × 15 cm, ½ litre, £5, ¥100, ©2024",
       }) {
    EXPECT_EQ(clean(text), text);
  }
}

TEST(CleanPrompt, DoesWhatWansCleaningDoes) {
  EXPECT_EQ(clean(" \t a  fox\r\n\r\nruns\xC2\xA0 fast\xE3\x80\x80"), "a fox runs fast");
  EXPECT_EQ(clean("“a” ‘b’ it’s"), "\"a\" 'b' it's");
  EXPECT_EQ(clean("ﬁne ﬂow ǆ ŉ"), "fine flow dž 'n");
  EXPECT_EQ(clean("ＬＯＵＤ　ｶﾞ，！"), "LOUD ガ,!");
  EXPECT_EQ(clean("e\xCC\x81"), "é");
  EXPECT_EQ(clean("\x1B[1;31mred\x1B[0m fox"), "red fox");
  EXPECT_EQ(clean("a\x01\x7F\xEF\xBB\xBF z"), "a z");
  EXPECT_EQ(clean("a\xE2\x80\xA8z\xC2\x85y"), "a z…y")
      << "U+0085 is read as windows-1252 before line breaks are";
}

TEST(CleanPrompt, UnfoldsCharacterReferences) {
  EXPECT_EQ(clean("&lt;b&gt; &amp;amp; &EACUTE;"), "<b> & É");
  EXPECT_EQ(clean("<b> &amp;lt; &eacute"), "<b> < é");
  EXPECT_EQ(clean("Tom &amp;amp;amp;amp; Ann"), "Tom & Ann");
  EXPECT_EQ(clean("&nbsp;a&nbsp;&nbsp;b&#8232;c"), "a b c");
  EXPECT_EQ(clean("<p> &ldquo;x&rdquo;"), "<p> “x”")
      << "as the official cleaning: quotes are uncurled before";
  EXPECT_EQ(clean("R&D AT&T &c"), "R&D AT&T &c");
}

TEST(CleanPrompt, UndoesMisreadUtf8) {
  EXPECT_EQ(clean("a cafÃ© in ZÃ¼rich"), "a café in Zürich");
  EXPECT_EQ(clean("It doesnâ€™t â€“ really"), "It doesn't – really");
  EXPECT_EQ(clean("caf&Atilde;&copy;"), "café");
}

TEST(CleanPrompt, TakesAnyBytes) {
  EXPECT_EQ(clean(""), "");
  EXPECT_EQ(clean(" \n\t "), "");
  EXPECT_EQ(clean(std::string_view("a\0b", 3)), "ab");
  EXPECT_EQ(clean("fox \xFF\xC3"), "fox \xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(clean("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  std::string nested = "&";
  for (int i = 0; i < 1000; ++i) nested += "amp;";
  EXPECT_EQ(clean(nested).substr(0, 5), "&amp;") << "the rounds are bounded";
}

}  // namespace
}  // namespace troupe::tokenizer
