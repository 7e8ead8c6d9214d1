// Threads that wait without spinning and share out bands of work.
#pragma once

#include <functional>
#include <memory>

namespace troupe {

/// A fixed set of worker threads behind one blocking queue. Waiting threads sleep, so a busy machine loses
/// nothing to them. Thread-safety: for_each() may be called from several threads at once, not from inside
/// a task of the same queue.
class TaskQueue {
 public:
  /// `threads` >= 1 in total, the calling one included: 1 runs everything inline.
  explicit TaskQueue(int threads);
  ~TaskQueue();
  TaskQueue(const TaskQueue&) = delete;
  TaskQueue& operator=(const TaskQueue&) = delete;

  int threads() const;

  /// Calls task(0) … task(count - 1), each once, in no promised order, and returns when all are done.
  /// Blocks. If tasks throw, the rest still runs and the first exception is thrown here.
  void for_each(int count, const std::function<void(int)>& task);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How many threads this process may run at once (its affinity, at least 1).
int available_threads();

}  // namespace troupe
