// A process that works on the store is killed at random moments: nothing that it was told is lost, nothing is
// paid twice.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <thread>

#include "base/random.h"
#include "jobs/jobs_for_test.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

constexpr int kCycles = 20;
constexpr int64_t kPrice = 10;

/// Writes one line to the parent; a pipe takes so few bytes whole.
void report(int pipe, char what, const std::string& id) {
  const std::string line = what + id + "\n";
  if (write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(3);
}

/// Submits, leases and finishes until it is killed; reports what was acknowledged. Several threads, so that
/// some calls are always in the middle.
[[noreturn]] void work_until_killed(SqlitePlace& place, int cycle, int pipe) {
  const auto store = place.open({.crashes_max = 1000});
  if (!store) _exit(1);
  const Time now = test_time(100 * cycle);  // Leases of the cycle before have passed.
  const auto work = [&](int thread) {
    for (int i = 0;; ++i) {
      const std::string id =
          "job_" + std::to_string(cycle) + "_" + std::to_string(thread) + "_" + std::to_string(i);
      if (submit(*store, new_job(id, "A", kPrice), now) != id) _exit(2);
      report(pipe, 's', id);
      const auto lease = store->queue().lease({"w" + id, {"stage"}, std::chrono::seconds(30)}, now);
      if (!lease || !*lease || i % 3 == 0) continue;
      if (store->queue().finish(**lease, succeeded(), now)) report(pipe, 'f', (*lease)->job.id);
    }
  };
  std::thread other(work, 1);
  work(0);
  _exit(4);
}

/// All that the child wrote, once it is dead.
std::string read_all(int pipe) {
  std::string text;
  std::array<char, 4096> chunk;
  for (ssize_t got = 0; (got = read(pipe, chunk.data(), chunk.size())) > 0;) {
    text.append(chunk.data(), static_cast<size_t>(got));
  }
  return text;
}

struct Acknowledged {
  std::set<std::string> submitted, finished;

  void add(const std::string& reports) {
    size_t start = 0;
    for (size_t end = 0; (end = reports.find('\n', start)) != std::string::npos; start = end + 1) {
      const std::string id = reports.substr(start + 1, end - start - 1);
      (reports[start] == 's' ? submitted : finished).insert(id);
    }
  }
};

/// Runs a child, kills it after it has reported `reports_min` bytes or so.
std::string run_and_kill(SqlitePlace& place, int cycle, size_t reports_min, int delay_micros) {
  int pipes[2];
  if (pipe(pipes) != 0) return "";
  const pid_t child = fork();
  if (child == 0) {
    close(pipes[0]);
    work_until_killed(place, cycle, pipes[1]);
  }
  close(pipes[1]);
  std::string reports;
  std::array<char, 512> chunk;
  while (reports.size() < reports_min) {
    const ssize_t got = read(pipes[0], chunk.data(), chunk.size());
    if (got <= 0) break;
    reports.append(chunk.data(), static_cast<size_t>(got));
  }
  usleep(static_cast<useconds_t>(delay_micros));  // Any moment will do; this spreads them.
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
  reports += read_all(pipes[0]);
  close(pipes[0]);
  return reports;
}

void check(JobStore& store, const Acknowledged& acknowledged) {
  for (const std::string& id : acknowledged.submitted) {
    const auto job = store.queue().find(id);
    ASSERT_TRUE(job && *job) << id << " was acknowledged and is lost";
    EXPECT_EQ((*job)->price.micros, kPrice);
  }
  for (const std::string& id : acknowledged.finished) {
    const auto job = store.queue().find(id);
    EXPECT_EQ((*job)->state, JobState::succeeded) << id;
  }
  const auto drifts = store.ledger().audit();
  ASSERT_TRUE(drifts);
  for (const Drift& drift : *drifts) ADD_FAILURE() << drift.account << " " << drift.job << ": " << drift.what;
  const auto counts = store.queue().counts();
  const int64_t succeeded = counts->count(JobState::succeeded) ? counts->at(JobState::succeeded) : 0;
  EXPECT_GE(succeeded, static_cast<int64_t>(acknowledged.finished.size()));
  const auto balances = store.ledger().balances("A", 0);
  ASSERT_EQ(balances->size(), 1u);
  EXPECT_EQ(balances->front().spent_micros, succeeded * kPrice);
}

TEST(Kill, LosesNothingThatWasAcknowledgedAndChargesNothingTwice) {
  SqlitePlace place;
  add_key(*place.open({}), "A");
  Random random(7);
  Acknowledged acknowledged;
  for (int cycle = 0; cycle < kCycles && !testing::Test::HasFailure(); ++cycle) {
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    acknowledged.add(run_and_kill(place, cycle, static_cast<size_t>(random.below(1500)), random.below(3000)));
    check(*place.open({}), acknowledged);
  }
  EXPECT_GT(acknowledged.finished.size(), static_cast<size_t>(kCycles));
}

}  // namespace
}  // namespace troupe::jobs
