#include "jobs/sqlite/schema.h"

#include <iterator>
#include <string>

namespace troupe::jobs {
namespace {

/// Marks a file as ours ("TRPE"), so that no other program's database is written into.
constexpr int64_t kApplicationId = 0x54525045;

constexpr const char* kJobs = R"(
CREATE TABLE jobs (
  place INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the queue: the order of creation
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  state TEXT NOT NULL,
  engine TEXT NOT NULL,
  lane INTEGER NOT NULL,
  model TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  started INTEGER,
  finished INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  lease_worker TEXT NOT NULL DEFAULT '',  -- '' = nobody has it
  lease_token INTEGER NOT NULL DEFAULT 0,
  lease_expires INTEGER NOT NULL DEFAULT 0,
  currency TEXT NOT NULL,
  price_micros INTEGER NOT NULL CHECK (price_micros >= 0),
  charged_micros INTEGER NOT NULL DEFAULT 0,
  dialect TEXT NOT NULL,
  draft INTEGER NOT NULL,
  parent TEXT NOT NULL,
  provider_task TEXT NOT NULL DEFAULT '',
  progress_stage TEXT NOT NULL DEFAULT '',
  progress_fraction REAL NOT NULL DEFAULT 0,
  progress_frames_done INTEGER NOT NULL DEFAULT 0,
  progress_frames_total INTEGER NOT NULL DEFAULT 0,
  progress_seconds_left REAL,
  error_code TEXT,
  error_message TEXT NOT NULL DEFAULT '',
  error_field TEXT NOT NULL DEFAULT '',
  spec_hash TEXT NOT NULL,
  webhook_url TEXT NOT NULL
);
CREATE INDEX jobs_waiting ON jobs (engine, lane, account, place) WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (engine, lease_expires, place) WHERE state IN ('running', 'submitted');
CREATE INDEX jobs_of_account ON jobs (account, id);
CREATE INDEX jobs_made ON jobs (model, finished) WHERE state = 'succeeded' AND provider_task = '';

-- What is long and seldom changes, so that a heartbeat doesn't write it again.
CREATE TABLE job_texts (
  place INTEGER PRIMARY KEY REFERENCES jobs (place) ON DELETE CASCADE,
  prompt_folded TEXT NOT NULL,  -- for searches whatever the case
  prompt TEXT NOT NULL,
  metadata_json TEXT NOT NULL,
  spec_json TEXT NOT NULL,
  report_json TEXT NOT NULL DEFAULT ''
);

CREATE TABLE takes (
  job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  video TEXT NOT NULL,
  thumbnail TEXT NOT NULL,
  last_frame TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  rate_numerator INTEGER NOT NULL,
  rate_denominator INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  seed INTEGER NOT NULL,  -- the 64 bits as a signed number
  audio INTEGER NOT NULL,
  PRIMARY KEY (job, position)
) WITHOUT ROWID;

-- When each account was last served, as a number that rises with every lease.
CREATE TABLE turns (
  account TEXT PRIMARY KEY,
  served INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX turns_served ON turns (served);

CREATE TABLE idempotency (
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  job TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_created ON idempotency (created);

-- Jobs by state and account, kept by triggers so that no change of a state can forget it.
CREATE TABLE job_counts (
  state TEXT NOT NULL,
  account TEXT NOT NULL,
  jobs INTEGER NOT NULL,
  PRIMARY KEY (state, account)
) WITHOUT ROWID;
CREATE TRIGGER job_counted AFTER INSERT ON jobs BEGIN
  INSERT INTO job_counts VALUES (new.state, new.account, 1)
    ON CONFLICT (state, account) DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER job_recounted AFTER UPDATE OF state ON jobs WHEN old.state <> new.state BEGIN
  UPDATE job_counts SET jobs = jobs - 1 WHERE state = old.state AND account = old.account;
  DELETE FROM job_counts WHERE state = old.state AND account = old.account AND jobs = 0;
  INSERT INTO job_counts VALUES (new.state, new.account, 1)
    ON CONFLICT (state, account) DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER job_uncounted AFTER DELETE ON jobs BEGIN
  UPDATE job_counts SET jobs = jobs - 1 WHERE state = old.state AND account = old.account;
  DELETE FROM job_counts WHERE state = old.state AND account = old.account AND jobs = 0;
END;
)";

constexpr const char* kLedger = R"(
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  account TEXT NOT NULL,
  job TEXT NOT NULL,
  kind TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_micros INTEGER NOT NULL CHECK (amount_micros >= 0),
  held_micros INTEGER NOT NULL,
  spent_micros INTEGER NOT NULL,
  day INTEGER NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX ledger_of_account ON ledger (account, id);
CREATE INDEX ledger_of_job ON ledger (job);
CREATE UNIQUE INDEX ledger_one_hold ON ledger (job) WHERE kind = 'hold';
CREATE TRIGGER ledger_keeps_lines BEFORE DELETE ON ledger BEGIN
  SELECT raise(ABORT, 'ledger lines are only ever added');
END;
CREATE TRIGGER ledger_keeps_values BEFORE UPDATE ON ledger BEGIN
  SELECT raise(ABORT, 'ledger lines are only ever added');
END;

-- Sums of the lines, so that a budget is checked without adding them all up.
CREATE TABLE balances (
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  held_micros INTEGER NOT NULL,
  spent_micros INTEGER NOT NULL,
  PRIMARY KEY (account, currency)
) WITHOUT ROWID;
CREATE TABLE day_balances (
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  day INTEGER NOT NULL,
  micros INTEGER NOT NULL,
  PRIMARY KEY (account, currency, day)
) WITHOUT ROWID;
)";

constexpr const char* kEvents = R"(
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  account TEXT NOT NULL,
  job TEXT NOT NULL,
  type TEXT NOT NULL,
  data_json TEXT NOT NULL
);
CREATE INDEX events_of_account ON events (account, id);
CREATE INDEX events_of_job ON events (job, id);
CREATE INDEX events_by_time ON events (time);
CREATE INDEX events_of_progress ON events (job) WHERE type = 'job.progress';
)";

constexpr const char* kKeys = R"(
CREATE TABLE keys (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  requests_per_minute INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER,
  revoked INTEGER,
  last_used INTEGER
);
CREATE TABLE key_scopes (
  key TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  scope TEXT NOT NULL,
  PRIMARY KEY (key, position)
) WITHOUT ROWID;
CREATE TABLE key_budgets (
  key TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  currency TEXT NOT NULL,
  total_micros INTEGER,
  day_micros INTEGER,
  PRIMARY KEY (key, position)
) WITHOUT ROWID;
)";

constexpr const char* kLibrary = R"(
CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  object TEXT NOT NULL,  -- '' until the bytes are all there
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  created INTEGER NOT NULL
);
CREATE INDEX uploads_of_account ON uploads (account, id);

CREATE TABLE elements (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  description TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
);
CREATE UNIQUE INDEX elements_by_name ON elements (account, name);
CREATE INDEX elements_of_account ON elements (account, id);

-- The uploads of an element in whatever role; one that stands here is not removed.
CREATE TABLE element_uploads (
  element TEXT NOT NULL REFERENCES elements (id) ON DELETE CASCADE,
  role TEXT NOT NULL,         -- 'frontal', 'angle', 'clip'
  position INTEGER NOT NULL,  -- of the angles
  upload TEXT NOT NULL REFERENCES uploads (id),
  PRIMARY KEY (element, role, position)
) WITHOUT ROWID;
CREATE INDEX element_uploads_of_upload ON element_uploads (upload);
)";

constexpr const char* kWebhooks = R"(
CREATE TABLE webhook_endpoints (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created INTEGER NOT NULL
);
CREATE INDEX webhook_endpoints_of_account ON webhook_endpoints (account, id);
CREATE TABLE webhook_endpoint_events (
  endpoint TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  PRIMARY KEY (endpoint, position)
) WITHOUT ROWID;

CREATE TABLE webhook_deliveries (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  endpoint TEXT NOT NULL,  -- '' = a job's own URL; the log outlives the endpoint
  url TEXT NOT NULL,
  event INTEGER NOT NULL,
  type TEXT NOT NULL,
  job TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt INTEGER,
  last_status INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  created INTEGER NOT NULL
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt, id) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_of_account ON webhook_deliveries (account, id);
)";

// Written to find out whether anything can be.
constexpr const char* kProbe = R"(
CREATE TABLE probe (times INTEGER NOT NULL);
INSERT INTO probe VALUES (0);
)";

// Media that came inside requests, and which jobs name which uploads.
constexpr const char* kAttachedUploads = R"(
ALTER TABLE uploads ADD COLUMN attached INTEGER NOT NULL DEFAULT 0;
CREATE INDEX uploads_listed ON uploads (account, id) WHERE attached = 0;
CREATE INDEX uploads_attached ON uploads (created) WHERE attached = 1;
CREATE INDEX uploads_of_object ON uploads (account, object);
CREATE TABLE job_uploads (
  job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
  PRIMARY KEY (job, upload)
) WITHOUT ROWID;
CREATE INDEX job_uploads_of_upload ON job_uploads (upload);
-- Tags mean a name whatever the case of its ASCII letters.
DROP INDEX elements_by_name;
CREATE UNIQUE INDEX elements_by_name ON elements (account, name COLLATE NOCASE);
)";

constexpr const char* kProviders = R"(
CREATE TABLE providers (
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  base_url TEXT NOT NULL,    -- '' = the usual one
  sealed_key TEXT NOT NULL,  -- sealed with the server's secret, which is not in this file; '' = none
  key_hint TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) WITHOUT ROWID;
)";

// Which model made a take in place of the job's; where in the caller's body the parts of a spec stood.
constexpr const char* kModelsAndFields = R"(
ALTER TABLE takes ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE job_texts ADD COLUMN fields TEXT NOT NULL DEFAULT '';
)";

constexpr const char* kSpritesheets = R"(
ALTER TABLE takes ADD COLUMN spritesheet TEXT NOT NULL DEFAULT '';
)";

/// Step i brings version i to version i + 1. Never change one that was released: add one.
const std::string kSteps[] = {
    std::string(kJobs) + kLedger + kEvents + kKeys + kLibrary + kWebhooks + kProbe,
    kAttachedUploads,
    kProviders,
    kModelsAndFields,
    kSpritesheets,
};
constexpr int64_t kVersion = std::size(kSteps);

Result<int64_t> version_of(Database& database) {
  TROUPE_TRY(const auto version, database.integer("PRAGMA user_version"));
  TROUPE_TRY(const auto application, database.integer("PRAGMA application_id"));
  TROUPE_TRY(const auto tables, database.integer("SELECT count(*) FROM sqlite_schema"));
  const bool empty = tables == 0 && version == 0;
  if (!empty && application != kApplicationId) {
    return make_error(ErrorCode::corrupt_input,
                      "The file is a database of another program: name another file for the jobs.");
  }
  if (version > kVersion) {
    return make_error(ErrorCode::unsupported, "The job database has schema " + std::to_string(*version) +
                                                  ", this program knows up to " + std::to_string(kVersion) +
                                                  ": run the newer version that wrote it.");
  }
  return version.value_or(0);
}

}  // namespace

int64_t schema_version() { return kVersion; }

Result<void> migrate(Database& database) { return migrate_to(database, kVersion); }

Result<void> migrate_to(Database& database, int64_t newest) {
  TROUPE_TRY(const int64_t before, version_of(database));
  if (before == newest) return {};
  TROUPE_TRY(Transaction transaction, Transaction::begin(database, Transaction::Kind::write));
  // Asked again inside: another process may have been faster.
  TROUPE_TRY(const int64_t version, version_of(database));
  for (int64_t step = version; step < newest; ++step) {
    TROUPE_CHECK_OK(database.script(kSteps[step]));
  }
  TROUPE_CHECK_OK(database.script("PRAGMA application_id = " + std::to_string(kApplicationId) +
                                  "; PRAGMA user_version = " + std::to_string(newest) + ";"));
  return transaction.commit();
}

}  // namespace troupe::jobs
