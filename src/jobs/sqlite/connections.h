// The connections that the parts of one store share. Readers see the last commit and never wait for writers.
// Private to this folder.
//
// Each part is a class that is made with a Connections& that outlives it:
//   explicit SqliteKeys(Connections& connections);
// and whose calls are one write() or one read() each.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "jobs/sqlite/database.h"

namespace troupe::jobs {

/// Writes that share one transaction and so one wait for the disk.
inline constexpr size_t kWritesTogetherMax = 64;
/// Reads that run at once; more wait for one of them.
inline constexpr int kReadersMax = 4;
/// How long a read waits for one of the readers before it gives up as unavailable.
inline constexpr std::chrono::seconds kReaderWait{30};

/// Thread-safety: all calls may run at once. Several processes may have the same file open.
class Connections {
 public:
  /// Opens the file and brings its schema up to date. Errors: as Database::open and migrate().
  static Result<std::unique_ptr<Connections>> open(const std::filesystem::path& file,
                                                   const DatabaseOptions& options);

  /// Runs `work`, a Result<T>(Database&), in a write transaction that is on the disk when this returns. If
  /// `work` or the commit fails, nothing was changed. `committed`, if given, is called after the commit, one
  /// at a time and in the order of the writes; it must not use the store.
  ///
  /// Calls that come while another one waits for the disk are then committed together, each behind its own
  /// savepoint: so `work` may run on the thread of another call, and once more if the commit fails for the
  /// sake of another. It must start afresh each time, and must not call Connections.
  template <class Work>
  std::invoke_result_t<Work, Database&> write(const Work& work,
                                              const std::function<void()>& committed = nullptr) {
    std::optional<std::invoke_result_t<Work, Database&>> result;
    const auto run = [&](Database& database) -> Result<void> {
      result = work(database);
      if (!*result) return result->error();
      return {};
    };
    TROUPE_CHECK_OK(commit(run, committed));
    return std::move(*result);
  }

  /// Runs `work`, a Result<T>(Database&), on one snapshot.
  template <class Work>
  std::invoke_result_t<Work, Database&> read(const Work& work) {
    TROUPE_TRY(std::unique_ptr<Database> reader, borrow_reader());
    auto result = snapshot(*reader, work);
    return_reader(std::move(reader));
    return result;
  }

 private:
  explicit Connections(std::unique_ptr<Database> writer) : writer_(std::move(writer)) {}

  template <class Work>
  static std::invoke_result_t<Work, Database&> snapshot(Database& reader, const Work& work) {
    TROUPE_TRY(const Transaction transaction, Transaction::begin(reader, Transaction::Kind::read));
    return work(reader);
  }

  /// A write() that waits for its turn.
  struct Write {
    const std::function<Result<void>(Database&)>& work;
    const std::function<void()>& committed;
    Result<void> result;
    bool taken = false, done = false;
  };
  using Group = std::vector<Write*>;

  Result<void> commit(const std::function<Result<void>(Database&)>& work,
                      const std::function<void()>& committed);
  void lead(std::unique_lock<std::mutex>& lock);
  void run(const Group& group);
  bool run_together(const Group& group);
  Result<void> run_alone(const Write& write);
  Result<std::unique_ptr<Database>> borrow_reader();
  void return_reader(std::unique_ptr<Database> reader);

  std::unique_ptr<Database> writer_;  ///< used by whoever has set writing_

  std::mutex queueing_;
  std::condition_variable changed_;
  std::deque<Write*> waiting_;  ///< guarded by queueing_, as is writing_
  bool writing_ = false;
  std::mutex announcing_;  ///< taken before writing_ is reset: keeps the order of the commits

  std::mutex lending_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Database>> readers_;  ///< those not lent; guarded by lending_
};

}  // namespace troupe::jobs
