// Handing out jobs, and taking up those whose worker died.
#include "jobs/settlement.h"
#include "jobs/sqlite/next_job.h"
#include "jobs/sqlite/sqlite_queue.h"

namespace troupe::jobs {
namespace {

Result<JobRow> existing_row(Database& database, const std::string& id) {
  TROUPE_TRY(auto row, find_row(database, id));
  if (!row) return make_error(ErrorCode::internal, "The index names a job that is not there: " + id + ".");
  return std::move(*row);
}

Error too_many_crashes(int crashes) {
  return make_error(ErrorCode::internal,
                    "The job's worker died " + std::to_string(crashes) +
                        " times while it had the job. See the workers' logs, then resume "
                        "or cancel the job.");
}

/// Hands the job of `row` to the worker.
Result<Lease> hand_out(Change& change, JobRow& row, const LeaseRequest& request) {
  Job& job = row.job;
  // One that a provider has may not be made again: its next worker asks the provider.
  job.state = job.provider_task.empty() ? JobState::running : JobState::submitted;
  if (job.state == JobState::running || !job.started) job.started = change.now;
  job.attempts += 1;
  job.progress = JobProgress();
  row.worker = request.worker;
  row.token += 1;
  row.expires = change.now + request.duration;
  TROUPE_CHECK_OK(store(change, row, {}));
  TROUPE_CHECK_OK(take_turn(change.database, job.account));
  return Lease{job, row.worker, row.token, row.expires};
}

/// Counts the crash of an abandoned job. True if it may be worked on again; else it was ended or parked.
Result<bool> take_up(Change& change, JobRow& row, const QueueBounds& bounds) {
  Job& job = row.job;
  if (row.worker.empty()) return true;  // given back, not abandoned
  job.crashes += 1;
  end_lease(row);
  // What a provider has is to be stopped there: the next worker does that.
  if (job.cancel_requested && job.provider_task.empty()) {
    const auto lines = apply_cancel(job, change.now);
    TROUPE_CHECK_OK(store(change, row, lines));
    return false;
  }
  if (job.crashes < bounds.crashes_max) return true;
  job.state = JobState::parked;
  job.error = too_many_crashes(job.crashes);
  TROUPE_CHECK_OK(store(change, row, {}));
  return false;
}

}  // namespace

Result<std::optional<Lease>> lease_job(Change& change, const LeaseRequest& request,
                                       const QueueBounds& bounds) {
  while (true) {
    TROUPE_TRY(const auto abandoned, next_abandoned(change.database, request.engines, change.now));
    if (!abandoned) break;
    TROUPE_TRY(JobRow row, existing_row(change.database, *abandoned));
    TROUPE_TRY(const bool workable, take_up(change, row, bounds));
    if (!workable) continue;
    TROUPE_TRY(Lease lease, hand_out(change, row, request));
    return std::optional(std::move(lease));
  }
  TROUPE_TRY(const auto queued, next_queued(change.database, request.engines));
  if (!queued) return std::optional<Lease>();
  TROUPE_TRY(JobRow row, existing_row(change.database, *queued));
  TROUPE_TRY(Lease lease, hand_out(change, row, request));
  return std::optional(std::move(lease));
}

}  // namespace troupe::jobs
