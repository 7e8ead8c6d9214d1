#include "jobs/sqlite/database.h"

#include <utility>

namespace troupe::jobs {
namespace {

ErrorCode error_code(int extended) {
  switch (extended & 0xff) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
      return ErrorCode::unavailable;
    case SQLITE_IOERR:  // A write that failed is mostly a full disk, and goes away with it.
      return extended == SQLITE_IOERR_READ ? ErrorCode::io : ErrorCode::unavailable;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return ErrorCode::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::corrupt_input;
    case SQLITE_NOMEM:
      return ErrorCode::out_of_memory;
    case SQLITE_CONSTRAINT:
      return ErrorCode::conflict;
    default:
      return ErrorCode::internal;
  }
}

std::string_view advice(int extended) {
  switch (extended & 0xff) {
    case SQLITE_FULL:
      return "; the disk or the database's size limit is full: make room";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another process kept it locked for too long: try again";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return "; restore it from a backup";
    default:
      return "";
  }
}

}  // namespace

Error sqlite_error(sqlite3* connection, std::string_view doing) {
  const int extended = sqlite3_extended_errcode(connection);
  return make_error(error_code(extended), "The job database failed while " + std::string(doing) + ": " +
                                              sqlite3_errmsg(connection) + std::string(advice(extended)) +
                                              ".");
}

Statement::Statement(Database& database, sqlite3_stmt* handle, std::string sql)
    : database_(&database), handle_(handle), sql_(std::move(sql)) {}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      handle_(std::exchange(other.handle_, nullptr)),
      sql_(std::move(other.sql_)),
      bound_(other.bound_),
      error_(std::move(other.error_)) {}

Statement::~Statement() {
  if (handle_) database_->give_back(std::move(sql_), handle_);
}

Result<bool> Statement::step() {
  if (error_) return *error_;
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  note(code);
  return *error_;
}

void Statement::note(int code) {
  if (code != SQLITE_OK && !error_) error_ = sqlite_error(database_->connection_, "running \"" + sql_ + "\"");
}

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (!bytes) return "";
  return std::string(bytes, static_cast<size_t>(sqlite3_column_bytes(handle_, column)));
}

Bytes Statement::blob(int column) const {
  const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(handle_, column));
  if (!bytes) return {};
  return Bytes(bytes, bytes + sqlite3_column_bytes(handle_, column));
}

std::optional<Time> Statement::maybe_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

std::optional<int64_t> Statement::maybe_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<double> Statement::maybe_real(int column) const {
  if (is_null(column)) return std::nullopt;
  return real(column);
}

void Statement::bind(std::nullptr_t) {
  if (!error_) note(sqlite3_bind_null(handle_, ++bound_));
}

void Statement::bind(int64_t value) {
  if (!error_) note(sqlite3_bind_int64(handle_, ++bound_, value));
}

void Statement::bind(double value) {
  if (!error_) note(sqlite3_bind_double(handle_, ++bound_, value));
}

void Statement::bind(std::string_view value) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* bytes = value.data() ? value.data() : "";
  if (!error_) {
    note(sqlite3_bind_text64(handle_, ++bound_, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
}

void Statement::bind(ByteView value) {
  const void* bytes = value.data() ? static_cast<const void*>(value.data()) : "";
  if (!error_) note(sqlite3_bind_blob64(handle_, ++bound_, bytes, value.size(), SQLITE_TRANSIENT));
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file,
                                                 const DatabaseOptions& options) {
  sqlite3* connection = nullptr;
  const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  if (!connection) return make_error(ErrorCode::out_of_memory, "There is no memory for a job database.");
  std::unique_ptr<Database> database(new Database(connection));
  if (code != SQLITE_OK) return sqlite_error(connection, "opening " + file.string());
  if (auto configured = database->configure(options); !configured) {
    return make_error(configured.error().code, file.string() + ": " + configured.error().message);
  }
  return database;
}

Result<void> Database::configure(const DatabaseOptions& options) {
  sqlite3_busy_timeout(connection_, static_cast<int>(kBusyTimeout.count()));
  TROUPE_CHECK_OK(
      script("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;"));
  if (!options.read_only) TROUPE_CHECK_OK(script("PRAGMA journal_mode = WAL;"));
  if (options.size_bytes_max > 0) {
    TROUPE_TRY(const auto page_bytes, integer("PRAGMA page_size"));
    const uint64_t pages = options.size_bytes_max / static_cast<uint64_t>(page_bytes.value_or(4096));
    TROUPE_CHECK_OK(script("PRAGMA max_page_count = " + std::to_string(pages) + ";"));
  }
  return {};
}

Database::~Database() {
  for (const auto& [sql, handle] : kept_) sqlite3_finalize(handle);
  sqlite3_close_v2(connection_);
}

Result<int64_t> Database::finish(Statement& statement) {
  TROUPE_TRY(const bool row, statement.step());
  if (row) return make_error(ErrorCode::internal, "A statement gave rows that nobody reads.");
  return static_cast<int64_t>(sqlite3_changes64(connection_));
}

Result<void> Database::script(const std::string& sql) {
  if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return sqlite_error(connection_, "running \"" + sql.substr(0, 60) + "\"");
  }
  return {};
}

int64_t Database::last_row_id() const { return sqlite3_last_insert_rowid(connection_); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }

Statement Database::take(std::string_view sql) {
  std::string key(sql);
  if (const auto it = kept_.find(key); it != kept_.end()) {
    Statement statement(*this, it->second, std::move(key));
    kept_.erase(it);
    return statement;
  }
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  Statement statement(*this, handle, std::move(key));
  statement.note(code);
  return statement;
}

void Database::give_back(std::string sql, sqlite3_stmt* handle) {
  sqlite3_reset(handle);
  sqlite3_clear_bindings(handle);
  if (kept_.size() >= kStatementsKeptMax || !kept_.emplace(std::move(sql), handle).second) {
    sqlite3_finalize(handle);
  }
}

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
  TROUPE_CHECK_OK(database.run(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // Some errors (a full disk) have already rolled it back.
  if (database_ && database_->in_transaction()) (void)database_->script("ROLLBACK");
}

Result<void> Transaction::commit() {
  TROUPE_CHECK_OK(database_->run("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace troupe::jobs
