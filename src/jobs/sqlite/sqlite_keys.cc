#include "jobs/sqlite/sqlite_keys.h"

#include <chrono>
#include <string>

#include "jobs/stored_words.h"
#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

constexpr std::chrono::minutes kUseWrittenEvery{1};

// With the columns that read_key() expects.
const std::string kSelectKeys =
    "SELECT id, name, requests_per_minute, created, expires, revoked, last_used FROM keys";

Result<void> check(const Budget& budget) {
  if (budget.total_micros.value_or(0) >= 0 && budget.day_micros.value_or(0) >= 0) return {};
  return make_error(ErrorCode::invalid_argument, "A budget can't be below 0.", "/budgets");
}

Result<void> check(const ApiKey& key) {
  TROUPE_CHECK_OK(check_indexed_text(key.id, "/id"));
  TROUPE_CHECK_OK(check_text(key.name, "/name"));
  TROUPE_CHECK_OK(check_count(key.scopes.size(), "/scopes"));
  for (const std::string& scope : key.scopes) TROUPE_CHECK_OK(check_indexed_text(scope, "/scopes"));
  TROUPE_CHECK_OK(check_count(key.budgets.size(), "/budgets"));
  for (const Budget& budget : key.budgets) TROUPE_CHECK_OK(check(budget));
  if (key.requests_per_minute >= 0) return {};
  return make_error(ErrorCode::invalid_argument, "A rate can't be below 0; 0 = no bound.",
                    "/requests_per_minute");
}

ApiKey read_key(const Statement& row) {
  ApiKey key;
  key.id = row.text(0);
  key.name = row.text(1);
  key.requests_per_minute = row.small(2);
  key.created = row.time(3);
  key.expires = row.maybe_time(4);
  key.revoked = row.maybe_time(5);
  key.last_used = row.maybe_time(6);
  return key;
}

Result<void> read_scopes(Database& database, ApiKey& key) {
  Statement rows = database.prepare("SELECT scope FROM key_scopes WHERE key = ? ORDER BY position", key.id);
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) return {};
    key.scopes.push_back(rows.text(0));
  }
}

Result<void> read_budgets(Database& database, ApiKey& key) {
  Statement rows = database.prepare(
      "SELECT currency, total_micros, day_micros FROM key_budgets WHERE key = ? ORDER BY position", key.id);
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) return {};
    const auto currency = parse_currency(rows.text(0));
    // Left out, the bound would no longer bind.
    if (!currency) return make_error(ErrorCode::internal, "A stored budget has an unknown currency.");
    key.budgets.push_back({*currency, rows.maybe_integer(1), rows.maybe_integer(2)});
  }
}

Result<std::vector<ApiKey>> read_keys(Database& database, Statement& rows) {
  std::vector<ApiKey> keys;
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) break;
    keys.push_back(read_key(rows));
  }
  for (ApiKey& key : keys) {
    TROUPE_CHECK_OK(read_scopes(database, key));
    TROUPE_CHECK_OK(read_budgets(database, key));
  }
  return keys;
}

Result<std::optional<ApiKey>> find_key(Connections& connections, const std::string& column,
                                       const std::string& value) {
  return connections.read([&](Database& database) -> Result<std::optional<ApiKey>> {
    Statement rows = database.prepare(kSelectKeys + " WHERE " + column + " = ?", value);
    TROUPE_TRY(const auto found, read_keys(database, rows));
    if (found.empty()) return std::optional<ApiKey>();
    return std::optional(found.front());
  });
}

Result<void> insert_key(Database& database, const ApiKey& key, const std::string& secret_hash) {
  TROUPE_CHECK_OK(database.run(
      "INSERT INTO keys (id, name, secret_hash, requests_per_minute, created, expires, revoked, last_used) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      key.id, key.name, secret_hash, key.requests_per_minute, key.created, key.expires, key.revoked,
      key.last_used));
  for (size_t i = 0; i < key.scopes.size(); ++i) {
    TROUPE_CHECK_OK(database.run("INSERT INTO key_scopes (key, position, scope) VALUES (?, ?, ?)", key.id,
                                 static_cast<int64_t>(i), key.scopes[i]));
  }
  for (size_t i = 0; i < key.budgets.size(); ++i) {
    const Budget& budget = key.budgets[i];
    TROUPE_CHECK_OK(database.run(
        "INSERT INTO key_budgets (key, position, currency, total_micros, day_micros) VALUES (?, ?, ?, ?, ?)",
        key.id, static_cast<int64_t>(i), word(budget.currency), budget.total_micros, budget.day_micros));
  }
  return {};
}

bool use_is_written(const std::optional<Time>& last_used, Time now) {
  // A time ahead of a clock that was set back would otherwise stand for as long as it is ahead.
  return last_used && std::chrono::abs(now - *last_used) < kUseWrittenEvery;
}

}  // namespace

Result<void> SqliteKeys::add(const ApiKey& key, const std::string& secret_hash) {
  TROUPE_CHECK_OK(check(key));
  TROUPE_CHECK_OK(check_digest(secret_hash, "/secret_hash"));
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const auto taken,
               database.integer("SELECT 1 FROM keys WHERE id = ? OR secret_hash = ?", key.id, secret_hash));
    if (taken) return make_error(ErrorCode::conflict, "There is a key with this id or secret.", "/id");
    return insert_key(database, key, secret_hash);
  });
}

Result<std::optional<ApiKey>> SqliteKeys::find(const std::string& id) {
  return find_key(connections_, "id", id);
}

Result<std::optional<ApiKey>> SqliteKeys::find_by_hash(const std::string& secret_hash) {
  return find_key(connections_, "secret_hash", secret_hash);
}

Result<std::vector<ApiKey>> SqliteKeys::list() {
  return connections_.read([&](Database& database) -> Result<std::vector<ApiKey>> {
    Statement rows = database.prepare(kSelectKeys + " ORDER BY place");
    return read_keys(database, rows);
  });
}

Result<void> SqliteKeys::revoke(const std::string& id, Time now) {
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const int64_t found,
               database.run("UPDATE keys SET revoked = ifnull(revoked, ?) WHERE id = ?", now, id));
    if (found == 0) return make_error(ErrorCode::not_found, "There is no key with this id.");
    return {};
  });
}

Result<void> SqliteKeys::mark_used(const std::string& id, Time now) {
  // Every request comes here: all but one a minute must not write.
  TROUPE_TRY(const auto written, connections_.read([&](Database& database) -> Result<bool> {
    Statement rows = database.prepare("SELECT last_used FROM keys WHERE id = ?", id);
    TROUPE_TRY(const bool row, rows.step());
    return !row || use_is_written(rows.maybe_time(0), now);
  }));
  if (written) return {};
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_CHECK_OK(database.run("UPDATE keys SET last_used = ? WHERE id = ?", now, id));
    return {};
  });
}

}  // namespace troupe::jobs
