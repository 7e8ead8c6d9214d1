#include "http/blocking_pool.h"

#include <algorithm>

namespace troupe::http {

BlockingPool::BlockingPool(int threads, size_t waiting_max) : waiting_max_(waiting_max) {
  for (int i = 0; i < std::max(threads, 1); ++i) threads_.emplace_back([this] { run(); });
}

bool BlockingPool::submit(Job job, Admission admission) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    if (admission == Admission::while_there_is_room && waiting_.size() >= waiting_max_ + idle_) return false;
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void BlockingPool::drop_waiting() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(waiting_);
  }
  for (const Job& job : dropped) job(false);
}

void BlockingPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void BlockingPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return;
    {
      const Job job = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      job(true);
    }
    lock.lock();
  }
}

}  // namespace troupe::http
