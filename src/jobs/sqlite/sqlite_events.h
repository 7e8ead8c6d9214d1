// The event log in SQLite. Private to this folder.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "jobs/event_log.h"
#include "jobs/sqlite/connections.h"

namespace troupe::jobs {

/// Rows that prune() deletes in one transaction, so that others get their turn.
inline constexpr int kPruneBatch = 1000;

class SqliteEvents final : public EventLog {
 public:
  explicit SqliteEvents(Connections& connections) : connections_(connections) {}

  Result<std::vector<JobEvent>> since(int64_t after, const EventFilter& filter, int limit) override;
  Result<int64_t> last_id() override;
  Result<int64_t> prune(Time before) override;
  void set_listener(std::function<void(const std::vector<JobEvent>&)> listener) override;

  /// Tells the listener of events whose transaction was committed.
  void announce(const std::vector<JobEvent>& events);

 private:
  Connections& connections_;
  std::mutex listening_;
  std::function<void(const std::vector<JobEvent>&)> listener_;  ///< guarded by listening_
};

/// Stores an event of `job` and the deliveries that tell of it; sets its id. Inside a write transaction.
Result<void> append_event(Database& database, JobEvent& event, const Job& job);

}  // namespace troupe::jobs
