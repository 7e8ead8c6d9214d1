// Asking a long call to stop.
#pragma once

#include <atomic>
#include <memory>

namespace troupe {

/// Says whether the caller still wants the result. Copies share one state; a default token never cancels.
/// Thread-safety: safe.
class CancelToken {
 public:
  CancelToken() = default;
  bool cancelled() const { return flag_ && flag_->load(std::memory_order_relaxed); }

 private:
  friend class CancelSource;
  explicit CancelToken(std::shared_ptr<const std::atomic<bool>> flag) : flag_(std::move(flag)) {}
  std::shared_ptr<const std::atomic<bool>> flag_;
};

/// Owns the right to cancel. cancel() may be called from any thread (from a signal handler too: it only
/// stores to a lock-free atomic), any number of times. Thread-safety: safe.
class CancelSource {
 public:
  CancelSource() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  CancelToken token() const { return CancelToken(flag_); }
  void cancel() { flag_->store(true, std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

}  // namespace troupe
