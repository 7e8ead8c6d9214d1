#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/command.h"
#include "engine/stage/stage_engine.h"

namespace troupe::cli {
namespace {

namespace fs = std::filesystem;

class Serve : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / (std::string("serve_") + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // What it says on the way out; all of these end before anything is served.
  std::string refusal_with_catalog(const fs::path& catalog) {
    const auto builtin = catalog::load_builtin();
    stage::StageEngine engine;
    work::LocalMediaReader media;
    const Program program{*builtin, engine, media, {}};
    ::testing::internal::CaptureStderr();
    const int code = cli::run(program, {"serve", "--listen", "127.0.0.1:0", "--data",
                                        (folder_ / "data").string(), "--catalog", catalog.string()});
    const std::string text = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(code, kUsage) << text;
    return text;
  }

  fs::path write(const std::string& text) {
    std::ofstream(folder_ / "mine.json") << text;
    return folder_ / "mine.json";
  }

  fs::path folder_;
};

TEST_F(Serve, ABrokenCatalogIsRefusedBeforeAnythingIsMade) {
  for (const char* text : {"", "{", "[]", "{\"models\": [{\"id\": \"x\"}]}"}) {
    const std::string refusal = refusal_with_catalog(write(text));
    EXPECT_NE(refusal.find("mine.json"), std::string::npos) << refusal;
  }
  EXPECT_NE(refusal_with_catalog(folder_ / "none.json").find("none.json"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder_ / "data"));
}

}  // namespace
}  // namespace troupe::cli
