#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "cli/command.h"
#include "engine/stage/stage_engine.h"

namespace troupe::cli {
namespace {

std::string script_for(const std::string& shell) {
  const auto catalog = catalog::load_builtin();
  stage::StageEngine engine;
  work::LocalMediaReader media;
  const Program program{*catalog, engine, media, {}};
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(run(program, {"completion", shell}), kOk);
  return ::testing::internal::GetCapturedStdout();
}

// What bash offers once `line` is typed, its last word unfinished; one line.
std::string bash_offers(const std::string& line) {
  // A file of this test alone: others run beside it.
  const std::string file = ::testing::TempDir() + "troupe_completion_" + std::to_string(::getpid()) + ".bash";
  std::ofstream(file) << script_for("bash") << "\nCOMP_WORDS=(" << line
                      << "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _troupe; echo \"${COMPREPLY[@]}\"\n";
  FILE* pipe = ::popen(("bash " + file).c_str(), "r");
  std::string text;
  for (int c; (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  EXPECT_EQ(::pclose(pipe), 0) << text;
  std::remove(file.c_str());
  return text.substr(0, text.find('\n'));
}

TEST(Completion, NamesEveryCommandAtEveryDepth) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = script_for(shell);
    for (const char* word : {"generate", "quote", "aspect-ratio", "submit", "idempotency-key", "revoke",
                             "budget-per-day", "origin", "last-frame"})
      EXPECT_NE(script.find(word), std::string::npos) << shell << ": " << word;
  }
}

TEST(Completion, BashOffersTheNextWord) {
  EXPECT_EQ(bash_offers("troupe gen"), "generate");
  EXPECT_EQ(bash_offers("troupe jobs d"), "download delete");
  EXPECT_EQ(bash_offers("troupe keys ''"), "create list revoke");
  EXPECT_EQ(bash_offers("troupe providers ''"), "list set remove test");
  EXPECT_EQ(bash_offers("troupe weights ''"), "list pull verify add remove");
  EXPECT_EQ(bash_offers("troupe con"), "config");
  EXPECT_EQ(bash_offers("troupe config ''"), "show");
}

TEST(Completion, BashOffersTheFlagsOfACommandsCommand) {
  EXPECT_EQ(bash_offers("troupe keys create --b"), "--budget --budget-per-day");
  EXPECT_EQ(bash_offers("troupe providers set fal --k"), "--kind --key-file");
  EXPECT_EQ(bash_offers("troupe jobs submit --element fox=fox.png --prio"), "--priority");
  EXPECT_EQ(bash_offers("troupe jobs list --stat"), "--state");
  EXPECT_EQ(bash_offers("troupe jobs --stat"), "") << "it is the list's";
  EXPECT_EQ(bash_offers("troupe generate --aud"), "--audio");
}

}  // namespace
}  // namespace troupe::cli
