#include "engine/stage/sound/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace troupe::stage {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPollMilliseconds = 20;
constexpr size_t kReadBytes = 65536;

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

// What posix_spawn does to the child. Its process group lets a kill reach what it starts itself.
class SpawnSettings {
 public:
  SpawnSettings(int input, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  int spawn(pid_t& pid, const std::vector<std::string>& argv) const {
    std::vector<char*> arguments;
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    return posix_spawnp(&pid, arguments[0], &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// A started child. Ends it, if it has not ended by itself, and reaps it.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (reaped_) return;
    ::kill(-pid_, SIGKILL);
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
  }
  bool has_exited() {
    if (!reaped_) reaped_ = waitpid(pid_, &status_, WNOHANG) == pid_;
    return reaped_;
  }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

 private:
  pid_t pid_;
  int status_ = 0;
  bool reaped_ = false;
};

Error io_error(const char* what) {
  return make_error(ErrorCode::io, std::string(what) + " failed: " + std::strerror(errno) + ".");
}

// The input as a file in memory: unlike a pipe it cannot block us, nor kill us if the child never reads it.
Result<Descriptor> memory_file(std::string_view text) {
  Descriptor file(memfd_create("troupe-input", MFD_CLOEXEC));
  if (file.get() < 0) return io_error("Making the program's input");
  while (!text.empty()) {
    const ssize_t written = write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return io_error("Writing the program's input");
    text.remove_prefix(static_cast<size_t>(written));
  }
  if (lseek(file.get(), 0, SEEK_SET) != 0) return io_error("Rewinding the program's input");
  return file;
}

Result<void> check_time(Clock::time_point deadline, const CancelToken& cancel, const std::string& program) {
  if (cancel.cancelled()) return make_error(ErrorCode::cancelled, "Cancelled while " + program + " ran.");
  if (Clock::now() >= deadline) {
    return make_error(ErrorCode::timeout, program + " did not finish in time and was stopped.");
  }
  return {};
}

// Reads up to the end of the stream or the limit.
Result<void> read_output(int fd, Clock::time_point deadline, const ChildLimits& limits,
                         const CancelToken& cancel, const std::string& program, ChildOutput& output) {
  while (true) {
    TROUPE_CHECK_OK(check_time(deadline, cancel, program));
    pollfd ready{fd, POLLIN, 0};
    if (poll(&ready, 1, kPollMilliseconds) <= 0) continue;
    const size_t have = output.bytes.size();
    const size_t room = std::min(kReadBytes, limits.output_bytes_max - have + 1);
    output.bytes.resize(have + room);
    const ssize_t count = read(fd, output.bytes.data() + have, room);
    output.bytes.resize(have + (count > 0 ? static_cast<size_t>(count) : 0));
    if (count < 0 && errno != EINTR) return io_error("Reading the program's output");
    if (count == 0) return {};
    if (output.bytes.size() > limits.output_bytes_max) {
      output.bytes.resize(limits.output_bytes_max);
      output.cut = true;
      return {};
    }
  }
}

}  // namespace

Result<ChildOutput> run_child(const std::vector<std::string>& argv, std::string_view input,
                              const ChildLimits& limits, const CancelToken& cancel) {
  const Clock::time_point deadline = Clock::now() + limits.time;
  TROUPE_CHECK_OK(check_time(Clock::time_point::max(), cancel, argv[0]));
  TROUPE_TRY(const Descriptor in, memory_file(input));
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return io_error("Making a pipe");
  const Descriptor out(ends[0]);
  Descriptor write_end(ends[1]);
  pid_t pid = 0;
  if (const int error = SpawnSettings(in.get(), write_end.get()).spawn(pid, argv); error != 0) {
    return make_error(ErrorCode::unavailable,
                      "The program " + argv[0] + " could not be started: " + std::strerror(error) + ".");
  }
  Child child(pid);
  write_end.close();  // else the end of its output would never come
  ChildOutput output;
  TROUPE_CHECK_OK(read_output(out.get(), deadline, limits, cancel, argv[0], output));
  while (!output.cut && !child.has_exited()) {
    TROUPE_CHECK_OK(check_time(deadline, cancel, argv[0]));
    poll(nullptr, 0, 1);
  }
  output.exit_code = output.cut ? 0 : child.exit_code();
  return output;
}

}  // namespace troupe::stage
