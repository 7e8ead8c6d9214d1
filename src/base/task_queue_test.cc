#include "base/task_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace troupe {
namespace {

TEST(TaskQueue, RunsEachIndexOnce) {
  for (const int threads : {1, 2, 5}) {
    TaskQueue queue(threads);
    for (const int count : {0, 1, 2, 100}) {
      std::vector<std::atomic<int>> seen(static_cast<size_t>(count));
      queue.for_each(count, [&](int i) { ++seen[static_cast<size_t>(i)]; });
      for (const auto& n : seen) EXPECT_EQ(n.load(), 1);
    }
  }
}

TEST(TaskQueue, ServesSeveralCallersAtOnce) {
  TaskQueue queue(3);
  std::atomic<int> total{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] {
      for (int round = 0; round < 50; ++round) queue.for_each(7, [&](int) { ++total; });
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(total.load(), 4 * 50 * 7);
}

TEST(TaskQueue, HandsTheFirstExceptionToTheCaller) {
  TaskQueue queue(3);
  std::atomic<int> done{0};
  EXPECT_THROW(queue.for_each(20,
                              [&](int i) {
                                ++done;
                                if (i % 7 == 3) throw std::runtime_error("no");
                              }),
               std::runtime_error);
  EXPECT_EQ(done.load(), 20);
  queue.for_each(5, [&](int) { ++done; });  // and is still usable
  EXPECT_EQ(done.load(), 25);
}

}  // namespace
}  // namespace troupe
