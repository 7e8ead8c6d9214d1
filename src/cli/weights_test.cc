#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/weights_progress.h"
#include "engine/shelf/shelf_for_test.h"
#include "engine/stage/stage_engine.h"

namespace troupe::cli {
namespace {

namespace fs = std::filesystem;
using shelf::test::FakeHub;

class WeightsCommand : public shelf::test::ShelfTest {
 protected:
  void SetUp() override {
    ShelfTest::SetUp();
    for (const char* name : {"TROUPE_HUB", "TROUPE_HUB_TOKEN", "TROUPE_WEIGHTS"}) ::unsetenv(name);
  }

  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "weights");
    arguments.insert(arguments.end(), {"--data", (root_ / "data").string()});
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
  bool told(const std::string& text) const { return (out_ + err_).find(text) != std::string::npos; }

  CancelSource cancel_;
  std::string out_, err_;
};

// A hub that has refalign-1.3b.
std::map<std::string, std::string> real_paths() {
  const auto small = shelf::test::hub_files();
  const std::string base = "Wan-AI/Wan2.1-T2V-1.3B/resolve/main/";
  return {{base + "models_t5_umt5-xxl-enc-bf16.pth", small.at("org/base/resolve/main/t5_weights.pth")},
          {base + "google/umt5-xxl/spiece.model", shelf::test::words_model()},
          {base + "Wan2.1_VAE.pth", shelf::test::tiny_weights("vae_weights_f32.pth")},
          {"gudaochangsheng/RefAlign-1.3B/resolve/main/model.safetensors", shelf::test::transformer()}};
}

TEST_F(WeightsCommand, ListsEveryModel) {
  ASSERT_EQ(run({"list"}), kOk) << err_;
  for (const shelf::ModelEntry& model : shelf::builtin_models().models()) EXPECT_TRUE(told(model.id));
  EXPECT_TRUE(told("not here"));
  EXPECT_EQ(out_.find('\033'), std::string::npos) << "no colour in a pipe";
  ASSERT_EQ(run({"list", "--json"}), kOk);
  const auto json = nlohmann::json::parse(out_);
  EXPECT_EQ(json["folder"], (root_ / "data" / "weights").string());
  EXPECT_EQ(json["models"].size(), 9u);
  EXPECT_EQ(json["models"][0]["sampling"]["guidance_image"], 5);
}

TEST_F(WeightsCommand, PullsVerifiesAndRemoves) {
  FakeHub hub(real_paths());
  ASSERT_EQ(run({"pull", "refalign-1.3b", "--hub", hub.url()}), kOk) << err_;
  EXPECT_TRUE(told("refalign-1.3b is complete"));
  EXPECT_EQ(err_, "") << "no bar in a pipe";
  ASSERT_EQ(run({"pull", "refalign-1.3b", "--hub", hub.url(), "--json"}), kOk) << err_;
  EXPECT_EQ(nlohmann::json::parse(out_)["linked"].size(), 4u);
  EXPECT_EQ(run({"verify"}), kOk);
  EXPECT_TRUE(told("all good"));
  const fs::path file = root_ / "data" / "weights" / "parts" / "refalign-1.3b" / "model.safetensors";
  std::string bytes = shelf::test::transformer();
  bytes.back() ^= 1;
  shelf::test::write_text(file, bytes);
  EXPECT_EQ(run({"verify", "refalign-1.3b"}), kFailed);
  EXPECT_TRUE(told("model.safetensors is damaged"));
  EXPECT_EQ(run({"remove", "refalign-1.3b"}), kOk);
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(run({"remove", "refalign-1.3b"}), kRefused);
}

TEST_F(WeightsCommand, TheEnvironmentNamesHubTokenAndFolder) {
  FakeHub hub(real_paths());
  ::setenv("TROUPE_HUB", hub.url().c_str(), 1);
  ::setenv("TROUPE_HUB_TOKEN", "hf_secret", 1);
  ::setenv("TROUPE_WEIGHTS", (root_ / "elsewhere").c_str(), 1);
  ASSERT_EQ(run({"pull", "refalign-1.3b"}), kOk) << err_;
  EXPECT_TRUE(fs::exists(root_ / "elsewhere" / "models" / "refalign-1.3b.json"));
  EXPECT_FALSE(told("hf_secret"));
  for (const std::string& asked : hub.stop()) EXPECT_NE(asked.find("Bearer hf_secret"), std::string::npos);
  for (const char* name : {"TROUPE_HUB", "TROUPE_HUB_TOKEN", "TROUPE_WEIGHTS"}) ::unsetenv(name);
}

TEST_F(WeightsCommand, AFileOfSettingsNamesHubAndFolder) {
  FakeHub hub(real_paths());
  const fs::path settings = root_ / "troupe.toml", folder = root_ / "shelf";
  shelf::test::write_text(settings, "hub = \"" + hub.url() + "\"\nweights = \"" + folder.string() + "\"\n");
  ASSERT_EQ(run({"pull", "refalign-1.3b", "--config", settings.string()}), kOk) << err_;
  EXPECT_TRUE(fs::exists(folder / "models" / "refalign-1.3b.json"));
  EXPECT_EQ(run({"verify", "--config", settings.string(), "--weights", (root_ / "other").string()}), kOk);
  EXPECT_TRUE(told("There are no weights here"));
}

TEST_F(WeightsCommand, RefusalsHaveTheirExitCodes) {
  FakeHub hub(std::map<std::string, std::string>{});
  EXPECT_EQ(run({"pull", "nothing-1b", "--hub", hub.url()}), kRefused);
  EXPECT_EQ(run({"pull", "refalign-1.3b", "--hub", hub.url()}), kRefused);
  EXPECT_TRUE(told("404"));
  EXPECT_EQ(run({"pull", "skyreels-v3-r2v-14b", "--hub", hub.url()}), kRefused);
  EXPECT_TRUE(told("--accept-licence"));
  EXPECT_EQ(run({"pull", "refalign-1.3b", "--hub", "ftp://x"}), kUsage);
  EXPECT_EQ(run({"pull"}), kUsage);
  EXPECT_EQ(run({"add", "refalign-1.3b"}), kUsage);
  EXPECT_EQ(run({"add", "refalign-1.3b", "x", "--move", "--link"}), kUsage);
  cancel_.cancel();
  EXPECT_EQ(run({"pull", "refalign-1.3b", "--hub", hub.url()}), kInterrupted);
  EXPECT_TRUE(told("goes on from there"));
}

TEST_F(WeightsCommand, AddsAFolder) {
  ASSERT_EQ(run({"add", "phantom-wan-1.3b", folder_with(shelf::test::transformer(64)).string()}), kOk)
      << err_;
  EXPECT_TRUE(told("added: transformer"));
  EXPECT_TRUE(told("width is 64"));
  EXPECT_TRUE(told("phantom-wan-1.3b is complete"));
  EXPECT_EQ(run({"add", "phantom-wan-1.3b", (root_ / "gone").string(), "--json"}), kRefused);
  EXPECT_EQ(nlohmann::json::parse(out_)["error"]["code"], "not_found");
}

TEST(TransferLine, SaysBytesRateAndTime) {
  EXPECT_EQ(
      transfer_line("model.safetensors", 1'000'000'000, 4'000'000'000, 50e6, 100),
      "model.safetensors  [#######.......................] 25%  1.0 GB of 4.0 GB  50 MB/s  1 min 0 s left");
  EXPECT_EQ(transfer_line("x", 0, 100, 0, 60).find("left"), std::string::npos);
  for (int columns = 20; columns < 200; ++columns)
    EXPECT_LT(transfer_line(std::string(150, 'x'), 1'500'000'000, 4'000'000'000, 50e6, columns).size(),
              static_cast<size_t>(columns));
}

}  // namespace
}  // namespace troupe::cli
