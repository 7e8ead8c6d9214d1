#include "core/shot_lines.h"

#include <gtest/gtest.h>

#include "core/generation_spec.h"
#include "core/tag.h"

namespace troupe {
namespace {

// "5:text|-:text": each shot's duration in seconds, or '-', and its prompt.
std::string shots(std::string_view prompt) {
  std::string text;
  for (const Shot& shot : split_shots(prompt)) {
    if (!text.empty()) text += '|';
    text += (shot.duration ? print_seconds(*shot.duration) : "-") + ":" + shot.prompt;
  }
  return text;
}

TEST(ShotLines, APromptWithoutThemIsOneShot) {
  EXPECT_EQ(shots("  A long shot 1 of a fox. "), "-:  A long shot 1 of a fox. ");
  EXPECT_EQ(shots(""), "-:");
  EXPECT_EQ(shots("In shot 3: nothing. Screenshot 1: none. Shot 4 shows a man: he waves."),
            "-:In shot 3: nothing. Screenshot 1: none. Shot 4 shows a man: he waves.");
}

TEST(ShotLines, ReadsAStoryboard) {
  EXPECT_EQ(shots("Shot 1 (5s): @Element1 stands.\nSlow push.\n\nShot 2 (3.5s): Close-up.\n"),
            "5:@Element1 stands.\nSlow push.|3.5:Close-up.");
}

TEST(ShotLines, ReadsThemOnOneLine) { EXPECT_EQ(shots("Shot 1 (5s): a. Shot 2 (3s): b."), "5:a.|3:b."); }

TEST(ShotLines, ReadsEveryWayToWriteADuration) {
  EXPECT_EQ(shots("Shot 1, 5 seconds: a"), "5:a");
  EXPECT_EQ(shots("scene 1 - 2.5 s: a"), "2.5:a");
  EXPECT_EQ(shots("SHOT 1 [4 sec]: a"), "4:a");
  EXPECT_EQ(shots("Shot 1 (4): a"), "4:a");
  EXPECT_EQ(shots("Shot #1 (2-5s): a"), "3:a");
  EXPECT_EQ(shots("Shot 1 (0:58–1:03): a"), "5:a");
  EXPECT_EQ(shots("Shot 1 (5s)\uFF1A狐狸"), "5:狐狸");
}

TEST(ShotLines, KeepsWhatElseAHeadSays) {
  EXPECT_EQ(shots("Shot 1 (wide): a"), "-:(wide): a");
  EXPECT_EQ(shots("Shot 1 (wide, 5s): a"), "5:(wide, 5s): a");
}

TEST(ShotLines, DropsTheMarksAroundAHead) {
  EXPECT_EQ(shots("**Shot 1 (5s):** a\n## Scene 2: b\n- Shot 3: c"), "5:a|-:b|-:c");
}

TEST(ShotLines, PutsThePrefaceInFrontOfEveryShot) {
  EXPECT_EQ(shots("Noir, rain.\n\nScene 1: a\nScene 2: b"), "-:Noir, rain. a|-:Noir, rain. b");
}

TEST(ShotLines, BoundsTheNumberOfShots) {
  std::string prompt(1000, 'p');
  for (int i = 0; i < 500; ++i) prompt += "\nShot 1: x";
  const ShotLines lines = find_shot_lines(prompt);
  EXPECT_TRUE(lines.too_many);
  EXPECT_EQ(lines.shots.size(), static_cast<size_t>(kShotsMax));
  EXPECT_EQ(lines.shots.back().end, prompt.size());
}

TEST(ShotLines, ReportsImpossibleDurations) {
  EXPECT_EQ(find_shot_lines("Shot 1 (0s): a").shots.at(0).duration_error->code, ErrorCode::invalid_argument);
  EXPECT_EQ(find_shot_lines("Shot 1 (99999s): a").shots.at(0).duration_error->code, ErrorCode::over_limit);
}

TEST(ShotLines, MapsOffsetsBackToThePrompt) {
  const std::string prompt = "Noir.  Shot 1: ab Shot 2: cd";
  const ShotLines lines = find_shot_lines(prompt);
  const std::string second = shot_prompt(prompt, lines, 1);
  ASSERT_EQ(second, "Noir. cd");
  EXPECT_EQ(offset_in_prompt(lines, 1, second.find('i')), prompt.find('i'));
  EXPECT_EQ(offset_in_prompt(lines, 1, second.find('d')), prompt.find('d'));
}

}  // namespace
}  // namespace troupe
