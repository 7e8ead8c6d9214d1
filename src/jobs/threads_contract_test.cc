// Every store under several threads and two instances on one place, as two processes would have it open.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/random.h"
#include "jobs/jobs_for_test.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

constexpr int kThreads = 4;  // of each instance
constexpr int kJobsPerThread = 20;

class ThreadsContract : public StoreContract {
 protected:
  ThreadsContract() {
    for (const char* account : {"A", "B"}) add_key(*store_, account);
  }
  JobStore& instance(int thread) { return thread % 2 ? *other_ : *store_; }
  template <class Work>
  void run(const Work& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 2 * kThreads; ++i) threads.emplace_back([&, i] { work(i); });
    for (std::thread& thread : threads) thread.join();
  }

  std::unique_ptr<JobStore> other_ = place_->open();
};
TROUPE_FOR_EACH_STORE(ThreadsContract);

TEST_P(ThreadsContract, EveryJobIsLeasedAndSettledOnce) {
  constexpr int kJobs = 2 * kThreads * kJobsPerThread;
  std::atomic<int> finished = 0, failures = 0;
  std::mutex mutex;
  std::multiset<std::string> leased;
  run([&](int thread) {
    JobStore& store = instance(thread);
    for (int i = 0; i < kJobsPerThread; ++i) {
      const std::string id = "job_" + std::to_string(thread) + "_" + std::to_string(i);
      if (submit(store, new_job(id, i % 2 ? "A" : "B", 10)) != id) ++failures;
    }
    const LeaseRequest request{"w" + std::to_string(thread), {"stage"}, std::chrono::seconds(30)};
    while (finished + failures < kJobs) {
      const auto lease = store.queue().lease(request, test_time());
      if (!lease) ++failures;
      if (!lease || !*lease) continue;
      {
        const std::lock_guard lock(mutex);
        leased.insert((*lease)->job.id);
      }
      if (!store.queue().finish(**lease, succeeded(), test_time())) ++failures;
      ++finished;
    }
  });
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(leased.size(), static_cast<size_t>(kJobs));
  EXPECT_EQ(std::set<std::string>(leased.begin(), leased.end()).size(), static_cast<size_t>(kJobs));
  EXPECT_EQ(store_->ledger().balances("A", 0)->at(0).spent_micros, kJobs / 2 * 10);
  EXPECT_EQ(store_->ledger().balances("B", 0)->at(0).spent_micros, kJobs / 2 * 10);
  EXPECT_TRUE(store_->ledger().audit()->empty());
}

TEST_P(ThreadsContract, SimultaneousSubmitsWithOneKeyGiveOneJob) {
  std::atomic<int> made = 0, replayed = 0;
  run([&](int thread) {
    NewJob job = new_job("job_" + std::to_string(thread), "A", 10);
    job.idempotency = {"order-1", "hash"};
    const std::string answer = submit(instance(thread), job);
    (answer.ends_with(" again") ? replayed : made) += 1;
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(replayed, 2 * kThreads - 1);
  EXPECT_EQ(store_->ledger().balances("A", 0)->at(0).held_micros, 10);
}

TEST_P(ThreadsContract, ABudgetHoldsAgainstAllAtOnce) {
  add_key(*store_, "poor", {{Currency::usd, 50, std::nullopt}});
  std::atomic<int> made = 0;
  run([&](int thread) {
    for (int i = 0; i < 3; ++i) {
      const std::string id = "job_" + std::to_string(thread) + "_" + std::to_string(i);
      if (submit(instance(thread), new_job(id, "poor", 10)) == id) ++made;
    }
  });
  EXPECT_EQ(made, 5);
  EXPECT_EQ(store_->ledger().balances("poor", 0)->at(0).held_micros, 50);
}

TEST_P(ThreadsContract, TheListenerHearsEventsInTheirOrder) {
  std::vector<int64_t> heard;
  std::atomic<int> inside = 0, overlaps = 0;
  store_->events().set_listener([&](const std::vector<JobEvent>& events) {
    if (++inside > 1) ++overlaps;
    for (const JobEvent& event : events) heard.push_back(event.id);
    --inside;
  });
  run([&](int thread) {
    for (int i = 0; i < 20; ++i) {
      submit(*store_, new_job("job_" + std::to_string(thread) + "_" + std::to_string(i), "A"));
    }
  });
  EXPECT_EQ(overlaps, 0);
  EXPECT_EQ(heard.size(), static_cast<size_t>(2 * kThreads * 20));
  EXPECT_TRUE(std::is_sorted(heard.begin(), heard.end()));
}

TEST_P(ThreadsContract, OneRefusedCallDisturbsNoOther) {
  submit(*store_, new_job("job_taken", "A"));
  std::atomic<int> made = 0, refused = 0;
  run([&](int thread) {
    for (int i = 0; i < 20; ++i) {
      const bool good = i % 2 == 0;
      const std::string id = "job_" + std::to_string(thread) + "_" + std::to_string(i);
      const std::string answer = submit(instance(thread), new_job(good ? id : "job_taken", "A", 1));
      if (answer == id) ++made;
      if (answer == "conflict") ++refused;
    }
  });
  EXPECT_EQ(made, 2 * kThreads * 10);
  EXPECT_EQ(refused, 2 * kThreads * 10);
  EXPECT_EQ(store_->ledger().balances("A", 0)->at(0).held_micros, 2 * kThreads * 10);
  EXPECT_TRUE(store_->ledger().audit()->empty());
}

}  // namespace
}  // namespace troupe::jobs
