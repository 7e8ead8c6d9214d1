#include "work/decode/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "work/decode/request.h"

namespace troupe::work {
namespace {

using std::chrono::steady_clock;

constexpr int kCancelLookMilliseconds = 50;
constexpr int kPipeBytes = 1 << 20;  // fewer switches between the two processes for a picture of 26 MB

Error cannot_start(int error) {
  return make_error(ErrorCode::unavailable, std::string("cannot start the decoder: ") + std::strerror(error));
}

// Above all numbers that the worker's own descriptors get, so that making these closes none of ours.
Descriptor out_of_the_way(int descriptor) { return Descriptor(fcntl(descriptor, F_DUPFD_CLOEXEC, 16)); }

// What the child does between fork and exec, for posix_spawn.
class Spawn {
 public:
  Spawn(int input, int answer) {
    posix_spawn_file_actions_init(&actions_);
    for (const int standard : {0, 1, 2}) {
      keep(posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null", O_RDWR, 0));
    }
    keep(posix_spawn_file_actions_adddup2(&actions_, input, kWorkerInput));
    keep(posix_spawn_file_actions_adddup2(&actions_, answer, kWorkerAnswer));
    keep(posix_spawn_file_actions_addclosefrom_np(&actions_, kWorkerAnswer + 1));
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    keep(posix_spawnattr_setsigmask(&attributes_, &none));
    keep(posix_spawnattr_setsigdefault(&attributes_, &all));
    keep(posix_spawnattr_setpgroup(&attributes_, 0));
    keep(posix_spawnattr_setflags(&attributes_,
                                  POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }
  ~Spawn() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  Result<pid_t> run(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    char* environment[] = {nullptr};
    pid_t id = 0;
    if (error_ == 0)
      error_ = posix_spawn(&id, arguments[0], &actions_, &attributes_, arguments.data(), environment);
    if (error_ != 0) return cannot_start(error_);
    return id;
  }

 private:
  void keep(int error) { error_ = error_ != 0 ? error_ : error; }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
  int error_ = 0;
};

}  // namespace

Result<std::unique_ptr<DecodeProcess>> DecodeProcess::start(const std::vector<std::string>& command,
                                                            const Descriptor& input,
                                                            std::chrono::milliseconds wait_max,
                                                            const CancelToken& cancel) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return cannot_start(errno);
  Descriptor answer(ends[0]);
  const Descriptor write_end(ends[1]);
  const Descriptor far_input = out_of_the_way(input.number()),
                   far_answer = out_of_the_way(write_end.number());
  if (!far_input.open() || !far_answer.open()) return cannot_start(errno);
  // Only the read end: a pipe's two ends are set apart. A smaller pipe does too.
  fcntl(answer.number(), F_SETFL, O_NONBLOCK);
  fcntl(answer.number(), F_SETPIPE_SZ, kPipeBytes);
  TROUPE_TRY(const pid_t id, Spawn(far_input.number(), far_answer.number()).run(command));
  return {std::unique_ptr<DecodeProcess>(new DecodeProcess(id, std::move(answer), wait_max, cancel))};
}

DecodeProcess::DecodeProcess(pid_t id, Descriptor answer, std::chrono::milliseconds wait_max,
                             CancelToken cancel)
    : id_(id), answer_(std::move(answer)), wait_left_(wait_max), cancel_(std::move(cancel)) {}

DecodeProcess::~DecodeProcess() { end(); }

/// A worker that crashed keeps the status that it crashed with.
void DecodeProcess::end() {
  if (id_ == 0) return;
  kill(-id_, SIGKILL);
  while (waitpid(id_, &status_, 0) < 0 && errno == EINTR) {
  }
  id_ = 0;
}

Result<void> DecodeProcess::read(std::span<uint8_t> to) {
  while (!to.empty()) {
    const ssize_t got = ::read(answer_.number(), to.data(), to.size());
    if (got > 0) {
      to = to.subspan(static_cast<size_t>(got));
    } else if (got == 0) {
      return why_it_ended();
    } else if (errno == EAGAIN) {
      TROUPE_CHECK_OK(wait_for_bytes());
    } else if (errno != EINTR) {
      return make_error(ErrorCode::io, std::string("cannot hear the decoder: ") + std::strerror(errno));
    }
  }
  return {};
}

Result<void> DecodeProcess::wait_for_bytes() {
  while (true) {
    if (cancel_.cancelled()) return make_error(ErrorCode::cancelled, "decoding was cancelled");
    if (wait_left_.count() <= 0) {
      return make_error(ErrorCode::over_limit,
                        "decoding this file takes too long; scale it down or cut it shorter");
    }
    pollfd ready{answer_.number(), POLLIN, 0};
    const auto start = steady_clock::now();
    const int left =
        static_cast<int>(std::min<int64_t>(wait_left_.count() / 1'000'000 + 1, kCancelLookMilliseconds));
    const int count = poll(&ready, 1, left);
    wait_left_ -= steady_clock::now() - start;
    if (count > 0) return {};
  }
}

Error DecodeProcess::why_it_ended() {
  end();
  if (WIFEXITED(status_)) {
    if (WEXITSTATUS(status_) != kExitUnfit) return decoder_gave_up("it stopped early");
    return make_error(ErrorCode::internal,
                      "the decoder cannot be locked up on this machine, so it decodes nothing");
  }
  switch (WTERMSIG(status_)) {
    case SIGXCPU:
      return make_error(ErrorCode::over_limit,
                        "decoding this file takes too much processor time; scale it down or cut it shorter");
    case SIGKILL:
      return make_error(ErrorCode::over_limit, "decoding this file takes too much memory; scale it down");
    case SIGSYS:
      return decoder_gave_up("it was stopped as it tried what no decoder needs");
    default:
      return decoder_gave_up("it crashed");
  }
}

}  // namespace troupe::work
