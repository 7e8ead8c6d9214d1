#include "server/event_hub.h"

#include <algorithm>
#include <utility>

namespace troupe::server {
namespace {

bool lets_through(const jobs::EventFilter& filter, const std::string& account, const std::string& job) {
  return (!filter.account || *filter.account == account) && (!filter.job || *filter.job == job);
}

// Progress and previews of a job that has ended say nothing any more.
bool ends_job(const std::string& type) {
  return type == "job.succeeded" || type == "job.failed" || type == "job.cancelled" || type == "job.parked" ||
         type == "job.deleted";
}

}  // namespace

struct EventHub::Watcher {
  jobs::EventFilter filter;
  std::mutex mutex;            // held while wake runs: after unsubscribing it is never called again
  std::function<void()> wake;  // empty once unsubscribed

  void call() {
    const std::lock_guard lock(mutex);
    if (wake) wake();
  }
};

void EventHub::publish(const std::vector<JobEvent>& events) {
  std::vector<std::shared_ptr<Watcher>> woken;
  {
    const std::lock_guard lock(mutex_);
    for (const JobEvent& event : events) {
      events_.push_back(event);
      if (ends_job(event.type)) previews_.erase(event.job);
    }
    while (events_.size() > kKeptMax) {
      forgotten_ = events_.front().id;
      events_.pop_front();
    }
    for (const auto& entry : watchers_) {
      const bool wanted = std::any_of(events.begin(), events.end(), [&](const JobEvent& event) {
        return lets_through(entry.second->filter, event.account, event.job);
      });
      if (wanted) woken.push_back(entry.second);
    }
  }
  for (const auto& watcher : woken) watcher->call();
}

EventHub::Batch EventHub::since(int64_t after, const jobs::EventFilter& filter, size_t limit) const {
  const std::lock_guard lock(mutex_);
  Batch batch;
  batch.seen = after;
  batch.complete = after >= forgotten_;
  const auto begin = std::upper_bound(events_.begin(), events_.end(), after,
                                      [](int64_t id, const JobEvent& event) { return id < event.id; });
  for (auto it = begin; it != events_.end() && batch.events.size() < limit; ++it) {
    batch.seen = it->id;
    if (lets_through(filter, it->account, it->job)) batch.events.push_back(*it);
  }
  return batch;
}

std::unique_ptr<EventHub::Subscription> EventHub::subscribe(jobs::EventFilter filter,
                                                            std::function<void()> wake) {
  class Ticket final : public Subscription {
   public:
    Ticket(EventHub& hub, int64_t id) : hub_(hub), id_(id) {}
    ~Ticket() override { hub_.remove(id_); }

   private:
    EventHub& hub_;
    int64_t id_;
  };
  auto watcher = std::make_shared<Watcher>();
  watcher->filter = std::move(filter);
  watcher->wake = std::move(wake);
  const std::lock_guard lock(mutex_);
  const int64_t id = next_watcher_++;
  watchers_[id] = std::move(watcher);
  return std::make_unique<Ticket>(*this, id);
}

void EventHub::remove(int64_t id) {
  std::shared_ptr<Watcher> watcher;
  {
    const std::lock_guard lock(mutex_);
    const auto it = watchers_.find(id);
    watcher = std::move(it->second);
    watchers_.erase(it);
  }
  const std::lock_guard lock(watcher->mutex);
  watcher->wake = nullptr;
}

std::vector<std::shared_ptr<EventHub::Watcher>> EventHub::watchers_of(const std::string& account,
                                                                      const std::string& job) const {
  std::vector<std::shared_ptr<Watcher>> found;
  for (const auto& [id, watcher] : watchers_) {
    if (lets_through(watcher->filter, account, job)) found.push_back(watcher);
  }
  return found;
}

void EventHub::show_preview(const std::string& account, const std::string& job, std::string base64) {
  std::vector<std::shared_ptr<Watcher>> woken;
  {
    const std::lock_guard lock(mutex_);
    previews_[job] = {account, {++preview_version_, job, std::move(base64)}};
    woken = watchers_of(account, job);
  }
  for (const auto& watcher : woken) watcher->call();
}

std::vector<EventHub::Preview> EventHub::previews_since(int64_t version,
                                                        const jobs::EventFilter& filter) const {
  const std::lock_guard lock(mutex_);
  std::vector<Preview> found;
  for (const auto& [job, shown] : previews_) {
    if (shown.preview.version > version && lets_through(filter, shown.account, job))
      found.push_back(shown.preview);
  }
  return found;
}

int64_t EventHub::watchers() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int64_t>(watchers_.size());
}

}  // namespace troupe::server
