// The queue in SQLite. Private to this folder.
#pragma once

#include <vector>

#include "jobs/job_queue.h"
#include "jobs/sqlite/connections.h"
#include "jobs/sqlite/job_rows.h"
#include "jobs/sqlite/sqlite_events.h"

namespace troupe::jobs {

/// One change on its way into the database: every function that takes one runs inside its transaction.
struct Change {
  Database& database;
  Time now;
  std::vector<JobEvent>& events;  ///< what was written, for the listener
};

class SqliteQueue final : public JobQueue {
 public:
  SqliteQueue(Connections& connections, SqliteEvents& events, const QueueBounds& bounds)
      : connections_(connections), events_(events), bounds_(bounds) {}

  Result<std::variant<Submitted, SubmitRefusal>> submit(const NewJob& job, Time now) override;
  Result<std::optional<Job>> find(const std::string& id) override;
  Result<JobPage> list(const JobFilter& filter, const std::string& before, int limit) override;
  Result<std::optional<Lease>> lease(const LeaseRequest& request, Time now) override;
  Result<Heartbeat> heartbeat(const Lease& lease, const std::optional<JobProgress>& progress,
                              std::chrono::milliseconds duration, Time now) override;
  Result<int64_t> expire_leases(Time now) override;
  Result<void> mark_submitted(const Lease& lease, const std::string& provider_task, Time now) override;
  Result<Job> finish(const Lease& lease, const Outcome& outcome, Time now) override;
  Result<void> give_back(const Lease& lease, Time now) override;
  Result<Job> cancel(const std::string& id, Time now) override;
  Result<Job> abandon(const std::string& id, Time now) override;
  Result<Job> resume(const std::string& id, Time now) override;
  Result<Job> remove(const std::string& id, Time now) override;
  Result<int64_t> ahead_of(const std::string& id) override;
  Result<std::map<JobState, int64_t>> counts() override;
  Result<std::optional<double>> seconds_per_second(const std::string& model) override;

 private:
  /// Runs `work`, a Result<T>(Change&), in a write transaction and tells the listener once it is on the disk.
  template <class Work>
  std::invoke_result_t<Work, Change&> change(Time now, const Work& work) {
    std::vector<JobEvent> events;
    return connections_.write(
        [&](Database& database) {
          events.clear();  // It may have run before, in a transaction that was not committed.
          Change change{database, now, events};
          return work(change);
        },
        [&] { events_.announce(events); });
  }

  Connections& connections_;
  SqliteEvents& events_;
  QueueBounds bounds_;
};

/// Writes an event of `job` as it now is.
Result<void> tell(Change& change, const Job& job, const std::string& type, const std::string& data_json);

/// Writes the event of the state that `job` is in.
Result<void> tell_state(Change& change, const Job& job);

/// Stores a changed row and `lines` of the ledger, without an event.
Result<void> store_quietly(Change& change, JobRow& row, const std::vector<LedgerLine>& lines);

/// Stores a changed row, with `lines` of the ledger and the event of the state that the job is in now.
Result<void> store(Change& change, JobRow& row, const std::vector<LedgerLine>& lines);

// The parts of the calls that stand in files of their own.
struct Admission {
  Submitted submitted;  ///< meaningful only if it is not refused
  std::optional<SubmitRefusal> refused;
};
Result<Admission> submit_job(Change& change, const NewJob& job, const QueueBounds& bounds);
Result<std::optional<Lease>> lease_job(Change& change, const LeaseRequest& request,
                                       const QueueBounds& bounds);
Result<JobPage> list_jobs(Database& database, const JobFilter& filter, const std::string& before, int limit);

}  // namespace troupe::jobs
