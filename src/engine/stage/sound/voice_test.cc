#include "engine/stage/sound/voice.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace troupe::stage {
namespace {

TEST(Voice, FollowsTheNoun) {
  EXPECT_EQ(choose_voice(0, "woman").variant[0], 'f');
  EXPECT_EQ(choose_voice(0, "man").variant[0], 'm');
  EXPECT_GT(choose_voice(0, "little girl").pitch, choose_voice(0, "woman").pitch);
  EXPECT_LT(choose_voice(0, "Dragon").pitch, choose_voice(0, "man").pitch);
  EXPECT_TRUE(choose_voice(0, "robot").machine);
  EXPECT_FALSE(choose_voice(0, "woman").machine);
}

TEST(Voice, AWordInsideAnotherIsNotThatWord) { EXPECT_EQ(choose_voice(0, "woman").variant[0], 'f'); }

TEST(Voice, OldPeopleSoundOld) {
  EXPECT_LT(choose_voice(0, "old man").words_a_minute, choose_voice(0, "man").words_a_minute);
  EXPECT_LT(choose_voice(0, "elderly woman").pitch, choose_voice(0, "woman").pitch);
}

TEST(Voice, SpeakersDiffer) {
  EXPECT_NE(choose_voice(0, "").variant, choose_voice(1, "").variant);
  EXPECT_NE(choose_voice(0, "woman").variant, choose_voice(1, "woman").variant);
}

TEST(Voice, AnyIndexGivesOne) {
  for (const int index : {-2147483647 - 1, -7, -1, 0, 1, 99, 2147483647}) {
    const Voice voice = choose_voice(index, "no such noun");
    EXPECT_FALSE(voice.variant.empty()) << index;
    EXPECT_GE(voice.pitch, 0);
    EXPECT_LE(voice.pitch, 99);
  }
}

TEST(Speakable, DropsWhatHasNoSound) {
  EXPECT_EQ(speakable("Hello \U0001F600\n\t there!"), "Hello there!");
  EXPECT_EQ(speakable(std::string_view("a\0b", 3)), "a b");
  EXPECT_EQ(speakable("a\xff\xfe z"), "a z");
}

TEST(Speakable, NothingToSay) {
  EXPECT_EQ(speakable(""), "");
  EXPECT_EQ(speakable(" ... !?  \xE2\x80\xA6 \xC2\xAB\xC2\xBB"), "");
  EXPECT_EQ(speakable("\U0001F600\U0001F680\xE2\x9C\xA8"), "");
  EXPECT_EQ(speakable("\xE3\x80\x82\xEF\xBC\x81"), "");  // CJK full stop, fullwidth exclamation mark
}

TEST(Speakable, AnyScriptCounts) {
  EXPECT_NE(speakable("\xE4\xBD\xA0\xE5\xA5\xBD"), "");
  EXPECT_NE(speakable("\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82"), "");
  EXPECT_NE(speakable("7"), "");
}

TEST(Speakable, DisarmsPhonemeMarkup) { EXPECT_EQ(speakable("say [[h@]] it").find("[["), std::string::npos); }

TEST(Speakable, LongTextEndsAtASpace) {
  std::string text;
  while (text.size() < 5000) text += "word ";
  const std::string spoken = speakable(text);
  EXPECT_LE(spoken.size(), kSpokenBytesMax);
  EXPECT_EQ(spoken.substr(spoken.size() - 4), "word");
  std::string cut_in_a_letter(1999, 'x');
  cut_in_a_letter.append("\xE4\xBD\xA0\xE5\xA5\xBD");
  EXPECT_TRUE(is_utf8(speakable(cut_in_a_letter)));
}

TEST(LanguageOf, FollowsTheScript) {
  EXPECT_EQ(language_of("Hello"), "en-us");
  EXPECT_EQ(language_of("\xE4\xBD\xA0\xE5\xA5\xBD"), "cmn");
  EXPECT_EQ(language_of("\xE3\x81\x93\xE3\x82\x8C\xE4\xBD\xA0"), "ja");
  EXPECT_EQ(language_of("\xD0\x9F\xD1\x80"), "ru");
}

}  // namespace
}  // namespace troupe::stage
