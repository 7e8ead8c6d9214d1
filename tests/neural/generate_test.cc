// `troupe generate` with a model that is made here.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/places_for_test.h"
#include "store/test_disk.h"
#include "tests/neural/program.h"

namespace troupe::neural {
namespace {

namespace fs = std::filesystem;

class GenerateNeural : public testing::Test {
 protected:
  void with_weights(const std::string& model = "wan2.1-t2v-1.3b", const std::string& family = "t2v") {
    const Ran added = add_weights(shelf_, model, family);
    ASSERT_EQ(added.status, 0) << added.err;
  }

  // A small video of three steps, and what `more` says.
  Ran generate(std::vector<std::string> more, const std::string& name = "out.mp4",
               const std::function<bool()>& interrupt = {}) {
    std::vector<std::string> arguments{"generate",      "--json", "--weights",
                                       shelf_.string(), "-o",     (root_ / name).string()};
    const std::pair<const char*, const char*> usual[] = {{"--resolution", "96x64"},
                                                         {"--duration", "1"},
                                                         {"--steps", "3"},
                                                         {"--device", "cpu"},
                                                         {"--seed", "5"}};
    for (const auto& [flag, value] : usual)
      if (std::find(more.begin(), more.end(), flag) == more.end())
        arguments.insert(arguments.end(), {flag, value});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments, interrupt);
  }

  const store::test::TempFolder folder_;
  const fs::path root_ = folder_.path(), shelf_ = root_ / "weights";
};

TEST_F(GenerateNeural, SaysWhatToRunWithoutWeights) {
  const Ran ran = generate({"--model", "refalign-1.3b", "--element",
                            "fox=" + places::in_tree("samples/fox.png"), "--prompt", "@fox runs"});
  EXPECT_EQ(ran.status, 5) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("troupe weights pull refalign-1.3b"), std::string::npos) << ran.out;
  EXPECT_FALSE(fs::exists(root_ / "out.mp4"));
}

TEST_F(GenerateNeural, MakesADraftWhereOneIsAskedFor) {
  const Ran ran = generate({"--model", "wan2.1-t2v-1.3b", "--prompt", "a lake", "--draft"});
  ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.json().value("engine", ""), "stage");
  EXPECT_TRUE(ran.json().value("draft", false));
}

TEST_F(GenerateNeural, MakesTheSameVideoOfTheSameSeed) {
  with_weights();
  const Ran ran = generate({"--model", "wan2.1-t2v-1.3b", "--prompt", "a lake in the morning"});
  ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.json().value("engine", ""), "wan");
  EXPECT_FALSE(ran.json().value("draft", true));
  EXPECT_EQ(ran.json().value("frames", 0), 16);
  EXPECT_EQ(ran.json().value("width", 0), 96);
  EXPECT_EQ(ran.json().value("height", 0), 64);
  ASSERT_EQ(generate({"--model", "wan2.1-t2v-1.3b", "--prompt", "a lake in the morning"}, "again.mp4").status,
            0);
  ASSERT_EQ(generate({"--model", "wan2.1-t2v-1.3b", "--prompt", "a lake in the morning", "--seed", "6"},
                     "other.mp4")
                .status,
            0);
  const std::string video = store::test::read_text(root_ / "out.mp4");
  EXPECT_TRUE(video == store::test::read_text(root_ / "again.mp4"));
  EXPECT_FALSE(video == store::test::read_text(root_ / "other.mp4"));
}

TEST_F(GenerateNeural, JoinsShotsWithTheirReferences) {
  with_weights("phantom-wan-1.3b");
  const Ran ran =
      generate({"--model", "phantom-wan-1.3b", "--element", "fox=" + places::in_tree("samples/fox.png"),
                "--shot", "1s: @fox sleeps", "--shot", "2s: @fox wakes up", "--duration", "3"});
  ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.json().value("frames", 0), 48);
}

TEST_F(GenerateNeural, GoesOnWithAClip) {
  with_weights("wan2.1-vace-1.3b", "vace");
  ASSERT_EQ(generate({"--model", "wan2.1-vace-1.3b", "--prompt", "a lake"}, "clip.mp4").status, 0);
  const Ran ran = generate(
      {"--model", "wan2.1-vace-1.3b", "--prompt", "a boat comes", "--extend", (root_ / "clip.mp4").string()},
      "longer.mp4");
  ASSERT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.json().value("frames", 0), 32);
}

TEST_F(GenerateNeural, RefusesWhatTheModelCannotDo) {
  with_weights();
  const Ran ran = generate({"--model", "wan2.1-t2v-1.3b", "--prompt", "a lake", "--duration", "9"});
  EXPECT_EQ(ran.status, 5);
  EXPECT_NE(ran.out.find("at most 5"), std::string::npos) << ran.out;
  EXPECT_EQ(generate({"--model", "wan2.1-t2v-1.3b", "--prompt", "a lake", "--device", "abacus"}).status, 2);
}

TEST_F(GenerateNeural, StopsAtCtrlC) {
  with_weights();
  const auto part_files = [&] {
    return std::count_if(fs::directory_iterator(root_), {}, [](const fs::directory_entry& entry) {
      return entry.path().filename().string().find("long.mp4") != std::string::npos;
    });
  };
  // A video that takes far longer than a test; the encoder's file says that it has begun.
  const Ran ran = generate({"--model", "wan2.1-t2v-1.3b", "--prompt", "a lake", "--steps", "1000",
                            "--resolution", "480p", "--duration", "5"},
                           "long.mp4", [&] { return part_files() > 0; });
  EXPECT_EQ(ran.status, 130) << ran.out << ran.err;
  EXPECT_EQ(part_files(), 0);
}

}  // namespace
}  // namespace troupe::neural
