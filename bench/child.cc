#include "bench/child.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace troupe::bench {

namespace {

constexpr char kWorked = '+', kFailed = '-';  // first byte of what a child writes

[[noreturn]] void work_and_exit(const std::function<Result<std::string>()>& work, int pipe_end) {
  const Result<std::string> result = work();
  const std::string text = result ? kWorked + *result : kFailed + to_string(result.error());
  for (size_t written = 0; written < text.size();) {
    const ssize_t count = write(pipe_end, text.data() + written, text.size() - written);
    if (count <= 0) _exit(1);
    written += static_cast<size_t>(count);
  }
  _exit(0);
}

std::string read_all(int pipe_end) {
  std::string text;
  char block[4096];
  for (ssize_t count; (count = read(pipe_end, block, sizeof block)) > 0;)
    text.append(block, static_cast<size_t>(count));
  return text;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

Result<ChildReport> run_in_child(const std::function<Result<std::string>()>& work) {
  int ends[2];
  if (pipe(ends) != 0) return Error{ErrorCode::internal, "no pipe"};
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return Error{ErrorCode::internal, "no process"};
  if (child == 0) {
    close(ends[0]);
    work_and_exit(work, ends[1]);
  }
  close(ends[1]);
  const std::string text = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (text.empty()) return Error{ErrorCode::internal, "the measuring process died"};
  if (text.front() == kFailed) return Error{ErrorCode::internal, text.substr(1)};
  return ChildReport{text.substr(1), int64_t{usage.ru_maxrss} * 1024};
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

}  // namespace troupe::bench
