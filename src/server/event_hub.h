// Events on their way from the store to everybody who watches, without touching the store again.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/job.h"
#include "jobs/event_log.h"

namespace troupe::server {

/// Keeps the newest events of this process in memory and wakes whoever waits for more. Thread-safety: safe.
class EventHub {
 public:
  static constexpr size_t kKeptMax = 20000;  // events; older ones are in the store

  /// `last_id`: the newest event of the store when the hub starts; it knows of later ones only.
  explicit EventHub(int64_t last_id) : forgotten_(last_id) {}

  /// New events, ids rising. What the store's listener is.
  void publish(const std::vector<JobEvent>& events);

  struct Batch {
    std::vector<JobEvent> events;  ///< oldest first
    int64_t seen = 0;              ///< ask for what comes after it
    bool complete = true;          ///< false: some after the asked id are in the store only
  };
  /// Those after `after` that the filter lets through, at most `limit`.
  Batch since(int64_t after, const jobs::EventFilter& filter, size_t limit) const;

  /// Calls `wake` after every publish() that has something for the filter, and after show_preview(), as long
  /// as the subscription lives.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };
  std::unique_ptr<Subscription> subscribe(jobs::EventFilter filter, std::function<void()> wake);

  /// The newest small picture of a running job, as base 64 of a JPEG; gone when the job ends.
  void show_preview(const std::string& account, const std::string& job, std::string base64);
  struct Preview {
    int64_t version = 0;  ///< rises with each picture of any job
    std::string job, base64;
  };
  /// Those newer than `version` that the filter lets through.
  std::vector<Preview> previews_since(int64_t version, const jobs::EventFilter& filter) const;

  int64_t watchers() const;

 private:
  struct Watcher;
  struct ShownPreview {
    std::string account;
    Preview preview;
  };
  std::vector<std::shared_ptr<Watcher>> watchers_of(const std::string& account, const std::string& job) const;
  void remove(int64_t id);

  mutable std::mutex mutex_;
  std::deque<JobEvent> events_;
  int64_t forgotten_;  // the newest event that is not in events_
  std::map<int64_t, std::shared_ptr<Watcher>> watchers_;
  int64_t next_watcher_ = 1, preview_version_ = 0;
  std::map<std::string, ShownPreview> previews_;  // by job
};

}  // namespace troupe::server
