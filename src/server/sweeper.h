// Tidying up beside everything else: bytes that nobody names, old events, forgotten pieces of uploads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "jobs/job_store.h"
#include "store/object_store.h"
#include "store/partial_uploads.h"

namespace troupe::server {

struct SweeperOptions {
  std::chrono::milliseconds every{std::chrono::hours(1)};
  std::chrono::milliseconds spare_objects{std::chrono::hours(24)};  ///< a job may be about to name them
  std::chrono::milliseconds keep_pieces{std::chrono::hours(7 * 24)};
  std::chrono::milliseconds keep_events{std::chrono::hours(30 * 24)};
  std::chrono::milliseconds keep_deliveries{std::chrono::hours(30 * 24)};  ///< of webhooks, once they ended
};

struct Swept {
  int objects = 0, pieces = 0;
  int64_t events = 0, deliveries = 0;
};

/// One round. Errors: the first of any part's; the other parts are done all the same.
Result<Swept> sweep(jobs::JobStore& jobs, store::ObjectStore& objects, store::PartialUploads& partials,
                    Time now, const SweeperOptions& options);

/// Notices that a clock was set: what is young by the file system's times may look old then.
class ClockWatch {
 public:
  static constexpr std::chrono::minutes kTolerated{1};
  /// True if `now` is further from the last call's than the machine says has passed; `steady` is its clock.
  bool was_set(Time now, std::chrono::steady_clock::time_point steady);

 private:
  std::optional<Time> last_;
  std::chrono::steady_clock::time_point last_steady_;
};

/// Rounds on a thread of its own until it is destroyed. One that comes after the clock was set is left out.
class Sweeper {
 public:
  Sweeper(jobs::JobStore& jobs, store::ObjectStore& objects, store::PartialUploads& partials,
          const Clock& clock, SweeperOptions options, std::function<void(const std::string&)> log);
  ~Sweeper();

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace troupe::server
