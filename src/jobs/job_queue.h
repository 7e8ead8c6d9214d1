// The durable queue: jobs, who works on them, and what each change does to the ledger.
//
// States: queued → running → (submitted) → succeeded | failed | cancelled | parked. Every change is one
// transaction that also writes its event and its ledger lines; when a call returns, that is on the disk.
// Thread-safety of every implementation: all calls may run at once, in several processes too.
// Blocking: every call does disk I/O. Errors of every call: io, unavailable (locked, disk full), internal;
// further ones are named. A call that failed has changed nothing.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "core/account.h"
#include "core/job.h"

namespace troupe::jobs {

/// How many jobs may wait at once, in all and of one account.
struct QueueBounds {
  int queued_max = 10000;
  int queued_per_account_max = 1000;
  int crashes_max = 2;  ///< a job whose worker died so often is parked
};

/// What makes a repeated request the same one. Kept for a day.
struct IdempotencyKey {
  std::string key;           ///< the caller's, 1 … 255 bytes
  std::string request_hash;  ///< of all that was asked
};

struct NewJob {
  Job job;  ///< id, account, dialect, model, engine, draft, prompt, spec, parent, metadata, webhook, lane,
            ///< price
  std::optional<IdempotencyKey> idempotency;
  std::vector<std::string> uploads;  ///< ids that its spec names: kept while the job is there
};

struct Submitted {
  Job job;
  bool replayed =
      false;  ///< the job of an earlier request with the same idempotency key; nothing was written
};

struct SubmitRefusal {
  enum class Why {
    queue_full,
    account_queue_full,
    over_budget,           ///< the price is more than the key's budgets leave
    idempotency_mismatch,  ///< the key was used for another request
  };
  Why why = Why::queue_full;
  std::string message;                  ///< for people, with the figures
  std::chrono::seconds retry_after{0};  ///< when it may be worth trying again
};

/// The longest lease: how long a dead worker may go unnoticed.
inline constexpr std::chrono::hours kLeaseMax{1};

/// A worker's time-limited right to a job. Whoever has an older token can change nothing any more.
struct Lease {
  Job job;
  std::string worker;
  int64_t token = 0;  ///< fencing: rises with every lease of the job
  Time expires;
};

struct LeaseRequest {
  std::string worker;                         ///< unique to the worker
  std::vector<std::string> engines;           ///< what it can do
  std::chrono::milliseconds duration{30000};  ///< at most kLeaseMax
};

struct Heartbeat {
  Time expires;
  bool cancel_requested = false;
};

/// How a job ended.
struct Outcome {
  enum class Kind { succeeded, failed, cancelled, parked };
  Kind kind = Kind::failed;
  std::vector<Take> takes;
  std::string report_json;
  std::optional<Error> error;   ///< with failed and parked
  std::optional<Money> charge;  ///< with succeeded: at most the price; none = the price
  Money kept;                   ///< with failed and cancelled: what is kept all the same, at most the price
  std::string kept_reason;      ///< a few words, where something is kept
};

struct JobFilter {
  std::optional<std::string> account;  ///< none = everybody's
  std::vector<JobState> states;        ///< none = all
  std::string model;                   ///< "" = all
  std::string text;                    ///< part of the prompt, whatever the case; "" = all
};

/// Newest first. `next` is the id to give as `before` for the page after this one; empty on the last.
struct JobPage {
  std::vector<Job> jobs;
  std::string next;
};

class JobQueue {
 public:
  virtual ~JobQueue() = default;

  /// Writes job, hold and event ("job.queued"). A price of 0 holds nothing and needs no budget. Errors:
  /// not_found (no key of the account; no complete upload of it with an id of `uploads`), conflict (the id is
  /// taken; the idempotency key's job was deleted), invalid_argument, over_limit (a text past its bound).
  virtual Result<std::variant<Submitted, SubmitRefusal>> submit(const NewJob& job, Time now) = 0;

  virtual Result<std::optional<Job>> find(const std::string& id) = 0;
  /// In the order of ids, which have the time in front. `limit` 1 … 200; `before` a job id, or empty for the
  /// newest.
  virtual Result<JobPage> list(const JobFilter& filter, const std::string& before, int limit) = 0;

  /// The next job for a worker, or none. Highest lane first; among accounts with jobs in that lane the one
  /// that was served longest ago; its oldest job first. A running or submitted job whose lease has passed is
  /// taken up before any queued one: its `crashes` rise by one; at QueueBounds::crashes_max it is parked
  /// ("job.parked", its hold stays) and the next one is looked for. One with cancel_requested is cancelled
  /// instead, unless a provider has it: then its worker stops it there. One that was given back as submitted
  /// is taken up in the same way, but has not crashed. A job with a provider's task becomes submitted, all
  /// others running. A lease that ends more than kLeaseMax from now was written before the clock jumped back,
  /// and has passed.
  virtual Result<std::optional<Lease>> lease(const LeaseRequest& request, Time now) = 0;

  /// Goes on holding a job, and says how far it is ("job.progress", if `progress` is given).
  /// Errors: conflict: the lease is lost; stop and write nothing.
  virtual Result<Heartbeat> heartbeat(const Lease& lease, const std::optional<JobProgress>& progress,
                                      std::chrono::milliseconds duration, Time now) = 0;

  /// All leases pass now. For whoever knows that no worker is alive, such as the one server of a data folder
  /// when it starts: what a dead one worked on is taken up at once. Returns how many.
  virtual Result<int64_t> expire_leases(Time now) = 0;

  /// A provider took the job: state submitted, its task id stored. Errors: conflict.
  virtual Result<void> mark_submitted(const Lease& lease, const std::string& provider_task, Time now) = 0;

  /// Ends the job: settles, releases, keeps. Errors: conflict; invalid_argument (more charged than held).
  virtual Result<Job> finish(const Lease& lease, const Outcome& outcome, Time now) = 0;

  /// Back to the queue (a submitted one stays submitted, to be asked about), without a crash counted: its
  /// place in the queue is that of its creation. A running one that was asked to stop is cancelled instead.
  /// Errors: conflict.
  virtual Result<void> give_back(const Lease& lease, Time now) = 0;

  /// queued and parked jobs that no provider has are cancelled at once; those with a provider's task become
  /// submitted, for a worker to stop them there, their crashes, error and results forgotten; running and
  /// submitted ones are asked to stop. All but those cancelled at once get cancel_requested and
  /// "job.cancel_requested"; for final ones nothing changes. Returns the job after it. Errors: not_found.
  virtual Result<Job> cancel(const std::string& id, Time now) = 0;

  /// Cancels a job that nobody works on, whatever a provider may have of it: its hold is released, and
  /// "job.cancelled" has "abandoned": true where there was a provider's task. For final jobs nothing changes.
  /// Returns the job after it. Errors: not_found; conflict: a worker has it.
  virtual Result<Job> abandon(const std::string& id, Time now) = 0;

  /// parked → queued, its crashes, error, results and wish to be cancelled forgotten, a provider's task kept.
  /// Errors: not_found; conflict: it is not parked.
  virtual Result<Job> resume(const std::string& id, Time now) = 0;

  /// Forgets a final job ("job.deleted"); ledger lines stay. Errors: not_found; conflict: it is not final.
  virtual Result<Job> remove(const std::string& id, Time now) = 0;

  /// How many jobs wait in front of it: queued ones of the same engine, of a higher lane or added earlier to
  /// its own. Accounts take turns, so that they may come after it all the same. 0 for one that is not queued.
  virtual Result<int64_t> ahead_of(const std::string& id) = 0;

  /// Jobs by state, for /metrics; states without jobs may be missing.
  virtual Result<std::map<JobState, int64_t>> counts() = 0;

  /// Median seconds from running to succeeded of the last jobs of a model that this machine made, per second
  /// of video; none if there were none.
  virtual Result<std::optional<double>> seconds_per_second(const std::string& model) = 0;
};

}  // namespace troupe::jobs
