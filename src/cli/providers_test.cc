#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "cli/command.h"
#include "engine/stage/stage_engine.h"
#include "fetch/test_http_server.h"

namespace troupe::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kKey = "sk-live-0123456789abcdef";

class ProvidersCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) /
              (std::string("providers_") + info->name() + "_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(folder_ / "key") << kKey << "\n";
  }
  void TearDown() override { fs::remove_all(folder_); }

  // `troupe providers …` over a folder of this test; no key is ever printed.
  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "providers");
    arguments.insert(arguments.end(), {"--data", (folder_ / "data").string()});
    const auto catalog = catalog::load_builtin();
    stage::StageEngine engine;
    work::LocalMediaReader media;
    const Program program{*catalog, engine, media, cancel_.token()};
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = cli::run(program, arguments);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ((out_ + err_).find(kKey), std::string::npos) << out_ << err_;
    return code;
  }
  // The same with `text` on stdin.
  int run_with_input(const std::string& text, const std::vector<std::string>& arguments) {
    std::ofstream(folder_ / "input") << text;
    const int before = ::dup(STDIN_FILENO), input = ::open((folder_ / "input").c_str(), O_RDONLY);
    ::dup2(input, STDIN_FILENO);
    const int code = run(arguments);
    ::dup2(before, STDIN_FILENO);
    ::close(before);
    ::close(input);
    return code;
  }
  std::string key_file() const { return (folder_ / "key").string(); }
  Json json() const { return Json::parse(out_); }

  fs::path folder_;
  CancelSource cancel_;
  std::string out_, err_;
};

TEST_F(ProvidersCommand, SetsListsAndRemoves) {
  ASSERT_EQ(run({"set", "venice", "--key-file", key_file()}), kOk) << err_;
  ASSERT_EQ(run({"set", "mine", "--kind", "openai", "--base-url", "http://127.0.0.1:8000/v1/", "--no-key"}),
            kOk)
      << err_;
  ASSERT_EQ(run({"list"}), kOk);
  EXPECT_EQ(out_,
            "mine  openai  http://127.0.0.1:8000/v1  no key\n"
            "venice  venice  https://api.venice.ai/api/v1  key …cdef\n");
  ASSERT_EQ(run({"list", "--json"}), kOk);
  EXPECT_EQ(json()["providers"][1]["key_hint"], "cdef");
  ASSERT_EQ(run({"set", "mine", "--base-url", "", "--key-file", key_file(), "--json"}), kOk) << err_ << out_;
  EXPECT_EQ(json()["base_url"], "https://api.openai.com/v1") << "the usual one again";
  EXPECT_EQ(run({"remove", "mine"}), kOk);
  EXPECT_EQ(run({"remove", "mine"}), kFailed);
  EXPECT_NE(err_.find("mine"), std::string::npos) << err_;
  ASSERT_EQ(run({"list", "--json"}), kOk);
  EXPECT_EQ(json()["providers"].size(), 1u);
}

TEST_F(ProvidersCommand, TakesTheKeyFromStdinOnly) {
  ASSERT_EQ(run_with_input(kKey + "\n", {"set", "venice", "--json"}), kOk) << err_;
  EXPECT_EQ(json()["key_hint"], "cdef");
  ASSERT_EQ(run_with_input("", {"set", "venice", "--json"}), kOk) << err_;
  EXPECT_EQ(json()["has_key"], true) << "nothing was given, so it stays";
  ASSERT_EQ(run_with_input("another-key-of-the-same", {"set", "venice", "--key-file", "-", "--json"}), kOk);
  EXPECT_EQ(json()["key_hint"], "same");
  EXPECT_EQ(run_with_input("", {"set", "fal"}), kUsage) << "no key at all";
  EXPECT_NE(err_.find("the key"), std::string::npos) << err_;
  EXPECT_EQ(run({"set", "fal", "--key", "x"}), kUsage) << "an argument is seen by everybody";
  EXPECT_EQ(run({"set", "fal", "a-key"}), kUsage);
}

TEST_F(ProvidersCommand, TellsWhatIsWrongByItsFlag) {
  EXPECT_EQ(run({"set", "mine", "--key-file", key_file()}), kUsage);
  EXPECT_NE(err_.find("--kind"), std::string::npos) << err_;
  EXPECT_EQ(run({"set", "fal", "--base-url", "ftp://x", "--key-file", key_file()}), kUsage);
  EXPECT_NE(err_.find("--base-url"), std::string::npos) << err_;
  EXPECT_EQ(run({"set", "fal", "--key-file", (folder_ / "none").string()}), kFailed);
  EXPECT_NE(err_.find("--key-file"), std::string::npos) << err_;
  EXPECT_EQ(run({"set", "fal", "--key-file", "/dev/null"}), kUsage);
  EXPECT_EQ(run({"set", "fal", "--key-file", key_file(), "--no-key"}), kUsage);
  EXPECT_EQ(run({"set", "Fal", "--key-file", key_file(), "--json"}), kUsage);
  EXPECT_EQ(json()["error"]["code"], "invalid_argument");
  EXPECT_EQ(run({"test", "fal"}), kFailed);
  EXPECT_EQ(run({"--help"}), kOk);
  EXPECT_NE(out_.find("troupe providers set"), std::string::npos);
}

TEST_F(ProvidersCommand, TestsAgainstTheServerThatIsSetUp) {
  const std::string kWrong = "sk-wrong-0123456789";
  fetch::test::HttpServer server([&](const fetch::test::Connection& connection, const std::string& request) {
    const bool known = request.find("Bearer " + kKey) != std::string::npos;
    const std::string refusal = R"({"error":{"message":"Incorrect API key: )" + kWrong + R"("}})";
    connection.send(fetch::test::reply(known ? 200 : 401, known ? R"({"data":[]})" : refusal,
                                       "Content-Type: application/json\r\n"));
  });
  const std::vector<std::string> set{"set", "mine", "--kind", "openai", "--base-url", server.url("")};
  ASSERT_EQ(run_with_input(kKey, set), kOk) << err_;
  EXPECT_EQ(run({"test", "mine", "--json"}), kOk) << out_ << err_;
  EXPECT_EQ(json()["ok"], true);
  ASSERT_EQ(run_with_input(kWrong, set), kOk) << err_;
  EXPECT_EQ(run({"test", "mine", "--json"}), kFailed);
  EXPECT_EQ(json()["class"], "no_credit");
  EXPECT_EQ(run({"test", "mine"}), kFailed);
  EXPECT_NE(err_.find("no_credit"), std::string::npos) << err_;
  EXPECT_EQ(err_.find(kWrong), std::string::npos) << err_;
  cancel_.cancel();
  EXPECT_EQ(run({"test", "mine"}), kInterrupted);
}

TEST_F(ProvidersCommand, TheFolderHoldsNoKeyInTheClear) {
  ASSERT_EQ(run({"set", "venice", "--key-file", key_file()}), kOk) << err_;
  int files = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_ / "data")) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const Bytes bytes = read_file(entry.path(), 64 << 20).value();
    const std::string text(bytes.begin(), bytes.end());
    EXPECT_EQ(text.find(kKey), std::string::npos) << entry.path();
    EXPECT_EQ(text.find(kKey.substr(0, 20)), std::string::npos) << entry.path();
  }
  EXPECT_GE(files, 2);
}

}  // namespace
}  // namespace troupe::cli
