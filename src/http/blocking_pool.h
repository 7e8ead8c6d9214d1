// Threads for what may block, so that sockets never wait for it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace troupe::http {

/// Thread-safety: safe, but for stop(), which one thread calls.
class BlockingPool {
 public:
  /// Called once: with true on a thread of the pool, or with false if it is dropped. Must not throw.
  using Job = std::function<void(bool run)>;
  enum class Admission {
    while_there_is_room,  ///< new work: at most waiting_max jobs beyond what idle threads take up
    always                ///< the rest of work that was let in; its callers are the bound
  };

  BlockingPool(int threads, size_t waiting_max);
  ~BlockingPool() { stop(); }

  /// False: too many wait, or the pool has stopped; the job is not called.
  bool submit(Job job, Admission admission);
  /// Calls the jobs that have not begun with false, here.
  void drop_waiting();
  /// Ends the threads when what waits is done.
  void stop();

 private:
  void run();

  const size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  size_t idle_ = 0;  // threads that wait for a job
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace troupe::http
