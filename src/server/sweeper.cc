#include "server/sweeper.h"

#include <algorithm>

namespace troupe::server {

Result<Swept> sweep(jobs::JobStore& jobs, store::ObjectStore& objects, store::PartialUploads& partials,
                    Time now, const SweeperOptions& options) {
  Swept swept;
  Result<void> first_error;
  const auto note = [&](const auto& result) {
    if (!result && first_error) first_error = result.error();
    return result.has_value();
  };
  note(jobs.library().prune_attached(now - options.spare_objects));
  // What is named is asked for after the moment that spares young objects: no object falls between the two.
  const Time spared = now - options.spare_objects;
  Result<std::vector<std::string>> keep = jobs.library().objects_in_use();
  if (note(keep)) {
    std::sort(keep->begin(), keep->end());
    const Result<int> removed = objects.sweep(*keep, spared);
    if (note(removed)) swept.objects = *removed;
  }
  const Result<int> pieces = partials.sweep(now - options.keep_pieces);
  if (note(pieces)) swept.pieces = *pieces;
  const Result<int64_t> events = jobs.events().prune(now - options.keep_events);
  if (note(events)) swept.events = *events;
  const Result<int64_t> deliveries = jobs.webhooks().prune(now - options.keep_deliveries);
  if (note(deliveries)) swept.deliveries = *deliveries;
  if (!first_error) return first_error.error();
  return swept;
}

bool ClockWatch::was_set(Time now, std::chrono::steady_clock::time_point steady) {
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(steady - last_steady_);
  const bool set = last_ && std::chrono::abs((now - *last_) - passed) > kTolerated;
  last_ = now;
  last_steady_ = steady;
  return set;
}

Sweeper::Sweeper(jobs::JobStore& jobs, store::ObjectStore& objects, store::PartialUploads& partials,
                 const Clock& clock, SweeperOptions options, std::function<void(const std::string&)> log)
    : thread_([this, &jobs, &objects, &partials, &clock, options, log = std::move(log)] {
        ClockWatch watch;
        std::unique_lock lock(mutex_);
        while (!done_) {
          lock.unlock();
          const Time now = clock.now();
          const bool set = watch.was_set(now, std::chrono::steady_clock::now());
          if (set) log("not sweeping now: the clock was set");
          const Result<Swept> swept = set ? Swept() : sweep(jobs, objects, partials, now, options);
          if (!swept) log("sweeping: " + to_string(swept.error()));
          if (swept && swept->objects + swept->pieces > 0) {
            log("swept " + std::to_string(swept->objects) + " objects and " + std::to_string(swept->pieces) +
                " unfinished uploads");
          }
          lock.lock();
          wake_.wait_for(lock, options.every, [&] { return done_; });
        }
      }) {}

Sweeper::~Sweeper() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

}  // namespace troupe::server
