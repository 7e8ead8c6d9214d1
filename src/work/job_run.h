// One leased job, from its spec to stored takes. Private to work/.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/cancel.h"
#include "work/make_take.h"
#include "work/runner.h"

namespace troupe::work {

/// Keeps a lease alive from a thread of its own and carries progress into the store.
/// Thread-safety: show() and the questions may be asked from any thread.
class LeaseKeeper {
 public:
  LeaseKeeper(const RunnerParts& parts, const RunnerOptions& options, const jobs::Lease& lease);
  ~LeaseKeeper();

  void show(const JobProgress& progress);
  /// Renews the lease now instead of when it is time: what the store wants of the job is known at once.
  void look();
  const std::string& job() const { return lease_.job.id; }
  const jobs::Lease& lease() const { return lease_; }
  /// Stops the work that holds token(): the runner is closing down.
  void stop_work() {
    closing_.cancel();
    source_.cancel();
  }
  CancelToken token() const { return source_.token(); }
  /// Cancelled where the run is to end at once, by stop_work() or since the lease is lost; not where the user
  /// wants the job stopped, which may take a while.
  CancelToken closing() const { return closing_.token(); }
  /// Somebody else has the job now: nothing of this run counts.
  bool lost() const { return lost_; }
  /// The user wants it stopped.
  bool cancel_requested() const { return cancel_requested_; }

 private:
  void run();
  void beat(const std::optional<JobProgress>& progress);

  const RunnerParts& parts_;
  const RunnerOptions& options_;
  const jobs::Lease& lease_;
  CancelSource source_, closing_;
  std::atomic<bool> lost_ = false, cancel_requested_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<JobProgress> shown_;
  bool look_ = false, done_ = false;
  std::thread thread_;
};

/// Makes every take of the job and puts it into the store. Errors: cancelled (the keeper's token); what the
/// request's media, the engine, the encoder or the store say.
Result<jobs::Outcome> run_job(const RunnerParts& parts, const RunnerOptions& options, const Job& job,
                              LeaseKeeper& keeper);

}  // namespace troupe::work
