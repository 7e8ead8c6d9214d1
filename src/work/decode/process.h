// One decode worker, seen from its parent.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "work/decode/answer.h"
#include "work/decode/descriptor.h"

namespace troupe::work {

/// How a worker that cannot be locked up ends: nothing of the file was looked at then.
inline constexpr int kExitUnfit = 70;

/// A running worker in a process group of its own, without environment or any descriptor but kWorkerInput,
/// kWorkerAnswer and a bottomless 0 to 2. Ends with this object: killed, its group too, and reaped.
/// Thread-safety: one call at a time; the thread that started it ends it (the kernel ties the two).
class DecodeProcess final : public AnswerSource {
 public:
  /// `wait_max` bounds the time spent waiting for the worker, all reads together.
  /// Errors: unavailable (no process or descriptor left, or no such program).
  static Result<std::unique_ptr<DecodeProcess>> start(const std::vector<std::string>& command,
                                                      const Descriptor& input,
                                                      std::chrono::milliseconds wait_max,
                                                      const CancelToken& cancel);
  ~DecodeProcess() override;
  DecodeProcess(const DecodeProcess&) = delete;
  DecodeProcess& operator=(const DecodeProcess&) = delete;

  /// Errors: cancelled; over_limit (time, or memory where the system says that it was that); corrupt_input
  /// (the worker crashed or stopped); internal (it could not be locked up). No call after an error succeeds.
  Result<void> read(std::span<uint8_t> to) override;

 private:
  DecodeProcess(pid_t id, Descriptor answer, std::chrono::milliseconds wait_max, CancelToken cancel);
  Result<void> wait_for_bytes();
  void end();
  Error why_it_ended();

  pid_t id_;  // 0 when it is reaped
  int status_ = 0;
  Descriptor answer_;
  std::chrono::nanoseconds wait_left_;
  CancelToken cancel_;
};

}  // namespace troupe::work
