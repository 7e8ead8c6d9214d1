#include "jobs/sqlite/connections.h"

#include <exception>
#include <new>
#include <string>

#include "jobs/sqlite/schema.h"

namespace troupe::jobs {
namespace {

/// An exception must not leave the calls behind that wait for the one that runs them.
Result<void> attempt(const std::function<Result<void>(Database&)>& work, Database& database) {
  try {
    return work(database);
  } catch (const std::bad_alloc&) {
    return make_error(ErrorCode::out_of_memory, "There was no memory for a change of the job database.");
  } catch (const std::exception& exception) {
    return make_error(ErrorCode::internal,
                      std::string("A change of the job database failed: ") + exception.what());
  }
}

}  // namespace

Result<std::unique_ptr<Connections>> Connections::open(const std::filesystem::path& file,
                                                       const DatabaseOptions& options) {
  TROUPE_TRY(auto writer, Database::open(file, options));
  TROUPE_CHECK_OK(migrate(*writer));
  std::unique_ptr<Connections> connections(new Connections(std::move(writer)));
  DatabaseOptions reading = options;
  reading.read_only = true;
  for (int i = 0; i < kReadersMax; ++i) {
    TROUPE_TRY(auto reader, Database::open(file, reading));
    connections->readers_.push_back(std::move(reader));
  }
  return connections;
}

Result<void> Connections::commit(const std::function<Result<void>(Database&)>& work,
                                 const std::function<void()>& committed) {
  Write mine{work, committed, {}};
  std::unique_lock lock(queueing_);
  waiting_.push_back(&mine);
  while (!mine.done) {
    changed_.wait(lock, [&] { return mine.done || (!mine.taken && !writing_); });
    if (!mine.done) lead(lock);
  }
  return mine.result;
}

/// Runs the writes that wait, on behalf of their callers. `lock` holds queueing_.
void Connections::lead(std::unique_lock<std::mutex>& lock) {
  Group group;
  while (!waiting_.empty() && group.size() < kWritesTogetherMax) {
    group.push_back(waiting_.front());
    group.back()->taken = true;
    waiting_.pop_front();
  }
  writing_ = true;
  lock.unlock();
  run(group);

  std::unique_lock announcing(announcing_);
  lock.lock();
  writing_ = false;
  changed_.notify_all();  // The next group is written while this one is told of.
  lock.unlock();
  for (const Write* write : group) {
    if (write->result && write->committed) write->committed();
  }
  announcing.unlock();

  lock.lock();
  for (Write* write : group) write->done = true;
  changed_.notify_all();
}

void Connections::run(const Group& group) {
  if (group.size() > 1 && run_together(group)) return;
  // One of them may have broken the transaction of all (a full disk does): then each gets its own.
  for (Write* write : group) write->result = run_alone(*write);
}

Result<void> Connections::run_alone(const Write& write) {
  TROUPE_TRY(Transaction transaction, Transaction::begin(*writer_, Transaction::Kind::write));
  TROUPE_CHECK_OK(attempt(write.work, *writer_));
  return transaction.commit();
}

/// False if nothing was committed and each should be tried alone.
bool Connections::run_together(const Group& group) {
  auto transaction = Transaction::begin(*writer_, Transaction::Kind::write);
  if (!transaction) {  // Locked by another process: waiting once more for each would take too long.
    for (Write* write : group) write->result = transaction.error();
    return true;
  }
  for (Write* write : group) {
    if (!writer_->run("SAVEPOINT one")) return false;
    write->result = attempt(write->work, *writer_);
    if (!write->result && !writer_->run("ROLLBACK TO one")) return false;
    if (!writer_->run("RELEASE one")) return false;
  }
  return transaction->commit().has_value();
}

Result<std::unique_ptr<Database>> Connections::borrow_reader() {
  std::unique_lock lock(lending_);
  if (!returned_.wait_for(lock, kReaderWait, [&] { return !readers_.empty(); })) {
    return make_error(ErrorCode::unavailable, "All readers of the job database are busy: try again.");
  }
  auto reader = std::move(readers_.back());
  readers_.pop_back();
  return reader;
}

void Connections::return_reader(std::unique_ptr<Database> reader) {
  {
    const std::lock_guard lock(lending_);
    readers_.push_back(std::move(reader));
  }
  returned_.notify_one();
}

}  // namespace troupe::jobs
