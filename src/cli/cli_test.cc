#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/version.h"
#include "cli/command.h"
#include "cli/spec_flags.h"
#include "cli/terminal.h"
#include "engine/stage/stage_engine.h"

namespace troupe::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Runs a command line in this process and keeps what it printed.
class Cli : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / (std::string("cli_") + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  int run(const std::vector<std::string>& arguments) {
    const auto catalog = catalog::load_builtin();
    stage::StageEngine engine;
    work::LocalMediaReader media;
    const Program program{*catalog, engine, media, cancel_.token()};
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = cli::run(program, arguments);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return code;
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Json json() const { return Json::parse(out_); }

  std::vector<std::string> park(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {
        "generate", "--prompt", "a quiet park", "--resolution", "160x90", "--fps", "8", "--duration", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  fs::path folder_;
  CancelSource cancel_;
  std::string out_, err_;
};

TEST_F(Cli, GenerateMakesAFileAndSaysSo) {
  ASSERT_EQ(run(park({"-o", path("out.mp4"), "--seed", "7", "--json"})), kOk) << err_ << out_;
  const Json take = json();
  EXPECT_EQ(take["output"], path("out.mp4"));
  EXPECT_EQ(take["width"], 160);
  EXPECT_EQ(take["height"], 90);
  EXPECT_EQ(take["fps"], 8);
  EXPECT_EQ(take["frames"], 8);
  EXPECT_EQ(take["duration_seconds"], 1.0);
  EXPECT_EQ(take["seed"], 7);
  EXPECT_EQ(take["engine"], "stage");
  EXPECT_EQ(take["draft"], true);
  for (const char* key : {"understood", "not_understood", "warnings", "timings"})
    EXPECT_TRUE(take.contains(key)) << key;
  EXPECT_TRUE(fs::exists(path("out.mp4")));
  EXPECT_EQ(err_, "") << "no progress bar in a pipe";
}

TEST_F(Cli, SeveralTakesGetNumbers) {
  ASSERT_EQ(run(park({"-o", path("out.mp4"), "--count", "2", "--json"})), kOk) << err_ << out_;
  EXPECT_TRUE(fs::exists(path("out-2.mp4")));
  EXPECT_NE(json()["takes"][0]["seed"], json()["takes"][1]["seed"]);
}

TEST_F(Cli, DryRunMakesNothing) {
  ASSERT_EQ(run(park({"--dry-run", "--json"})), kOk) << err_;
  EXPECT_EQ(json()["plan"]["shots"].size(), 1u);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(Cli, WrongUsageIsTwo) {
  EXPECT_EQ(run({}), kUsage);
  EXPECT_EQ(run({"generate", "--no-such-flag"}), kUsage);
  EXPECT_EQ(run({"generate", "--prompt", "x"}), kUsage) << "no output named";
  EXPECT_EQ(run({"fly"}), kUsage);
  EXPECT_EQ(run({"--version"}), kOk);
  EXPECT_EQ(out_, "troupe " + std::string(version()) + "\n");
  for (const char* command : {"generate", "check", "quote", "models", "jobs", "completion"}) {
    EXPECT_EQ(run({command, "--help"}), kOk);
    EXPECT_NE(out_.find("Example"), std::string::npos) << command;
  }
}

TEST_F(Cli, ARefusedRequestListsEveryRule) {
  const std::vector<std::string> bad = {"generate",  "--prompt", "@ghost", "--duration", "NaN",
                                        "--element", "x",        "-o",     path("o.mp4")};
  EXPECT_EQ(run(bad), kRefused);
  EXPECT_NE(err_.find("--duration"), std::string::npos) << err_;
  EXPECT_NE(err_.find("--element"), std::string::npos);
  EXPECT_NE(err_.find("ghost"), std::string::npos);
  auto as_json = bad;
  as_json.push_back("--json");
  EXPECT_EQ(run(as_json), kRefused);
  EXPECT_GE(json()["error"]["violations"].size(), 3u);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(Cli, ARefusalNamesTheFlagThatWasTyped) {
  EXPECT_EQ(run({"check", "--prompt", "a park", "--element", "fox=none.png", "--image", "no.jpg",
                 "--last-frame", "gone.png"}),
            kRefused);
  for (const char* flag : {"--element fox: ", "--image no.jpg: ", "--last-frame: "}) {
    EXPECT_NE(err_.find(flag), std::string::npos) << err_;
  }
  EXPECT_EQ(err_.find("/references"), std::string::npos) << err_;
}

TEST_F(Cli, BadValuesAreToldByName) {
  for (const auto& [flag, value] :
       std::vector<std::pair<std::string, std::string>>{{"--duration", "0"},
                                                        {"--duration", "1e9"},
                                                        {"--duration", "-3"},
                                                        {"--fps", "0"},
                                                        {"--fps", "x"},
                                                        {"--resolution", "20000x20000"},
                                                        {"--resolution", "0x0"},
                                                        {"--aspect-ratio", "16"},
                                                        {"--seed", "-1"},
                                                        {"--shot-type", "many"}}) {
    EXPECT_EQ(run({"check", "--prompt", "a park", flag + "=" + value}), kRefused) << flag << value;
    EXPECT_NE(err_.find(flag), std::string::npos) << err_;
  }
}

TEST_F(Cli, PromptsOfAllKindsAreAnsweredClearly) {
  EXPECT_EQ(run({"check", "--prompt", std::string(5001, 'a')}), kRefused);
  EXPECT_NE(err_.find("--prompt"), std::string::npos) << err_;
  EXPECT_EQ(run({"check", "--model", "pixverse5.5", "--prompt", "walk"}), kRefused)
      << "4 characters, 5 are asked";
  EXPECT_EQ(run({"check", "--prompt", ""}), kRefused);
  EXPECT_EQ(run({"check", "--prompt", "\xF0\x9F\xA6\x8A \xF0\x9F\x8C\xB2"}), kOk) << err_;
  EXPECT_EQ(
      run({"check", "--prompt", "\xD7\x94\xD7\xA9\xD7\x95\xD7\xA2\xD7\x9C \xD7\x91\xD7\x99\xD7\xA2\xD7\xA8"}),
      kOk);
  EXPECT_EQ(run({"check", "--prompt", "\xFF\xFE"}), kRefused) << "not UTF-8";
}

TEST_F(Cli, FiftyElementsAreTooMany) {
  std::vector<std::string> arguments = {"check", "--model", "kling-o3-pro-reference-to-video", "--prompt",
                                        "all"};
  for (int i = 0; i < 50; ++i) {
    arguments.push_back("--element");
    arguments.push_back("e" + std::to_string(i) + "=" + path("none.png"));
  }
  EXPECT_EQ(run(arguments), kRefused);
  EXPECT_NE(err_.find("7"), std::string::npos);
}

TEST_F(Cli, AnUnknownModelNamesTheNearest) {
  EXPECT_EQ(run({"check", "--model", "klng-o3-pro", "--prompt", "a park"}), kRefused);
  EXPECT_NE(err_.find("kling"), std::string::npos) << err_;
}

TEST_F(Cli, QuoteIsExact) {
  std::ofstream(path("fox.png")) << "";
  EXPECT_EQ(run({"quote", "--model", "kling-o3-pro-reference-to-video", "--prompt", "a park", "--duration",
                 "10", "--audio", "--json", "--first-frame", path("fox.png")}),
            kRefused)
      << "an empty picture";
  EXPECT_EQ(run({"quote", "--model", "veo3.1", "--prompt", "a quiet park", "--duration", "8", "--json"}), kOk)
      << err_ << out_;
  EXPECT_EQ(json()["currency"], "credits");
  EXPECT_EQ(json()["total_micros"], 160'000'000);
}

TEST_F(Cli, ASpecFileIsReadAndFlagsGoOverIt) {
  std::ofstream(path("spec.json"))
      << R"({"prompt":"a park","resolution":"160x90","fps":8,"duration":1,"seed":3})";
  ASSERT_EQ(run({"generate", "--spec", path("spec.json"), "--seed", "4", "-o", path("o.mp4"), "--json"}), kOk)
      << out_;
  EXPECT_EQ(json()["seed"], 4);
  std::ofstream(path("bad.json")) << R"({"prompt": "a park", "durration": 5})";
  EXPECT_EQ(run({"check", "--spec", path("bad.json")}), kRefused);
  EXPECT_NE(err_.find("duration"), std::string::npos) << err_;
}

TEST_F(Cli, AnInterruptedRunLeavesNothing) {
  cancel_.cancel();
  EXPECT_EQ(run(park({"-o", path("o.mp4")})), kInterrupted);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(Cli, AFolderThatIsNotThereIsAFailure) {
  EXPECT_EQ(run(park({"-o", path("no/such/o.mp4")})), kFailed);
  EXPECT_NE(err_.find("no/such"), std::string::npos) << err_;
}

TEST_F(Cli, ModelsListsAndShows) {
  ASSERT_EQ(run({"models"}), kOk);
  EXPECT_NE(out_.find("stage"), std::string::npos);
  ASSERT_EQ(run({"models", "--json"}), kOk);
  EXPECT_GE(json()["models"].size(), 9u);
  ASSERT_EQ(run({"models", "wan2.6-r2v"}), kOk);
  EXPECT_EQ(run({"models", "nothing"}), kRefused);
}

TEST(SpecFlags, ElementsTakeAnglesAndClips) {
  SpecFlags flags;
  flags.prompt = "x";
  flags.elements = {"fox=a.png,b.png,c.png", "mira=clip.MP4"};
  flags.boxes = {"fox=0.1,0.2,0.5,0.5"};
  flags.fallback_models = {"wan-v2.6-r2v", "grok-imagine-reference-to-video"};
  flags.shots = {"3s: one", "two: three", "2.5: four"};
  const SpecFromFlags read = spec_from_flags(flags);
  EXPECT_TRUE(read.errors.empty());
  EXPECT_EQ(read.spec.fallback_models, flags.fallback_models);
  EXPECT_EQ(flag_of(read.spec, "/fallback_models/1"), "--fallback-model");
  ASSERT_EQ(read.spec.references.size(), 2u);
  EXPECT_EQ(read.spec.references[0].angles.size(), 2u);
  EXPECT_TRUE(read.spec.references[0].box);
  EXPECT_TRUE(read.spec.references[1].clip);
  ASSERT_EQ(read.spec.shots.size(), 3u);
  EXPECT_EQ(read.spec.shots[0].duration, seconds(3));
  EXPECT_EQ(read.spec.shots[1].prompt, "two: three");
  EXPECT_EQ(read.spec.shots[2].duration, (MediaTime{2500}));
}

TEST(ProgressLine, FitsTheTerminal) {
  const Progress progress{"render", 0.5, 60, 120};
  for (const int columns : {20, 40, 80, 200}) {
    EXPECT_LT(static_cast<int>(progress_line(progress, 10, columns).size()), columns);
  }
  EXPECT_NE(progress_line(progress, 10, 80).find("10 s left"), std::string::npos);
  EXPECT_NE(progress_line(progress, 10, 80).find("frame 60/120"), std::string::npos);
  EXPECT_NE(progress_line(progress, 10, 80, 65).find("1 min 5 s left"), std::string::npos) << "as told";
  EXPECT_EQ(progress_line(progress, 10, 80, -1).find("left"), std::string::npos);
  EXPECT_NE(progress_line({"connection lost", 0.5, 0, 0}, 10, 80).find("lost ["), std::string::npos);
}

TEST(ProgressLine, FilesAreToldInBytes) {
  EXPECT_EQ(bytes_line("download", 1'000'000, 4'000'000, 60),
            "download [######...................] 25%  1.0 MB of 4.0 MB");
  EXPECT_EQ(bytes_line("upload", 5, 0, 30).find('/'), std::string::npos);
  EXPECT_EQ(print_size(999), "999 bytes");
  EXPECT_EQ(print_size(999'999), "1.0 MB");
  EXPECT_EQ(print_size(24'321), "24 kB");
}

}  // namespace
}  // namespace troupe::cli
