#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/stage/sound/child_process.h"
#include "engine/stage/sound/sound.h"

namespace troupe::stage {
namespace {

bool has_espeak() { return run_child({"espeak-ng", "--version"}, "", {}, {}).has_value(); }

// PATH with only one folder in it, for the length of a test.
class PathOf {
 public:
  explicit PathOf(const std::filesystem::path& folder) : before_(getenv("PATH")) {
    setenv("PATH", folder.c_str(), 1);
  }
  ~PathOf() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

// A folder with a program in it that answers to the name espeak-ng.
std::filesystem::path folder_with(const std::string& name, const std::string& script) {
  const std::filesystem::path folder = testing::TempDir() + "/" + name;
  std::filesystem::create_directories(folder);
  std::filesystem::remove(folder / "espeak-ng");
  if (!script.empty()) {
    std::ofstream(folder / "espeak-ng") << "#!/bin/sh\n" << script << "\n";
    chmod((folder / "espeak-ng").c_str(), 0755);
  }
  return folder;
}

void expect_sound(const Result<std::vector<float>>& line, double seconds_min, double seconds_max) {
  ASSERT_TRUE(line) << to_string(line.error());
  const double seconds = static_cast<double>(line->size()) / kAudioRate;
  EXPECT_GT(seconds, seconds_min);
  EXPECT_LT(seconds, seconds_max);
  float peak = 0;
  for (const float sample : *line) {
    ASSERT_TRUE(std::isfinite(sample));
    peak = std::max(peak, std::fabs(sample));
  }
  EXPECT_GT(peak, 0.1f);
  EXPECT_LE(peak, 1.0f);
}

TEST(Speak, SaysALine) {
  if (!has_espeak()) GTEST_SKIP() << "espeak-ng is not installed";
  const auto line = speak("The rain will stop soon.", 0, "woman", {});
  expect_sound(line, 0.8, 3);
  EXPECT_EQ(*line, *speak("The rain will stop soon.", 0, "woman", {}));
  EXPECT_NE(*line, *speak("The rain will stop soon.", 0, "man", {}));
  EXPECT_NE(*line, *speak("The rain will stop soon.", 0, "robot", {}));
}

TEST(Speak, TextIsOnlyText) {
  if (!has_espeak()) GTEST_SKIP() << "espeak-ng is not installed";
  const std::string witness = testing::TempDir() + "/spoken_aloud";
  std::filesystem::remove(witness);
  expect_sound(speak("--help", 0, "", {}), 0.2, 3);
  expect_sound(speak("-f /etc/hostname", 0, "", {}), 0.5, 8);
  expect_sound(
      speak("a \"quoted\" 'line' $(touch " + witness + ") `touch " + witness + "`\nand more", 0, "", {}), 2,
      30);
  EXPECT_FALSE(std::filesystem::exists(witness));
}

TEST(Speak, LongTextIsCut) {
  if (!has_espeak()) GTEST_SKIP() << "espeak-ng is not installed";
  std::string text;
  while (text.size() < 5000) text += "word ";
  expect_sound(speak(text, 0, "man", {}), 30, 180);
}

TEST(Speak, NothingToSay) {
  EXPECT_EQ(speak("", 0, "", {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(speak("?! ...", 0, "", {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(speak("\U0001F600 \U0001F680", 0, "", {}).error().code, ErrorCode::invalid_argument);
}

TEST(Speak, MissingProgramIsUnavailable) {
  const PathOf path(folder_with("no_speech", ""));
  const auto line = speak("hello", 0, "", {});
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, ErrorCode::unavailable);
  EXPECT_NE(line.error().message.find("espeak-ng"), std::string::npos);
}

TEST(Speak, FailingProgramIsUnavailable) {
  const PathOf path(folder_with("failing_speech", "exit 3"));
  EXPECT_EQ(speak("hello", 0, "", {}).error().code, ErrorCode::unavailable);
}

TEST(Speak, ProgramThatIsNoSpeechIsUnavailable) {
  const PathOf path(folder_with("odd_speech", "echo this is not sound"));
  EXPECT_EQ(speak("hello", 0, "", {}).error().code, ErrorCode::unavailable);
}

TEST(Speak, CancelledAtOnce) {
  CancelSource source;
  source.cancel();
  EXPECT_EQ(speak("hello", 0, "", source.token()).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace troupe::stage
