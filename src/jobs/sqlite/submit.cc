// Taking a job in: one transaction of few statements.
#include "jobs/admission.h"
#include "jobs/settlement.h"
#include "jobs/sqlite/sqlite_ledger.h"
#include "jobs/sqlite/sqlite_queue.h"
#include "jobs/stored_words.h"

namespace troupe::jobs {
namespace {

/// Forgotten keys that one submit() deletes.
constexpr int kForgetMax = 20;

Result<std::vector<Budget>> budgets_of(Database& database, const std::string& account) {
  Statement select = database.prepare(
      "SELECT b.currency, b.total_micros, b.day_micros FROM keys k LEFT JOIN key_budgets b ON b.key = k.id"
      " WHERE k.id = ?",
      account);
  TROUPE_TRY(bool more, select.step());
  if (!more) {
    return make_error(ErrorCode::not_found, "There is no key " + account + " that could pay.", "/account");
  }
  std::vector<Budget> budgets;
  while (more && !select.is_null(0)) {
    const auto currency = parse_currency(select.text(0));
    if (!currency) return make_error(ErrorCode::corrupt_input, "A budget has an unknown currency.");
    budgets.push_back({*currency, select.maybe_integer(1), select.maybe_integer(2)});
    TROUPE_TRY(more, select.step());
  }
  return budgets;
}

Result<Standing> standing_of(Change& change, const Job& job) {
  Standing standing;
  TROUPE_TRY(standing.budgets, budgets_of(change.database, job.account));
  TROUPE_TRY(const auto queued,
             change.database.integer("SELECT sum(jobs) FROM job_counts WHERE state = 'queued'"));
  TROUPE_TRY(const auto of_account,
             change.database.integer("SELECT jobs FROM job_counts WHERE state = 'queued' AND account = ?",
                                     job.account));
  standing.queued = queued.value_or(0);
  standing.queued_of_account = of_account.value_or(0);
  if (job.price.micros > 0) {
    TROUPE_TRY(standing.balance,
               read_balance(change.database, job.account, job.price.currency, day_of(change.now)));
  }
  return standing;
}

/// What the idempotency key already stands for; none if it is free.
Result<std::optional<Admission>> replay(Change& change, const NewJob& request) {
  Statement select = change.database.prepare(
      "SELECT request_hash, job FROM idempotency WHERE account = ? AND key = ? AND created > ?",
      request.job.account, request.idempotency->key, change.now - kIdempotencyKept);
  TROUPE_TRY(const bool used, select.step());
  if (!used) return std::optional<Admission>();
  if (select.text(0) != request.idempotency->request_hash) {
    return std::optional(Admission{{}, idempotency_mismatch(request.idempotency->key)});
  }
  TROUPE_TRY(auto row, find_row(change.database, select.text(1)));
  if (!row) {
    return make_error(ErrorCode::conflict,
                      "The job of this idempotency key was deleted: use a new key to make another.",
                      "/idempotency_key");
  }
  return std::optional(Admission{{std::move(row->job), true}, {}});
}

Result<void> remember(Change& change, const NewJob& request) {
  TROUPE_CHECK_OK(change.database.run(
      "DELETE FROM idempotency WHERE (account, key) IN (SELECT account, key FROM idempotency"
      " WHERE created <= ? ORDER BY created LIMIT ?)",
      change.now - kIdempotencyKept, kForgetMax));
  TROUPE_CHECK_OK(change.database.run("INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?)",
                                      request.job.account, request.idempotency->key,
                                      request.idempotency->request_hash, request.job.id, change.now));
  return {};
}

Result<void> keep_uploads(Database& database, const NewJob& request) {
  for (const std::string& upload : request.uploads) {
    TROUPE_TRY(const int64_t kept, database.run("INSERT OR IGNORE INTO job_uploads SELECT ?, id FROM uploads"
                                                " WHERE id = ? AND account = ? AND object <> ''",
                                                request.job.id, upload, request.job.account));
    if (kept > 0) continue;
    TROUPE_TRY(const auto twice, database.integer("SELECT 1 FROM job_uploads WHERE job = ? AND upload = ?",
                                                  request.job.id, upload));
    if (!twice) return make_error(ErrorCode::not_found, "There is no complete upload " + upload + ".");
  }
  return {};
}

/// What the caller may set, everything else as it starts.
Job fresh_job(const Job& asked, Time now) {
  Job job;
  job.id = asked.id;
  job.account = asked.account;
  job.dialect = asked.dialect;
  job.model = asked.model;
  job.engine = asked.engine;
  job.draft = asked.draft;
  job.prompt = asked.prompt;
  job.spec_json = asked.spec_json;
  job.spec_hash = asked.spec_hash;
  job.parent = asked.parent;
  job.metadata_json = asked.metadata_json;
  job.webhook_url = asked.webhook_url;
  job.fields = asked.fields;
  job.lane = asked.lane;
  job.price = asked.price;
  job.charged.currency = asked.price.currency;
  job.created = job.updated = now;
  return job;
}

}  // namespace

Result<Admission> submit_job(Change& change, const NewJob& request, const QueueBounds& bounds) {
  if (request.idempotency) {
    TROUPE_TRY(auto answer, replay(change, request));
    if (answer) return std::move(*answer);
  }
  TROUPE_TRY(const Standing standing, standing_of(change, request.job));
  if (auto refused = refusal(request.job, standing, bounds, change.now)) {
    return Admission{{}, std::move(refused)};
  }
  Job job = fresh_job(request.job, change.now);
  TROUPE_CHECK_OK(insert_job(change.database, job));
  TROUPE_CHECK_OK(keep_uploads(change.database, request));
  if (request.idempotency) TROUPE_CHECK_OK(remember(change, request));
  TROUPE_CHECK_OK(post(change.database, hold_lines(job, change.now)));
  TROUPE_CHECK_OK(tell_state(change, job));
  return Admission{{std::move(job), false}, {}};
}

}  // namespace troupe::jobs
