#include "base/task_queue.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace troupe {
namespace {

// One for_each call: workers and the caller take indices until none is left.
struct Batch {
  Batch(const std::function<void(int)>& work, int size) : task(&work), count(size) {}

  const std::function<void(int)>* task;
  int count;
  std::atomic<int> next{0};
  int helpers = 0;  // workers inside run(); guarded by State::mutex
  std::mutex failure_mutex;
  std::exception_ptr failure;

  void run() {
    for (int i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      try {
        (*task)(i);
      } catch (...) {
        const std::lock_guard lock(failure_mutex);
        if (!failure) failure = std::current_exception();
      }
    }
  }
};

}  // namespace

struct TaskQueue::State {
  std::mutex mutex;
  std::condition_variable work_or_stop, helper_left;
  std::deque<Batch*> batches;
  bool stopping = false;
  std::vector<std::thread> workers;

  void work() {
    std::unique_lock lock(mutex);
    while (true) {
      work_or_stop.wait(lock, [&] { return stopping || !batches.empty(); });
      if (stopping) return;
      Batch* batch = batches.front();
      ++batch->helpers;
      lock.unlock();
      batch->run();
      lock.lock();
      std::erase(batches, batch);
      --batch->helpers;
      helper_left.notify_all();
    }
  }
};

TaskQueue::TaskQueue(int threads) : state_(std::make_unique<State>()) {
  for (int i = 1; i < threads; ++i) state_->workers.emplace_back([this] { state_->work(); });
}

TaskQueue::~TaskQueue() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->work_or_stop.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

int TaskQueue::threads() const { return static_cast<int>(state_->workers.size()) + 1; }

void TaskQueue::for_each(int count, const std::function<void(int)>& task) {
  Batch batch(task, count);
  if (count > 1 && !state_->workers.empty()) {
    {
      const std::lock_guard lock(state_->mutex);
      state_->batches.push_back(&batch);
    }
    state_->work_or_stop.notify_all();
  }
  batch.run();
  std::unique_lock lock(state_->mutex);
  std::erase(state_->batches, &batch);
  state_->helper_left.wait(lock, [&] { return batch.helpers == 0; });
  if (batch.failure) std::rethrow_exception(batch.failure);
}

int available_threads() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace troupe
