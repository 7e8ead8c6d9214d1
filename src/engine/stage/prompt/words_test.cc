#include "engine/stage/prompt/words.h"

#include <gtest/gtest.h>

namespace troupe::stage::prompt {
namespace {

BoundShot plain(const std::string& text) {
  BoundShot shot;
  shot.parts.push_back({text, std::nullopt, 0});
  return shot;
}

// "word|word|,|“quote”|@0"
std::string shown(const std::vector<Token>& tokens) {
  std::string line;
  for (const Token& token : tokens) {
    if (!line.empty()) line += '|';
    switch (token.kind) {
      case Token::Kind::word:
        line += token.folded;
        break;
      case Token::Kind::mark:
        line += token.mark == '\n' ? 'n' : token.mark;
        break;
      case Token::Kind::quote:
        line += "<" + token.text + ">";
        break;
      case Token::Kind::mention:
        line += "@" + std::to_string(token.reference);
        break;
    }
  }
  return line;
}

std::string shown(const std::string& text) { return shown(tokenize(plain(text), 0)); }

TEST(Words, FoldCaseAccentsAndScripts) {
  EXPECT_EQ(fold("Café ÀÉÎÕÜ Çß Łódź"), "cafe aeiou cs lodz");
  EXPECT_EQ(fold("ΑΒΓ ДОМ Ёлка"), "αβγ дом ёлка");
  EXPECT_EQ(fold("ＡＢ don’t"), "ab don't");
}

TEST(Words, HyphensAndSlashesSeparate) {
  EXPECT_EQ(shown("Close-up, f/1.4 hand-held"), "close|up|,|f|1.4|hand|held");
}

TEST(Words, PossessivesAreDroppedAndApostrophesKept) {
  EXPECT_EQ(shown("the fox's eye doesn't blink, foxes' den"), "the|fox|eye|doesn't|blink|,|foxes|den");
}

TEST(Words, MarksOfOtherScriptsAreMarks) {
  EXPECT_EQ(shown("走る。はい、？"), "走る|.|はい|,|.");
  EXPECT_EQ(shown("نعم، لا؟"), "نعم|,|لا|.");
  EXPECT_EQ(shown("one — two…three"), "one|,|two|.|three");
}

TEST(Words, EmojiAndDirectionMarksAreNoWords) {
  EXPECT_EQ(shown("🦊 runs 🏃‍♂️!"), "runs|.");
  EXPECT_EQ(shown("\u202bwalk\u202c\u200f"), "walk");
}

TEST(Words, EveryQuoteStyleIsOneToken) {
  EXPECT_EQ(shown("says \"Hi, you.\" then"), "says|<Hi, you.>|then");
  EXPECT_EQ(shown("“a b” «c d» „e f“ 「g」"), "<a b>|<c d>|<e f>|<g>");
  EXPECT_EQ(shown("says 'it's me' now"), "says|<it's me>|now");
}

TEST(Words, UnclosedQuoteEndsWithItsSentence) {
  EXPECT_EQ(shown("says \"go on. It rains"), "says|<go on.>|it|rains");
  EXPECT_EQ(shown("the '90s and rock 'n roll"), "the|90s|and|rock|n|roll");
}

TEST(Words, MentionsAreTokensUnlessQuotedOrUnknown) {
  BoundShot shot;
  shot.parts = {{"a ", std::nullopt, 0},        {"@fox", 0, 2},
                {"'s den \"", std::nullopt, 6}, {"@cat", 1, 14},
                {" go.\" ", std::nullopt, 18},  {"@owl", 7, 24}};
  EXPECT_EQ(shown(tokenize(shot, 2)), "a|@0|s|den|<@cat go.>|owl");
}

TEST(Words, BrokenUtf8IsRead) { EXPECT_EQ(shown("a \xff\xc3 b \xe2\x80"), "a|b"); }

TEST(Words, ManyOpeningQuotesStayCheap) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "“";
  EXPECT_LE(tokenize(plain(text), 0).size(), 20000u);
}

TEST(Words, PhrasesAreNormalized) { EXPECT_EQ(normalize_phrase("  Bird's-Eye,  View "), "bird eye view"); }

}  // namespace
}  // namespace troupe::stage::prompt
