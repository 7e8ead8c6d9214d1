#include "engine/stage/prompt/vocabulary.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/stage/prompt/match.h"
#include "engine/stage/prompt/request_for_test.h"

namespace troupe::stage::prompt {
namespace {

TEST(Vocabulary, BuiltInLoads) {
  const auto vocabulary = load_vocabulary();
  ASSERT_TRUE(vocabulary) << to_string(vocabulary.error());
  EXPECT_GT(vocabulary->phrases.size(), 3000u);
}

TEST(Vocabulary, EveryCanonicalWordHasAPhrase) {
  std::set<std::pair<Group, int>> said;
  for (const auto& [phrase, meaning] : test_vocabulary().phrases) {
    for (const Sense& sense : meaning.senses) said.insert({sense.group, sense.value});
    for (const Rule& rule : meaning.rules) {
      for (const Sense& sense : rule.means) said.insert({sense.group, sense.value});
    }
  }
  for (int group = 0; group < kGroups; ++group) {
    const auto names = names_of(static_cast<Group>(group));
    for (size_t value = 0; value < names.size(); ++value) {
      if (names[value] == "none") continue;  // the shake that nobody asks for
      EXPECT_TRUE(said.contains({static_cast<Group>(group), static_cast<int>(value)}))
          << name(static_cast<Group>(group)) << "." << names[value];
    }
  }
}

TEST(Vocabulary, NamesAreTheEnumerators) {
  EXPECT_EQ(value_named(Group::move, "roll"), static_cast<int>(CameraMove::roll));
  EXPECT_EQ(value_named(Group::action, "float"), static_cast<int>(Action::float_));
  EXPECT_EQ(value_named(Group::environment, "graveyard"), static_cast<int>(Environment::graveyard));
  EXPECT_EQ(value_named(Group::weather, "dust"), static_cast<int>(Weather::dust));
  EXPECT_EQ(value_named(Group::style, "timelapse"), static_cast<int>(Style::timelapse));
  EXPECT_EQ(value_named(Group::gap, "wearing"), static_cast<int>(Gap::wearing));
  EXPECT_EQ(name(Path::along_toward), "along_toward");
  EXPECT_EQ(name(Transition::fade_out), "fade_out");
}

TEST(Vocabulary, NounsKnowTheirPlural) {
  const Meaning* wolves = test_vocabulary().find("wolves");
  ASSERT_TRUE(wolves);
  EXPECT_EQ(wolves->noun, "wolf");
  EXPECT_TRUE(wolves->plural);
  EXPECT_EQ(test_vocabulary().find("robots")->noun, "robot");
}

TEST(Vocabulary, BothSpellingsMeanTheSame) {
  const char* pairs[][2] = {{"colorful", "colourful"},
                            {"harbor", "harbour"},
                            {"gray sky", "grey sky"},
                            {"cozy", "cosy"},
                            {"theater", "theatre"}};
  for (const auto& pair : pairs) {
    ASSERT_TRUE(test_vocabulary().find(pair[0]) && test_vocabulary().find(pair[1])) << pair[0];
    EXPECT_EQ(test_vocabulary().find(pair[0])->senses, test_vocabulary().find(pair[1])->senses) << pair[0];
  }
}

TEST(Vocabulary, UnknownPlacesHaveAStandIn) {
  for (const char* place : {"casino", "market", "subway", "hospital", "airport", "swimming pool", "museum"}) {
    const Meaning* meaning = test_vocabulary().find(place);
    ASSERT_TRUE(meaning) << place;
    EXPECT_TRUE(meaning->senses.front().stand_in) << place;
  }
}

TEST(Vocabulary, ErrorsNameWhatIsWrong) {
  const std::pair<const char*, const char*> broken[] = {
      {"{", "no JSON"},
      {"[]", "no object"},
      {R"({"groups": {"moves": {}}})", "no group moves"},
      {R"({"groups": {"move": {"jump": ["x"]}}})", "move.jump"},
      {R"({"groups": {"move": {"roll": ["..."]}}})", "without words"},
      {R"({"groups": {"move": {"roll": [1]}}})", "no string"},
      {R"({"weak": {"move": ["nothing"]}})", "nothing"},
      {R"({"nouns": {"plants": []}})", "plants"},
      {R"({"words": {"odd": []}})", "odd"},
      {R"({"rules": [{"phrases": ["x"]}]})", "means"},
      {R"({"rules": [{"phrases": ["x"], "means": ["move.none"]}]})", "move.none"},
      {R"({"rules": [{"means": []}]})", "phrases"},
  };
  for (const auto& [json, message] : broken) {
    const auto vocabulary = parse_vocabulary(json);
    ASSERT_FALSE(vocabulary) << json;
    EXPECT_EQ(vocabulary.error().code, ErrorCode::corrupt_input);
    EXPECT_NE(vocabulary.error().message.find(message), std::string::npos) << vocabulary.error().message;
  }
}

TEST(Scan, TakesTheLongestPhraseAndEachWordOnce) {
  const auto hits = scan(tokenize_plain("slow zoom in on the city park at night"), test_vocabulary());
  std::vector<std::string> phrases;
  for (const Hit& hit : hits) phrases.push_back(hit.phrase);
  EXPECT_EQ(phrases, (std::vector<std::string>{"slow zoom in", "city park", "at night"}));
}

TEST(Scan, MarksEndAPhrase) {
  EXPECT_TRUE(scan(tokenize_plain("golden. Hour"), test_vocabulary()).size() == 1);
  EXPECT_EQ(scan(tokenize_plain("Golden   HOUR"), test_vocabulary()).front().phrase, "golden hour");
}

TEST(Scan, PhrasesAreWordBounded) {
  EXPECT_TRUE(scan(tokenize_plain("trainwreckage citylike panzer"), test_vocabulary()).empty());
}

}  // namespace
}  // namespace troupe::stage::prompt
