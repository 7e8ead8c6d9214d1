// A watch outlives its server: `troupe serve` as a child, killed and started again.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "base/places_for_test.h"
#include "cli/command.h"
#include "cli/remote/session.h"
#include "engine/stage/stage_engine.h"
#include "media/video_file.h"
#include "work/media_reader.h"

extern char** environ;

namespace troupe::cli::remote {
namespace {

namespace fs = std::filesystem;

// The program of this build; what it writes to stderr is read here.
class Serve {
 public:
  Serve(const std::string& listen, const fs::path& data) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::vector<std::string> words = {
        places::built("bin/troupe"), "serve", "--listen", listen, "--data", data.string()};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&id_, words.front().c_str(), &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Serve() {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
    ::close(output_);
  }
  Serve(const Serve&) = delete;
  Serve& operator=(const Serve&) = delete;

  // Blocks until it has said a word that starts with `prefix`: the word. "" if it ended before.
  std::string word(const std::string& prefix) {
    char byte;
    while (true) {
      const size_t begin = said_.find(prefix);
      const size_t end = begin == std::string::npos ? begin : said_.find_first_of(" \n", begin);
      if (end != std::string::npos) return said_.substr(begin, end - begin);
      if (::read(output_, &byte, 1) != 1) return "";
      said_ += byte;
    }
  }

 private:
  pid_t id_ = 0;
  int output_ = -1;
  std::string said_;
};

class Restart : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  int run(const std::vector<std::string>& arguments) {
    const Program program{*catalog_, engine_, media_, {}};
    return cli::run(program, arguments);
  }

  const fs::path folder_ = fs::path(::testing::TempDir()) / ("restart_" + std::to_string(::getpid()));
  const Result<catalog::Catalog> catalog_ = catalog::load_builtin();
  stage::StageEngine engine_;
  work::LocalMediaReader media_;
};

// Blocks until the server has a watcher.
void wait_watched(const std::string& url) {
  Session session({url, "", {}, wait_for, {}});
  Call look;
  look.target = "/metrics";
  while (true) {
    const Result<fetch::ApiReply> reply = fetch::call_api(session.request(look));
    ASSERT_TRUE(reply && reply->status == 200);
    if (reply->body.find("troupe_http_streams 1") != std::string::npos) return;
  }
}

TEST_F(Restart, AWatchGoesOnWithTheNextServer) {
  auto server = std::make_unique<Serve>("127.0.0.1:0", folder_ / "data");
  const std::string key = server->word("trp_sk_"), url = server->word("http://127.0.0.1:");
  ASSERT_NE(url, "");
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  int code = -1;
  std::thread watcher([&] {
    code = run({"jobs", "submit", "--prompt", "a quiet park", "--resolution", "320x180", "--fps", "12",
                "--duration", "20", "-o", (folder_ / "out.mp4").string(), "--server", url, "--key", key});
  });
  wait_watched(url);
  server.reset();  // as kill -9 does it
  server = std::make_unique<Serve>(url.substr(7), folder_ / "data");
  EXPECT_EQ(server->word("http://127.0.0.1:"), url);
  watcher.join();
  const std::string out = ::testing::internal::GetCapturedStdout();
  const std::string err = ::testing::internal::GetCapturedStderr();
  ASSERT_EQ(code, kOk) << err;
  EXPECT_NE(out.find("20.0 s"), std::string::npos) << out;
  EXPECT_TRUE(media::probe_video(folder_ / "out.mp4"));
}

}  // namespace
}  // namespace troupe::cli::remote
