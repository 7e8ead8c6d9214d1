// One connection to an SQLite file: prepared statements, transactions, errors as Results.
// Private to this folder. Parts don't hold a Database; Connections (connections.h) lends them one.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace troupe::jobs {

/// How long a call waits for another process (or thread) that is writing, before it gives up as unavailable.
inline constexpr std::chrono::milliseconds kBusyTimeout{10000};
/// Prepared statements that one connection keeps.
inline constexpr size_t kStatementsKeptMax = 128;

/// The connection's last error as ours: full disk, locks and failing disks are unavailable or io, broken
/// files corrupt_input, a broken constraint conflict, all else internal.
Error sqlite_error(sqlite3* connection, std::string_view doing);

class Database;

/// A prepared statement with its arguments. Goes back to its Database when it is destroyed, which must
/// outlive it. An error while preparing or binding is kept and comes out of step().
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Runs up to the next row: true = there is one, read it; false = done.
  Result<bool> step();

  // The columns of the row, from 0. Valid after step() gave true; a NULL reads as 0 or "".
  bool is_null(int column) const;
  int64_t integer(int column) const;
  int small(int column) const { return static_cast<int>(integer(column)); }
  bool boolean(int column) const { return integer(column) != 0; }
  double real(int column) const;
  std::string text(int column) const;
  Bytes blob(int column) const;
  Time time(int column) const { return Time(std::chrono::milliseconds(integer(column))); }
  std::optional<Time> maybe_time(int column) const;
  std::optional<int64_t> maybe_integer(int column) const;
  std::optional<double> maybe_real(int column) const;

  /// Binds the next parameter, as prepare() does with its arguments: for lists of unknown length.
  void bind(std::nullptr_t);
  void bind(int64_t value);
  void bind(int value) { bind(static_cast<int64_t>(value)); }
  void bind(bool value) { bind(static_cast<int64_t>(value)); }
  void bind(double value);
  void bind(std::string_view value);  ///< copied
  void bind(const std::string& value) { bind(std::string_view(value)); }
  void bind(const char* value) { bind(std::string_view(value)); }
  void bind(ByteView value);  ///< copied
  void bind(Time value) { bind(static_cast<int64_t>(value.time_since_epoch().count())); }
  template <class T>
  void bind(const std::optional<T>& value) {
    if (value) {
      bind(*value);
    } else {
      bind(nullptr);
    }
  }

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* handle, std::string sql);
  void note(int code);

  Database* database_;
  sqlite3_stmt* handle_;
  std::string sql_;
  int bound_ = 0;
  std::optional<Error> error_;
};

struct DatabaseOptions {
  uint64_t size_bytes_max = 0;  ///< of the file; 0 = what the disk lets. Reached = a full disk.
  bool read_only = false;
};

/// Thread-safety: one thread at a time.
class Database {
 public:
  /// Opens, and unless read-only creates, with WAL, synchronous=FULL, foreign keys and kBusyTimeout. Errors:
  /// io, unavailable, corrupt_input (no SQLite file).
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file,
                                                const DatabaseOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// `sql` is one statement with a '?' for each of the arguments: integers, bool, double, text, ByteView,
  /// Time, optionals of those, nullptr.
  template <class... Arguments>
  Statement prepare(std::string_view sql, const Arguments&... arguments) {
    Statement statement = take(sql);
    (statement.bind(arguments), ...);
    return statement;
  }

  /// Runs a statement that gives no rows. Returns how many rows it changed.
  template <class... Arguments>
  Result<int64_t> run(std::string_view sql, const Arguments&... arguments) {
    Statement statement = prepare(sql, arguments...);
    return finish(statement);
  }
  /// The same with a statement that arguments were bound to.
  Result<int64_t> finish(Statement& statement);

  /// The first column of the first row; none if there is no row or it is NULL.
  template <class... Arguments>
  Result<std::optional<int64_t>> integer(std::string_view sql, const Arguments&... arguments) {
    Statement statement = prepare(sql, arguments...);
    TROUPE_TRY(const bool row, statement.step());
    if (!row) return std::optional<int64_t>();
    return statement.maybe_integer(0);
  }

  /// Runs several statements without arguments.
  Result<void> script(const std::string& sql);

  int64_t last_row_id() const;
  bool in_transaction() const;

 private:
  friend class Statement;
  explicit Database(sqlite3* connection) : connection_(connection) {}
  Result<void> configure(const DatabaseOptions& options);
  Statement take(std::string_view sql);
  void give_back(std::string sql, sqlite3_stmt* handle);

  sqlite3* connection_;
  std::unordered_map<std::string, sqlite3_stmt*> kept_;  ///< those not in use
};

/// BEGIN … COMMIT. What was not committed is rolled back by the destructor.
class Transaction {
 public:
  enum class Kind { read, write };  ///< read: one snapshot; write: BEGIN IMMEDIATE, nobody else writes
  static Result<Transaction> begin(Database& database, Kind kind);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;  ///< null once committed
};

}  // namespace troupe::jobs
