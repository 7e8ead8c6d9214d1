#include "server/event_stream.h"

#include <algorithm>
#include <utility>

#include "http/sse.h"

namespace troupe::server {
namespace {

constexpr size_t kBatch = 200;  // events sent at once: bounds what a slow watcher holds in memory
constexpr int kLogPage = 1000;
constexpr int64_t kRetryMilliseconds = 2000;

bool is_final_event(const std::string& type) {
  return type == "job.succeeded" || type == "job.failed" || type == "job.cancelled" || type == "job.deleted";
}

class EventStream final : public http::Stream {
 public:
  EventStream(EventHub& hub, WatchOptions options, std::deque<JobEvent> old, int64_t seen, bool gap)
      : hub_(hub), options_(std::move(options)), old_(std::move(old)), seen_(seen), gap_(gap) {}

  void on_ready(std::function<void()> wake) override {
    subscription_ = hub_.subscribe(options_.filter, std::move(wake));
  }

  std::optional<std::string> poll() override {
    if (ended_) return std::nullopt;
    std::string text;
    if (std::exchange(first_, false)) text += http::sse_retry(kRetryMilliseconds);
    if (std::exchange(gap_, false)) text += http::sse_event(0, "gap", R"({"reason":"events are missing"})");
    if (!old_.empty()) {
      add_old(text);
    } else {
      add_new(text);
    }
    return text;
  }

 private:
  void add(const JobEvent& event, std::string& text) {
    text += http::sse_event(event.id, event.type, api::native::print_event(event, options_.links));
    if (options_.until_end && is_final_event(event.type)) ended_ = true;
  }

  void add_old(std::string& text) {
    for (size_t i = 0; i < kBatch && !old_.empty() && !ended_; ++i) {
      add(old_.front(), text);
      old_.pop_front();
    }
  }

  void add_new(std::string& text) {
    const EventHub::Batch batch = hub_.since(seen_, options_.filter, kBatch);
    seen_ = batch.seen;
    // Slower than events come: what the hub has let go of is skipped, and said.
    if (!batch.complete) text += http::sse_event(0, "gap", R"({"reason":"too slow"})");
    for (const JobEvent& event : batch.events) {
      if (!ended_) add(event, text);
    }
    if (!options_.with_previews || ended_) return;
    for (const EventHub::Preview& preview : hub_.previews_since(preview_, options_.filter)) {
      preview_ = std::max(preview_, preview.version);
      text += http::sse_event(
          0, "job.preview",
          R"({"job":")" + preview.job + R"(","image":"data:image/jpeg;base64,)" + preview.base64 + R"("})");
    }
  }

  EventHub& hub_;
  WatchOptions options_;
  std::deque<JobEvent> old_;
  int64_t seen_, preview_ = 0;
  bool gap_, first_ = true, ended_ = false;
  std::unique_ptr<EventHub::Subscription> subscription_;
};

}  // namespace

Result<std::shared_ptr<http::Stream>> watch(EventHub& hub, jobs::EventLog& log, const WatchOptions& options) {
  std::deque<JobEvent> old;
  // What is stored up to here is in the pages read below, whoever it is for.
  TROUPE_TRY(const int64_t newest, log.last_id());
  // An id that was never given, of a backup say: what happened since then is not known.
  int64_t seen = std::min(options.after, newest);
  bool gap = seen < options.after;
  while (!hub.since(seen, options.filter, 0).complete) {
    TROUPE_TRY(const std::vector<JobEvent> page, log.since(seen, options.filter, kLogPage));
    if (page.empty()) {
      seen = std::max(seen, newest);
      break;
    }
    old.insert(old.end(), page.begin(), page.end());
    seen = page.back().id;
    while (old.size() > kReplayMax) {
      old.pop_front();
      gap = true;
    }
  }
  return std::shared_ptr<http::Stream>(
      std::make_shared<EventStream>(hub, options, std::move(old), seen, gap));
}

}  // namespace troupe::server
