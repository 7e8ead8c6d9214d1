#include "jobs/sqlite/connections.h"

#include "jobs/sqlite/schema.h"

namespace troupe::jobs {

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
  std::unique_lock announcing(announcing_, std::defer_lock);
  {
    const std::lock_guard writing(writing_);
    TROUPE_TRY(Transaction transaction, Transaction::begin(*writer_, Transaction::Kind::write));
    TROUPE_CHECK_OK(work(*writer_));
    TROUPE_CHECK_OK(transaction.commit());
    if (committed) announcing.lock();
  }
  if (committed) committed();
  return {};
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
