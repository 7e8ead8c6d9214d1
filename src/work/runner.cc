#include "work/runner.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "work/job_media.h"
#include "work/job_run.h"

namespace troupe::work {
namespace {

constexpr int kEndTries = 8;  // of telling the store how a job ended, a second or more apart
constexpr std::chrono::milliseconds kTryAgain{1000};

jobs::Outcome failed(Error error) {
  jobs::Outcome outcome;
  outcome.kind = jobs::Outcome::Kind::failed;
  outcome.error = std::move(error);
  return outcome;
}

// An engine or a library that throws fails its job, not its worker.
Result<jobs::Outcome> run_guarded(const RunnerParts& parts, const RunnerOptions& options, const Job& job,
                                  LeaseKeeper& keeper) {
  try {
    return run_job(parts, options, job, keeper);
  } catch (const std::bad_alloc&) {
    return make_error(ErrorCode::out_of_memory, "there was not enough memory for this job");
  } catch (const std::exception& e) {
    return make_error(ErrorCode::internal, e.what());
  }
}

}  // namespace

struct Runner::State {
  RunnerParts parts;
  RunnerOptions options;
  std::mutex mutex;
  std::condition_variable changed;
  uint64_t wakes = 0;
  bool stopping = false, stop_work = false;
  std::set<LeaseKeeper*> running;
  std::vector<std::thread> threads;

  State(RunnerParts p, RunnerOptions o) : parts(std::move(p)), options(std::move(o)) {}

  void work(int index) {
    jobs::LeaseRequest request;
    request.worker = options.worker + "-" + std::to_string(index + 1);
    for (const auto& [name, engine] : parts.engines) request.engines.push_back(name);
    if (parts.remote != nullptr) request.engines.emplace_back(kRemoteEngineName);
    request.duration = options.lease;
    uint64_t seen = 0;
    while (wait_for_work(seen)) {
      // One after the other until the queue has none for us.
      while (!is_stopping() && take_one(request)) {
      }
    }
  }

  bool is_stopping() {
    const std::lock_guard lock(mutex);
    return stopping;
  }

  // Until woken, or until it is time to look. The first time at once.
  bool wait_for_work(uint64_t& seen) {
    std::unique_lock lock(mutex);
    if (seen > 0) {
      changed.wait_for(lock, options.look_every, [&] { return stopping || wakes >= seen; });
    }
    seen = wakes + 1;
    return !stopping;
  }

  bool take_one(const jobs::LeaseRequest& request) {
    Result<std::optional<jobs::Lease>> lease = parts.queue.lease(request, parts.clock.now());
    if (!lease) {
      complain("no job could be leased: " + to_string(lease.error()));
      return false;
    }
    if (!*lease) return false;
    run(**lease);
    return true;
  }

  void run(const jobs::Lease& lease) {
    LeaseKeeper keeper(parts, options, lease);
    add(keeper);
    Result<jobs::Outcome> result = run_guarded(parts, options, lease.job, keeper);
    remove(keeper);
    if (keeper.lost()) return;
    const bool stopped = !result && result.error().code == ErrorCode::cancelled;
    // What the user wants stopped is given back as well: the store knows who may end it.
    if (stopped && (!keeper.cancel_requested() || keeper.closing().cancelled())) return give_back(lease);
    jobs::Outcome outcome = result ? std::move(*result) : failed(result.error());
    if (stopped) outcome.kind = jobs::Outcome::Kind::cancelled;
    if (outcome.error) outcome.error->field = callers_field(lease.job, outcome.error->field);
    end(lease, outcome);
  }

  void add(LeaseKeeper& keeper) {
    const std::lock_guard lock(mutex);
    running.insert(&keeper);
    if (stop_work) keeper.stop_work();
  }

  void remove(LeaseKeeper& keeper) {
    {
      const std::lock_guard lock(mutex);
      running.erase(&keeper);
    }
    changed.notify_all();
  }

  void give_back(const jobs::Lease& lease) {
    if (const auto given = parts.queue.give_back(lease, parts.clock.now()); !given)
      complain(lease.job.id + " could not be given back: " + to_string(given.error()));
  }

  // A full disk may have room again soon; the lease goes on being held meanwhile. After the last try the
  // lease passes, and the job is made again by whoever leases it next.
  void end(const jobs::Lease& lease, const jobs::Outcome& outcome) {
    for (int tries = 1;; ++tries) {
      const Result<Job> ended = parts.queue.finish(lease, outcome, parts.clock.now());
      if (ended || ended.error().code == ErrorCode::conflict) return;
      complain("the end of " + lease.job.id + " could not be stored: " + to_string(ended.error()));
      if (tries == kEndTries) return;
      std::unique_lock lock(mutex);
      changed.wait_for(lock, kTryAgain * tries, [&] { return stop_work; });
    }
  }

  void complain(const std::string& text) const {
    if (parts.complain) parts.complain(text);
  }
};

Runner::Runner(RunnerParts parts, RunnerOptions options)
    : state_(std::make_unique<State>(std::move(parts), std::move(options))) {}

Runner::~Runner() { stop(std::chrono::milliseconds(0)); }

void Runner::start() {
  for (int i = 0; i < state_->options.workers; ++i) {
    state_->threads.emplace_back([this, i] { state_->work(i); });
  }
}

void Runner::wake() {
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->wakes;
  }
  state_->changed.notify_all();
}

void Runner::look_at(const std::string& job) {
  const std::lock_guard lock(state_->mutex);
  for (LeaseKeeper* keeper : state_->running)
    if (keeper->job() == job) keeper->look();
}

void Runner::stop(std::chrono::milliseconds grace) {
  State& s = *state_;
  {
    std::unique_lock lock(s.mutex);
    s.stopping = true;
    s.changed.notify_all();
    s.changed.wait_for(lock, grace, [&] { return s.running.empty(); });
    s.stop_work = true;
    for (LeaseKeeper* keeper : s.running) keeper->stop_work();
  }
  s.changed.notify_all();
  for (std::thread& thread : s.threads) thread.join();
  s.threads.clear();
}

}  // namespace troupe::work
