#include "jobs/sqlite/job_rows.h"

#include "jobs/fold_case.h"
#include "jobs/stored_words.h"

namespace troupe::jobs {
namespace {

Error strange_word(const char* what, const std::string& word) {
  return make_error(ErrorCode::corrupt_input, std::string("The job database has an unknown ") + what + " \"" +
                                                  word + "\": a newer version wrote it, or it is damaged.");
}

/// Reads the columns of a row one after the other.
class Columns {
 public:
  explicit Columns(const Statement& select) : select_(select) {}
  std::string text() { return select_.text(next_++); }
  int64_t integer() { return select_.integer(next_++); }
  int small() { return select_.small(next_++); }
  bool boolean() { return select_.boolean(next_++); }
  double real() { return select_.real(next_++); }
  Time time() { return select_.time(next_++); }
  std::optional<Time> maybe_time() { return select_.maybe_time(next_++); }
  std::optional<double> maybe_real() { return select_.maybe_real(next_++); }
  bool skip_null() { return select_.is_null(next_) && ++next_; }

 private:
  const Statement& select_;
  int next_ = 0;
};

Result<void> read_standing(Columns& columns, JobRow& row) {
  Job& job = row.job;
  job.id = columns.text();
  job.account = columns.text();
  const std::string state = columns.text();
  if (const auto known = parse_job_state(state)) {
    job.state = *known;
  } else {
    return strange_word("state", state);
  }
  job.engine = columns.text();
  job.lane = columns.small();
  job.model = columns.text();
  job.created = columns.time();
  job.updated = columns.time();
  job.started = columns.maybe_time();
  job.finished = columns.maybe_time();
  job.attempts = columns.small();
  job.crashes = columns.small();
  job.cancel_requested = columns.boolean();
  row.worker = columns.text();
  row.token = columns.integer();
  row.expires = columns.time();
  return {};
}

Result<void> read_money(Columns& columns, Job& job) {
  const std::string word = columns.text();
  const auto currency = parse_currency(word);
  if (!currency) return strange_word("currency", word);
  job.price = Money{columns.integer(), *currency};
  job.charged = Money{columns.integer(), *currency};
  return {};
}

void read_progress(Columns& columns, JobProgress& progress) {
  progress.stage = columns.text();
  progress.fraction = columns.real();
  progress.frames_done = columns.integer();
  progress.frames_total = columns.integer();
  progress.seconds_left = columns.maybe_real();
}

Result<void> read_error(Columns& columns, Job& job) {
  const bool none = columns.skip_null();
  const std::string word = none ? "" : columns.text();
  std::string message = columns.text();
  std::string field = columns.text();
  if (none) return {};
  const auto code = parse_error_code(word);
  if (!code) return strange_word("error code", word);
  job.error = Error{*code, std::move(message), std::move(field)};
  return {};
}

Take read_take(const Statement& select) {
  Columns columns(select);
  Take take;
  take.video = columns.text();
  take.thumbnail = columns.text();
  take.last_frame = columns.text();
  take.size_bytes = static_cast<uint64_t>(columns.integer());
  take.size.width = columns.small();
  take.size.height = columns.small();
  take.rate.numerator = columns.small();
  take.rate.denominator = columns.small();
  take.frames = columns.integer();
  take.seed = static_cast<uint64_t>(columns.integer());
  take.audio = columns.boolean();
  take.model = columns.text();
  take.spritesheet = columns.text();
  return take;
}

}  // namespace

void end_lease(JobRow& row) {
  row.worker.clear();
  row.expires = Time();
}

Result<JobRow> read_row(const Statement& select) {
  Columns columns(select);
  JobRow row;
  Job& job = row.job;
  TROUPE_CHECK_OK(read_standing(columns, row));
  TROUPE_CHECK_OK(read_money(columns, job));
  job.dialect = columns.text();
  job.draft = columns.boolean();
  job.parent = columns.text();
  job.provider_task = columns.text();
  read_progress(columns, job.progress);
  TROUPE_CHECK_OK(read_error(columns, job));
  job.spec_hash = columns.text();
  job.webhook_url = columns.text();
  row.place = columns.integer();
  job.prompt = columns.text();
  job.metadata_json = columns.text();
  job.spec_json = columns.text();
  job.report_json = columns.text();
  job.fields = columns.text();
  return row;
}

Result<void> read_takes(Database& database, Job& job) {
  if (!is_final(job.state) && job.state != JobState::parked) return {};
  Statement select = database.prepare(
      "SELECT video, thumbnail, last_frame, size_bytes, width, height, rate_numerator, rate_denominator,"
      " frames, seed, audio, model, spritesheet FROM takes WHERE job = ? ORDER BY position",
      job.id);
  while (true) {
    TROUPE_TRY(const bool more, select.step());
    if (!more) return {};
    job.takes.push_back(read_take(select));
  }
}

Result<std::optional<JobRow>> find_row(Database& database, const std::string& id) {
  static const std::string kSql = std::string(kSelectJob) + "WHERE j.id = ?";
  Statement select = database.prepare(kSql, id);
  TROUPE_TRY(const bool found, select.step());
  if (!found) return std::optional<JobRow>();
  TROUPE_TRY(JobRow row, read_row(select));
  TROUPE_CHECK_OK(read_takes(database, row.job));
  return std::optional<JobRow>(std::move(row));
}

Result<void> insert_job(Database& database, const Job& job) {
  auto inserted = database.run(
      "INSERT INTO jobs (id, account, state, engine, lane, model, created, updated, currency, price_micros,"
      " dialect, draft, parent, spec_hash, webhook_url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      job.id, job.account, name(job.state), job.engine, job.lane, job.model, job.created, job.updated,
      word(job.price.currency), job.price.micros, job.dialect, job.draft, job.parent, job.spec_hash,
      job.webhook_url);
  if (!inserted && inserted.error().code == ErrorCode::conflict) {
    return make_error(ErrorCode::conflict, "There is a job " + job.id + " already.", "/id");
  }
  TROUPE_CHECK_OK(inserted);
  TROUPE_CHECK_OK(
      database.run("INSERT INTO job_texts (place, prompt_folded, prompt, metadata_json, spec_json, fields)"
                   " VALUES (?, ?, ?, ?, ?, ?)",
                   database.last_row_id(), fold_case(job.prompt), job.prompt, job.metadata_json,
                   job.spec_json, job.fields));
  return {};
}

Result<void> update_row(Database& database, const JobRow& row) {
  const Job& job = row.job;
  const auto error_code = job.error ? std::optional(std::string(name(job.error->code))) : std::nullopt;
  const Error error = job.error.value_or(Error{ErrorCode::internal, "", ""});
  TROUPE_CHECK_OK(database.run(
      "UPDATE jobs SET state = ?, updated = ?, started = ?, finished = ?, attempts = ?, crashes = ?,"
      " cancel_requested = ?, lease_worker = ?, lease_token = ?, lease_expires = ?, charged_micros = ?,"
      " provider_task = ?, progress_stage = ?, progress_fraction = ?, progress_frames_done = ?,"
      " progress_frames_total = ?, progress_seconds_left = ?, error_code = ?, error_message = ?,"
      " error_field = ? WHERE place = ?",
      name(job.state), job.updated, job.started, job.finished, job.attempts, job.crashes,
      job.cancel_requested, row.worker, row.token, row.expires, job.charged.micros, job.provider_task,
      job.progress.stage, job.progress.fraction, job.progress.frames_done, job.progress.frames_total,
      job.progress.seconds_left, error_code, error.message, error.field, row.place));
  return {};
}

Result<void> store_results(Database& database, const JobRow& row) {
  const Job& job = row.job;
  TROUPE_CHECK_OK(
      database.run("UPDATE job_texts SET report_json = ? WHERE place = ?", job.report_json, row.place));
  TROUPE_CHECK_OK(database.run("DELETE FROM takes WHERE job = ?", job.id));
  int position = 0;
  for (const Take& take : job.takes) {
    TROUPE_CHECK_OK(database.run("INSERT INTO takes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                 job.id, position++, take.video, take.thumbnail, take.last_frame,
                                 static_cast<int64_t>(take.size_bytes), take.size.width, take.size.height,
                                 take.rate.numerator, take.rate.denominator, take.frames,
                                 static_cast<int64_t>(take.seed), take.audio, take.model, take.spritesheet));
  }
  return {};
}

}  // namespace troupe::jobs
