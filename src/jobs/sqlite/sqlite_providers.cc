#include "jobs/sqlite/sqlite_providers.h"

#include <string>

#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

// With the columns that read_entry() expects.
const std::string kSelectProviders =
    "SELECT name, kind, base_url, sealed_key, key_hint, created, updated FROM providers";

Result<void> check(const ProviderEntry& entry) {
  TROUPE_CHECK_OK(check_text(entry.name, "/name", kProviderNameBytesMax));
  if (!is_provider_name(entry.name)) {
    return make_error(ErrorCode::invalid_argument,
                      "A provider's name is 1 to 64 characters of a to z, 0 to 9, \"_\" and \"-\".", "/name");
  }
  TROUPE_CHECK_OK(check_indexed_text(entry.kind, "/kind"));
  TROUPE_CHECK_OK(check_text(entry.base_url, "/base_url"));
  TROUPE_CHECK_OK(check_text(entry.sealed_key, "/sealed_key"));
  return check_text(entry.key_hint, "/key_hint", kIndexedTextBytesMax);
}

ProviderEntry read_entry(const Statement& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.time(5), row.time(6)};
}

Result<void> insert(Database& database, const ProviderEntry& entry) {
  TROUPE_TRY(const auto count, database.integer("SELECT count(*) FROM providers"));
  if (count.value_or(0) >= kProvidersMax) {
    return make_error(ErrorCode::over_limit, "There are " + std::to_string(kProvidersMax) +
                                                 " providers already: remove one that is not used.");
  }
  TROUPE_CHECK_OK(
      database.run("INSERT INTO providers (name, kind, base_url, sealed_key, key_hint, created, updated) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?)",
                   entry.name, entry.kind, entry.base_url, entry.sealed_key, entry.key_hint, entry.created,
                   entry.updated));
  return {};
}

}  // namespace

Result<bool> SqliteProviders::put(const ProviderEntry& entry) {
  TROUPE_CHECK_OK(check(entry));
  return connections_.write([&](Database& database) -> Result<bool> {
    TROUPE_TRY(const int64_t replaced,
               database.run("UPDATE providers SET kind = ?, base_url = ?, sealed_key = ?, key_hint = ?, "
                            "updated = ? WHERE name = ?",
                            entry.kind, entry.base_url, entry.sealed_key, entry.key_hint, entry.updated,
                            entry.name));
    if (replaced > 0) return false;
    TROUPE_CHECK_OK(insert(database, entry));
    return true;
  });
}

Result<std::optional<ProviderEntry>> SqliteProviders::find(const std::string& name) {
  return connections_.read([&](Database& database) -> Result<std::optional<ProviderEntry>> {
    Statement rows = database.prepare(kSelectProviders + " WHERE name = ?", name);
    TROUPE_TRY(const bool row, rows.step());
    if (!row) return std::optional<ProviderEntry>();
    return std::optional(read_entry(rows));
  });
}

Result<std::vector<ProviderEntry>> SqliteProviders::list() {
  return connections_.read([&](Database& database) -> Result<std::vector<ProviderEntry>> {
    Statement rows = database.prepare(kSelectProviders + " ORDER BY name");
    std::vector<ProviderEntry> entries;
    while (true) {
      TROUPE_TRY(const bool row, rows.step());
      if (!row) return entries;
      entries.push_back(read_entry(rows));
    }
  });
}

Result<void> SqliteProviders::remove(const std::string& name) {
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const int64_t removed, database.run("DELETE FROM providers WHERE name = ?", name));
    if (removed == 0) return make_error(ErrorCode::not_found, "There is no provider of this name.");
    return {};
  });
}

}  // namespace troupe::jobs
