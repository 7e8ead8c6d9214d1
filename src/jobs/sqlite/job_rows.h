// Jobs as rows of the tables jobs, job_texts and takes. Private to this folder.
#pragma once

#include <optional>
#include <string>

#include "core/job.h"
#include "jobs/sqlite/database.h"

namespace troupe::jobs {

/// A job with what its store alone knows.
struct JobRow {
  Job job;
  int64_t place = 0;   ///< in the queue
  std::string worker;  ///< who has the lease; empty = nobody
  int64_t token = 0;
  Time expires;  ///< of the lease; 1970 where nobody has one
};

/// Nobody has it any more.
void end_lease(JobRow& row);

/// What a SELECT of whole jobs names and joins, for read_row().
inline constexpr std::string_view kSelectJob =
    "SELECT j.id, j.account, j.state, j.engine, j.lane, j.model, j.created, j.updated, j.started,"
    " j.finished, j.attempts, j.crashes, j.cancel_requested, j.lease_worker, j.lease_token,"
    " j.lease_expires, j.currency, j.price_micros, j.charged_micros, j.dialect, j.draft, j.parent,"
    " j.provider_task, j.progress_stage, j.progress_fraction, j.progress_frames_done,"
    " j.progress_frames_total, j.progress_seconds_left, j.error_code, j.error_message, j.error_field,"
    " j.spec_hash, j.webhook_url, j.place, t.prompt, t.metadata_json, t.spec_json, t.report_json,"
    " t.fields"
    " FROM jobs j JOIN job_texts t ON t.place = j.place ";

/// The row that `select` stands at, without its takes.
Result<JobRow> read_row(const Statement& select);
/// Reads the takes of a job that may have some.
Result<void> read_takes(Database& database, Job& job);

/// With its takes.
Result<std::optional<JobRow>> find_row(Database& database, const std::string& id);

/// Writes a new job at the end of the queue. Errors: conflict: the id is taken.
Result<void> insert_job(Database& database, const Job& job);
/// Stores everything of a row that may change but takes and report.
Result<void> update_row(Database& database, const JobRow& row);
/// Stores takes and report in place of what was there.
Result<void> store_results(Database& database, const JobRow& row);

}  // namespace troupe::jobs
