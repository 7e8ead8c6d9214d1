#include "jobs/sqlite/sqlite_queue.h"

#include <algorithm>
#include <cmath>

#include "jobs/admission.h"
#include "jobs/event_data.h"
#include "jobs/settlement.h"
#include "jobs/sqlite/sqlite_ledger.h"

namespace troupe::jobs {
namespace {

constexpr int kPageMax = 200;
constexpr size_t kEnginesMax = 16;  ///< of one worker
constexpr int kMeasuredJobs = 21;   ///< that seconds_per_second() looks back at
constexpr std::string_view kNoSuchJob = "There is no such job.";

Result<JobRow> row_of(Database& database, const std::string& id) {
  TROUPE_TRY(auto row, find_row(database, id));
  if (!row) return make_error(ErrorCode::not_found, std::string(kNoSuchJob));
  return std::move(*row);
}

/// The row of a lease that still holds.
Result<JobRow> leased_row(Database& database, const Lease& lease) {
  TROUPE_TRY(auto row, find_row(database, lease.job.id));
  const bool held = row && !row->worker.empty() && row->worker == lease.worker && row->token == lease.token &&
                    (row->job.state == JobState::running || row->job.state == JobState::submitted);
  if (!held) {
    return make_error(ErrorCode::conflict,
                      "The lease of " + lease.job.id + " is lost: stop working on it and write nothing.");
  }
  return std::move(*row);
}

Result<void> check_duration(std::chrono::milliseconds duration) {
  if (duration.count() > 0 && duration <= kLeaseMax) return {};
  return make_error(ErrorCode::invalid_argument, "A lease lasts more than nothing and at most an hour.",
                    "/duration");
}

Result<void> check_request(const LeaseRequest& request) {
  if (request.worker.empty()) {
    return make_error(ErrorCode::invalid_argument, "A worker needs a name.", "/worker");
  }
  if (request.engines.size() > kEnginesMax) {
    return make_error(ErrorCode::invalid_argument, "A worker has at most 16 engines.", "/engines");
  }
  return check_duration(request.duration);
}

Result<void> check_progress(const JobProgress& progress) {
  if (!(progress.fraction >= 0 && progress.fraction <= 1)) {
    return make_error(ErrorCode::invalid_argument, "Progress is a fraction from 0 to 1.", "/fraction");
  }
  if (progress.seconds_left && !(std::isfinite(*progress.seconds_left) && *progress.seconds_left >= 0)) {
    return make_error(ErrorCode::invalid_argument, "The seconds left are a number from 0 up.",
                      "/seconds_left");
  }
  return {};
}

Error in_state(const Job& job, const char* needed) {
  return make_error(ErrorCode::conflict,
                    "The job is " + std::string(name(job.state)) + "; only " + needed + ".");
}

void back_to_queue(Job& job) {
  job.state = JobState::queued;
  job.started.reset();
  job.progress = JobProgress();
}

bool waits(const Job& job) { return job.state == JobState::queued || job.state == JobState::parked; }

// What earlier runs of the job came to.
Result<void> forget_results(Change& change, JobRow& row) {
  row.job.crashes = 0;
  row.job.error.reset();
  row.job.takes.clear();
  row.job.report_json.clear();
  return store_results(change.database, row);
}

bool is_worked_on(const JobRow& row, Time now) {
  const bool lasts = row.expires > now && row.expires <= now + kLeaseMax;
  return !row.worker.empty() && lasts;
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Result<void> tell(Change& change, const Job& job, const std::string& type, const std::string& data_json) {
  JobEvent event{0, change.now, job.account, job.id, type, data_json};
  TROUPE_CHECK_OK(append_event(change.database, event, job));
  change.events.push_back(std::move(event));
  return {};
}

Result<void> tell_state(Change& change, const Job& job) {
  return tell(change, job, "job." + std::string(name(job.state)), state_data(job));
}

Result<void> store_quietly(Change& change, JobRow& row, const std::vector<LedgerLine>& lines) {
  row.job.updated = change.now;
  TROUPE_CHECK_OK(update_row(change.database, row));
  return post(change.database, lines);
}

Result<void> store(Change& change, JobRow& row, const std::vector<LedgerLine>& lines) {
  TROUPE_CHECK_OK(store_quietly(change, row, lines));
  return tell_state(change, row.job);
}

Result<std::variant<Submitted, SubmitRefusal>> SqliteQueue::submit(const NewJob& job, Time now) {
  TROUPE_CHECK_OK(check_new_job(job));
  TROUPE_TRY(Admission admission, change(now, [&](Change& to) { return submit_job(to, job, bounds_); }));
  using Answer = std::variant<Submitted, SubmitRefusal>;
  if (admission.refused) return Answer(std::move(*admission.refused));
  return Answer(std::move(admission.submitted));
}

Result<std::optional<Job>> SqliteQueue::find(const std::string& id) {
  return connections_.read([&](Database& database) -> Result<std::optional<Job>> {
    TROUPE_TRY(auto row, find_row(database, id));
    return row ? std::optional(std::move(row->job)) : std::nullopt;
  });
}

Result<JobPage> SqliteQueue::list(const JobFilter& filter, const std::string& before, int limit) {
  if (limit < 1 || limit > kPageMax) {
    return make_error(ErrorCode::invalid_argument, "A page has 1 to 200 jobs.", "/limit");
  }
  return connections_.read([&](Database& database) { return list_jobs(database, filter, before, limit); });
}

Result<std::optional<Lease>> SqliteQueue::lease(const LeaseRequest& request, Time now) {
  TROUPE_CHECK_OK(check_request(request));
  return change(now, [&](Change& to) { return lease_job(to, request, bounds_); });
}

Result<Heartbeat> SqliteQueue::heartbeat(const Lease& lease, const std::optional<JobProgress>& progress,
                                         std::chrono::milliseconds duration, Time now) {
  TROUPE_CHECK_OK(check_duration(duration));
  if (progress) TROUPE_CHECK_OK(check_progress(*progress));
  return change(now, [&](Change& to) -> Result<Heartbeat> {
    TROUPE_TRY(JobRow row, leased_row(to.database, lease));
    row.expires = now + duration;
    if (progress) {
      row.job.progress = *progress;
      row.job.updated = now;
    }
    TROUPE_CHECK_OK(update_row(to.database, row));
    if (progress) TROUPE_CHECK_OK(tell(to, row.job, "job.progress", progress_data(*progress)));
    return Heartbeat{row.expires, row.job.cancel_requested};
  });
}

Result<int64_t> SqliteQueue::expire_leases(Time now) {
  return change(now, [&](Change& to) {
    return to.database.run(
        "UPDATE jobs SET lease_expires = ? WHERE state IN ('running', 'submitted') AND lease_worker <> ''"
        " AND lease_expires > ?",
        now, now);
  });
}

Result<void> SqliteQueue::mark_submitted(const Lease& lease, const std::string& provider_task, Time now) {
  if (provider_task.empty()) {
    return make_error(ErrorCode::invalid_argument, "A submitted job needs its provider's task id.",
                      "/provider_task");
  }
  return change(now, [&](Change& to) -> Result<void> {
    TROUPE_TRY(JobRow row, leased_row(to.database, lease));
    if (row.job.state == JobState::submitted && row.job.provider_task == provider_task) return {};
    row.job.state = JobState::submitted;
    row.job.provider_task = provider_task;
    return store(to, row, {});
  });
}

Result<Job> SqliteQueue::finish(const Lease& lease, const Outcome& outcome, Time now) {
  return change(now, [&](Change& to) -> Result<Job> {
    TROUPE_TRY(JobRow row, leased_row(to.database, lease));
    TROUPE_TRY(const auto lines, apply_outcome(row.job, outcome, now));
    end_lease(row);
    TROUPE_CHECK_OK(store_results(to.database, row));
    TROUPE_CHECK_OK(store(to, row, lines));
    return std::move(row.job);
  });
}

Result<void> SqliteQueue::give_back(const Lease& lease, Time now) {
  return change(now, [&](Change& to) -> Result<void> {
    TROUPE_TRY(JobRow row, leased_row(to.database, lease));
    end_lease(row);
    std::vector<LedgerLine> lines;
    if (row.job.state == JobState::running) {
      if (row.job.cancel_requested) {
        lines = apply_cancel(row.job, now);
      } else {
        back_to_queue(row.job);
      }
    }
    return store(to, row, lines);
  });
}

Result<Job> SqliteQueue::cancel(const std::string& id, Time now) {
  return change(now, [&](Change& to) -> Result<Job> {
    TROUPE_TRY(JobRow row, row_of(to.database, id));
    Job& job = row.job;
    if (is_final(job.state) || (job.cancel_requested && !waits(job))) return std::move(job);
    job.cancel_requested = true;
    if (waits(job) && job.provider_task.empty()) {
      const auto lines = apply_cancel(job, now);
      TROUPE_CHECK_OK(store(to, row, lines));
      return std::move(job);
    }
    if (waits(job)) {
      // As one that was given back: the next worker takes it up, and asks the provider.
      job.state = JobState::submitted;
      job.progress = JobProgress();
      TROUPE_CHECK_OK(forget_results(to, row));
    }
    TROUPE_CHECK_OK(store_quietly(to, row, {}));
    TROUPE_CHECK_OK(tell(to, job, "job.cancel_requested", state_data(job)));
    return std::move(job);
  });
}

Result<Job> SqliteQueue::abandon(const std::string& id, Time now) {
  return change(now, [&](Change& to) -> Result<Job> {
    TROUPE_TRY(JobRow row, row_of(to.database, id));
    Job& job = row.job;
    if (is_final(job.state)) return std::move(job);
    if (is_worked_on(row, now)) return in_state(job, "a job that no worker has can be abandoned; cancel it");
    const bool somewhere = !job.provider_task.empty();
    job.cancel_requested = true;
    end_lease(row);
    const auto lines = apply_cancel(job, now, somewhere ? "abandoned at the provider" : "cancelled");
    TROUPE_CHECK_OK(store_quietly(to, row, lines));
    TROUPE_CHECK_OK(tell(to, job, "job.cancelled", somewhere ? abandoned_data(job) : state_data(job)));
    return std::move(job);
  });
}

Result<Job> SqliteQueue::resume(const std::string& id, Time now) {
  return change(now, [&](Change& to) -> Result<Job> {
    TROUPE_TRY(JobRow row, row_of(to.database, id));
    Job& job = row.job;
    if (job.state != JobState::parked) return in_state(job, "a parked job can be resumed");
    job.cancel_requested = false;
    back_to_queue(job);
    TROUPE_CHECK_OK(forget_results(to, row));
    TROUPE_CHECK_OK(store(to, row, {}));
    return std::move(job);
  });
}

Result<Job> SqliteQueue::remove(const std::string& id, Time now) {
  return change(now, [&](Change& to) -> Result<Job> {
    TROUPE_TRY(JobRow row, row_of(to.database, id));
    if (!is_final(row.job.state)) {
      return in_state(row.job, "one that succeeded, failed or was cancelled can be deleted");
    }
    TROUPE_CHECK_OK(to.database.run("DELETE FROM jobs WHERE place = ?", row.place));
    TROUPE_CHECK_OK(tell(to, row.job, "job.deleted", deleted_data(row.job)));
    return std::move(row.job);
  });
}

Result<int64_t> SqliteQueue::ahead_of(const std::string& id) {
  return connections_.read([&](Database& database) -> Result<int64_t> {
    TROUPE_TRY(
        const auto ahead,
        database.integer("SELECT count(*) FROM jobs me JOIN jobs other"
                         " ON other.state = 'queued' AND other.engine = me.engine"
                         " AND (other.lane > me.lane OR (other.lane = me.lane AND other.place < me.place))"
                         " WHERE me.id = ? AND me.state = 'queued'",
                         id));
    return ahead.value_or(0);
  });
}

Result<std::map<JobState, int64_t>> SqliteQueue::counts() {
  return connections_.read([](Database& database) -> Result<std::map<JobState, int64_t>> {
    Statement select = database.prepare("SELECT state, sum(jobs) FROM job_counts GROUP BY state");
    std::map<JobState, int64_t> counts;
    while (true) {
      TROUPE_TRY(const bool more, select.step());
      if (!more) return counts;
      if (const auto state = parse_job_state(select.text(0))) counts[*state] = select.integer(1);
    }
  });
}

Result<std::optional<double>> SqliteQueue::seconds_per_second(const std::string& model) {
  return connections_.read([&](Database& database) -> Result<std::optional<double>> {
    Statement select = database.prepare(
        "SELECT (j.finished - j.started) / 1000.0 /"
        " sum(1.0 * t.frames * t.rate_denominator / t.rate_numerator)"
        " FROM jobs j JOIN takes t ON t.job = j.id"
        " WHERE j.state = 'succeeded' AND j.provider_task = '' AND j.model = ? AND t.frames > 0"
        " AND t.rate_numerator > 0 GROUP BY j.place ORDER BY j.finished DESC LIMIT ?",
        model, kMeasuredJobs);
    std::vector<double> ratios;
    while (true) {
      TROUPE_TRY(const bool more, select.step());
      if (!more) return median(std::move(ratios));
      ratios.push_back(select.real(0));
    }
  });
}

}  // namespace troupe::jobs
