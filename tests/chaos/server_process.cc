#include "tests/chaos/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/places_for_test.h"

namespace troupe::chaos {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{5};
constexpr std::string_view kServes = "serves http://127.0.0.1:";

// The texts' addresses as exec wants them; `texts` outlives them.
std::vector<char*> addresses(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> all = more;
  for (char** own = environ; *own != nullptr; ++own) {
    // A developer's own settings are no part of the experiment.
    if (!std::string_view(*own).starts_with("TROUPE_")) all.emplace_back(*own);
  }
  return all;
}

// Between fork and exec: only what may be called there.
[[noreturn]] void become(char** arguments, char** environment, int log) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves no server behind
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

// True when no process is left that lost its parent to our kills.
bool wait_for_orphans() {
  const auto end = steady_clock::now() + ServerProcess::kPatience;
  while (steady_clock::now() < end) {
    const pid_t gone = ::waitpid(-1, nullptr, WNOHANG);
    if (gone < 0 && errno == ECHILD) return true;
    if (gone == 0) std::this_thread::sleep_for(kLook);
  }
  return false;
}

}  // namespace

ServerProcess::ServerProcess(const ServerCommand& command) : log_(command.log) {
  // Whatever the server starts becomes our child when the server is gone, so that we see it end.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::vector<std::string> arguments{places::built("bin/troupe")};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment = environment_with(command.environment);
  const std::vector<char*> argv = addresses(arguments), envp = addresses(environment);
  const int log = ::open(log_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  id_ = ::fork();
  if (id_ == 0) become(const_cast<char**>(argv.data()), const_cast<char**>(envp.data()), log);
  ::setpgid(id_, id_);  // whoever comes first, so that the group is there when it is killed
  ::close(log);
}

ServerProcess::~ServerProcess() {
  if (!status_) kill();
}

bool ServerProcess::has_ended() {
  int status = 0;
  if (!status_ && ::waitpid(id_, &status, WNOHANG) == id_)
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_.has_value();
}

std::optional<uint16_t> ServerProcess::wait_ready() {
  const auto end = steady_clock::now() + kPatience;
  while (steady_clock::now() < end) {
    const std::string text = log();
    const size_t at = text.find(kServes);
    // The whole line, so that the whole number is there.
    if (at != std::string::npos && text.find('\n', at) != std::string::npos)
      return static_cast<uint16_t>(std::atoi(text.c_str() + at + kServes.size()));
    if (has_ended()) return std::nullopt;
    std::this_thread::sleep_for(kLook);
  }
  return std::nullopt;
}

bool ServerProcess::kill() {
  if (!has_ended()) {
    ::kill(-id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
    status_ = 128 + SIGKILL;
  }
  return wait_for_orphans();
}

std::optional<int> ServerProcess::stop() {
  if (!has_ended()) ::kill(id_, SIGTERM);
  return wait_end();
}

std::optional<int> ServerProcess::wait_end() {
  const auto end = steady_clock::now() + kPatience;
  while (!has_ended() && steady_clock::now() < end) std::this_thread::sleep_for(kLook);
  return status_;
}

void ServerProcess::freeze() const { ::kill(-id_, SIGSTOP); }
void ServerProcess::thaw() const { ::kill(-id_, SIGCONT); }

std::string ServerProcess::log() const {
  std::ifstream stream(log_, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace troupe::chaos
