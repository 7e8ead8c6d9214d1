#include "jobs/sqlite/sqlite_library.h"

#include <limits>
#include <string>

#include "core/short_text.h"
#include "jobs/sqlite/element_rows.h"
#include "jobs/sqlite/pages.h"
#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

// With the columns that read_upload() expects.
const std::string kSelectUploads =
    "SELECT id, account, object, name, media_type, size_bytes, created, attached FROM uploads";

Upload read_upload(const Statement& row) {
  return {row.text(0), row.text(1),        row.text(2),
          row.text(3), row.text(4),        static_cast<uint64_t>(row.integer(5)),
          row.time(6), row.integer(7) != 0};
}

Error no_upload() { return make_error(ErrorCode::not_found, "There is no upload with this id."); }
Error no_element() { return make_error(ErrorCode::not_found, "There is no element with this id."); }

Result<std::vector<Upload>> read_uploads(Statement& rows) {
  std::vector<Upload> uploads;
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) return uploads;
    uploads.push_back(read_upload(rows));
  }
}

Result<std::optional<Upload>> read_one_upload(Database& database, const std::string& account,
                                              const std::string& id) {
  Statement rows = database.prepare(kSelectUploads + " WHERE id = ? AND account = ?", id, account);
  TROUPE_TRY(const auto found, read_uploads(rows));
  if (found.empty()) return std::optional<Upload>();
  return std::optional(found.front());
}

Result<void> check_size(uint64_t size_bytes) {
  if (size_bytes <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return {};
  return make_error(ErrorCode::over_limit, "A size is at most 2^63 - 1 bytes.", "/size_bytes");
}

Result<void> check(const Upload& upload) {
  TROUPE_CHECK_OK(check_indexed_text(upload.id, "/id"));
  TROUPE_CHECK_OK(check_indexed_text(upload.account, "/account"));
  if (!upload.object.empty()) TROUPE_CHECK_OK(check_digest(upload.object, "/object"));
  TROUPE_CHECK_OK(check_text(upload.name, "/name"));
  TROUPE_CHECK_OK(check_text(upload.media_type, "/media_type"));
  return check_size(upload.size_bytes);
}

Result<void> check(const Element& element) {
  TROUPE_CHECK_OK(check_indexed_text(element.id, "/id"));
  TROUPE_CHECK_OK(check_indexed_text(element.account, "/account"));
  TROUPE_CHECK_OK(check_indexed_text(element.name, "/name"));
  TROUPE_CHECK_OK(check_text(element.description, "/description"));
  return check_count(element.angles.size(), "/angles");
}

/// `count_sql` counts what the account has.
Result<void> check_room(Database& database, const char* count_sql, const std::string& account, int most,
                        const std::string& things) {
  TROUPE_TRY(const auto count, database.integer(count_sql, account));
  if (count.value_or(0) < most) return {};
  return make_error(ErrorCode::over_limit, "An account keeps at most " + std::to_string(most) + " " + things +
                                               ": remove some that are no longer needed.");
}

Result<std::optional<Element>> find_one_element(Connections& connections, const std::string& account,
                                                const std::string& column, const std::string& value) {
  return connections.read([&](Database& database) -> Result<std::optional<Element>> {
    Statement rows =
        database.prepare(kSelectElements + " WHERE account = ? AND " + column + " = ?", account, value);
    TROUPE_TRY(const auto found, read_elements(database, rows));
    if (found.empty()) return std::optional<Element>();
    return std::optional(found.front());
  });
}

Result<void> insert_upload(Database& database, const Upload& upload) {
  TROUPE_TRY(const auto taken, database.integer("SELECT 1 FROM uploads WHERE id = ?", upload.id));
  if (taken) return make_error(ErrorCode::conflict, "There is an upload with this id.", "/id");
  TROUPE_CHECK_OK(database.run(
      "INSERT INTO uploads (id, account, object, name, media_type, size_bytes, created, attached) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      upload.id, upload.account, upload.object, upload.name, upload.media_type,
      static_cast<int64_t>(upload.size_bytes), upload.created, upload.attached));
  return {};
}

/// The name of an element that uses the upload; none if none does.
Result<std::optional<std::string>> user_of(Database& database, const std::string& upload) {
  Statement rows = database.prepare(
      "SELECT name FROM elements WHERE id = (SELECT element FROM element_uploads WHERE upload = ? LIMIT 1)",
      upload);
  TROUPE_TRY(const bool row, rows.step());
  if (!row) return std::optional<std::string>();
  return std::optional(rows.text(0));
}

/// A job that names the upload and is not final; none if there is none.
Result<std::optional<std::string>> waiting_job_of(Database& database, const std::string& upload) {
  Statement rows = database.prepare(
      "SELECT j.id FROM job_uploads u JOIN jobs j ON j.id = u.job WHERE u.upload = ?"
      " AND j.state NOT IN ('succeeded', 'failed', 'cancelled') LIMIT 1",
      upload);
  TROUPE_TRY(const bool row, rows.step());
  if (!row) return std::optional<std::string>();
  return std::optional(rows.text(0));
}

}  // namespace

Result<void> SqliteLibrary::add_upload(const Upload& upload) {
  TROUPE_CHECK_OK(check(upload));
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_CHECK_OK(check_room(database, "SELECT count(*) FROM uploads WHERE account = ? AND attached = 0",
                               upload.account, kUploadsPerAccountMax, "uploads"));
    return insert_upload(database, upload);
  });
}

Result<Upload> SqliteLibrary::attach_upload(const Upload& upload) {
  TROUPE_CHECK_OK(check(upload));
  if (!upload.attached || upload.object.empty())
    return make_error(ErrorCode::invalid_argument, "Only what is attached and complete can be attached.");
  return connections_.write([&](Database& database) -> Result<Upload> {
    Statement rows =
        database.prepare(kSelectUploads + " WHERE account = ? AND object = ? ORDER BY id LIMIT 1",
                         upload.account, upload.object);
    TROUPE_TRY(auto known, read_uploads(rows));
    if (known.empty()) {
      TROUPE_CHECK_OK(insert_upload(database, upload));
      return upload;
    }
    Upload& same = known.front();
    if (same.attached && same.created < upload.created) {
      same.created = upload.created;
      TROUPE_CHECK_OK(database.run("UPDATE uploads SET created = ? WHERE id = ?", same.created, same.id));
    }
    return std::move(same);
  });
}

Result<int64_t> SqliteLibrary::prune_attached(Time before) {
  return connections_.write([&](Database& database) {
    return database.run(
        "DELETE FROM uploads WHERE attached = 1 AND created < ?"
        " AND NOT EXISTS (SELECT 1 FROM job_uploads WHERE upload = uploads.id)"
        " AND NOT EXISTS (SELECT 1 FROM element_uploads WHERE upload = uploads.id)",
        before);
  });
}

Result<void> SqliteLibrary::complete_upload(const std::string& account, const std::string& id,
                                            const std::string& object, uint64_t size_bytes,
                                            const std::string& media_type) {
  TROUPE_CHECK_OK(check_digest(object, "/object"));
  TROUPE_CHECK_OK(check_text(media_type, "/media_type"));
  TROUPE_CHECK_OK(check_size(size_bytes));
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const auto upload, read_one_upload(database, account, id));
    if (!upload) return no_upload();
    if (upload->object == object) return {};
    if (!upload->object.empty()) {
      return make_error(ErrorCode::conflict, "The upload is complete with other bytes: make a new one.");
    }
    TROUPE_CHECK_OK(database.run("UPDATE uploads SET object = ?, size_bytes = ?, media_type = ? WHERE id = ?",
                                 object, static_cast<int64_t>(size_bytes), media_type, id));
    return {};
  });
}

Result<std::optional<Upload>> SqliteLibrary::find_upload(const std::string& account, const std::string& id) {
  return connections_.read([&](Database& database) { return read_one_upload(database, account, id); });
}

Result<std::vector<Upload>> SqliteLibrary::list_uploads(const std::string& account, const std::string& before,
                                                        int limit) {
  TROUPE_CHECK_OK(check_page(limit));
  return connections_.read([&](Database& database) -> Result<std::vector<Upload>> {
    Statement rows = prepare_page(database, kSelectUploads, account, before, limit, "attached = 0");
    return read_uploads(rows);
  });
}

Result<void> SqliteLibrary::remove_upload(const std::string& account, const std::string& id) {
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const auto upload, read_one_upload(database, account, id));
    if (!upload) return no_upload();
    TROUPE_TRY(const auto user, user_of(database, id));
    if (user) {
      return make_error(ErrorCode::conflict, "The element " + troupe::quoted(*user) +
                                                 " uses this upload: change or remove the element first.");
    }
    TROUPE_TRY(const auto job, waiting_job_of(database, id));
    if (job) {
      return make_error(ErrorCode::conflict,
                        "The job " + *job + " uses this upload: cancel it, or wait until it has ended.");
    }
    TROUPE_CHECK_OK(database.run("DELETE FROM uploads WHERE id = ?", id));
    return {};
  });
}

Result<void> SqliteLibrary::add_element(const Element& element) {
  TROUPE_CHECK_OK(check(element));
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const auto taken, database.integer("SELECT 1 FROM elements WHERE id = ?", element.id));
    if (taken) return make_error(ErrorCode::conflict, "There is an element with this id.", "/id");
    TROUPE_CHECK_OK(check_room(database, "SELECT count(*) FROM elements WHERE account = ?", element.account,
                               kElementsPerAccountMax, "elements"));
    TROUPE_CHECK_OK(check_fits(database, element));
    return insert_element(database, element);
  });
}

Result<void> SqliteLibrary::replace_element(const Element& element) {
  TROUPE_CHECK_OK(check(element));
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const auto version,
               database.integer("SELECT version FROM elements WHERE id = ? AND account = ?", element.id,
                                element.account));
    if (!version) return no_element();
    if (*version != int64_t{element.version} - 1) {
      return make_error(ErrorCode::conflict,
                        "The element was changed meanwhile: it has version " + std::to_string(*version) +
                            ". Read it again and make the change to that.",
                        "/version");
    }
    TROUPE_CHECK_OK(check_fits(database, element));
    return update_element(database, element);
  });
}

Result<std::optional<Element>> SqliteLibrary::find_element(const std::string& account,
                                                           const std::string& id) {
  return find_one_element(connections_, account, "id", id);
}

Result<std::optional<Element>> SqliteLibrary::find_element_by_name(const std::string& account,
                                                                   const std::string& name) {
  return find_one_element(connections_, account, "name COLLATE NOCASE", name);
}

Result<std::vector<Element>> SqliteLibrary::list_elements(const std::string& account,
                                                          const std::string& before, int limit) {
  TROUPE_CHECK_OK(check_page(limit));
  return connections_.read([&](Database& database) -> Result<std::vector<Element>> {
    Statement rows = prepare_page(database, kSelectElements, account, before, limit);
    return read_elements(database, rows);
  });
}

Result<void> SqliteLibrary::remove_element(const std::string& account, const std::string& id) {
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const int64_t removed,
               database.run("DELETE FROM elements WHERE id = ? AND account = ?", id, account));
    if (removed == 0) return no_element();
    return {};
  });
}

Result<std::vector<std::string>> SqliteLibrary::objects_in_use() {
  return connections_.read([&](Database& database) -> Result<std::vector<std::string>> {
    Statement rows = database.prepare(
        "SELECT object FROM (SELECT object FROM uploads UNION SELECT video FROM takes "
        "UNION SELECT thumbnail FROM takes UNION SELECT last_frame FROM takes "
        "UNION SELECT spritesheet FROM takes) WHERE object <> ''");
    std::vector<std::string> objects;
    while (true) {
      TROUPE_TRY(const bool row, rows.step());
      if (!row) return objects;
      objects.push_back(rows.text(0));
    }
  });
}

}  // namespace troupe::jobs
