#include "tests/neural/program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/places_for_test.h"
#include "store/test_disk.h"

extern char** environ;

namespace troupe::neural {
namespace {

constexpr std::chrono::milliseconds kLook{5};

pid_t start(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  std::vector<std::string> words{places::built("bin/troupe")};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  const std::string out = folder / "out", err = folder / "err";
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  pid_t id = 0;
  if (posix_spawn(&id, words.front().c_str(), &files, nullptr, argv.data(), environ) != 0) id = 0;
  posix_spawn_file_actions_destroy(&files);
  return id;
}

int end_of(pid_t id, const std::function<bool()>& interrupt) {
  int status = 0;
  bool watched = static_cast<bool>(interrupt);
  while (waitpid(id, &status, watched ? WNOHANG : 0) == 0) {
    if (interrupt()) {
      ::kill(id, SIGINT);
      watched = false;
    } else {
      std::this_thread::sleep_for(kLook);
    }
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

nlohmann::json Ran::json() const {
  auto json = nlohmann::json::parse(out, nullptr, false);
  return json.is_object() ? json : nlohmann::json::object();
}

Ran run_program(const std::vector<std::string>& arguments, const std::function<bool()>& interrupt) {
  const store::test::TempFolder folder;
  const pid_t id = start(arguments, folder.path());
  if (id == 0) return {};
  Ran ran;
  ran.status = end_of(id, interrupt);
  ran.out = store::test::read_text(folder.path() / "out");
  ran.err = store::test::read_text(folder.path() / "err");
  return ran;
}

Ran add_weights(const std::filesystem::path& shelf, const std::string& model, const std::string& family) {
  const std::filesystem::path data = places::in_tree("src/engine/wan/testdata");
  return run_program({"weights", "add", model, data / (family + "_weights.safetensors"),
                      data / "t5_weights.safetensors", data / "vae_weights.safetensors",
                      data / "taehv_weights.safetensors", data / "words.model", "--weights", shelf});
}

}  // namespace troupe::neural
