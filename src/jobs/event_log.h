// What happened to jobs, in order, for watchers and webhooks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/job.h"

namespace troupe::jobs {

struct EventFilter {
  std::optional<std::string> account;  ///< none = everybody's
  std::optional<std::string> job;
};

/// Errors and thread-safety as JobQueue.
class EventLog {
 public:
  virtual ~EventLog() = default;
  /// Oldest first, those with an id above `after`; `limit` 1 … 1000.
  virtual Result<std::vector<JobEvent>> since(int64_t after, const EventFilter& filter, int limit) = 0;
  /// The newest event's id, even if that is forgotten by now; 0 before the first.
  virtual Result<int64_t> last_id() = 0;
  /// Forgets progress events of final jobs, and every event older than `before`. Returns how many.
  virtual Result<int64_t> prune(Time before) = 0;
  /// Called after each commit of this process that wrote events, with them in order, from the committing
  /// thread and before its call returns; must be quick and must not call the store. One at a time.
  virtual void set_listener(std::function<void(const std::vector<JobEvent>&)> listener) = 0;
};

}  // namespace troupe::jobs
