#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "bench/load/client.h"
#include "bench/load/event_tail.h"
#include "bench/load/measures.h"
#include "bench/load/sections.h"
#include "bench/load/swarm.h"

namespace troupe::bench {
namespace {

constexpr int kMany = 2000;
constexpr int kJobs = 24;
constexpr std::chrono::milliseconds kBetweenJobs{250};
constexpr double kPatienceSeconds = 30, kSilenceSeconds = 5;

struct Case {
  const char* name;
  int watchers;
  bool rendering;  // else the jobs are cancelled at once, so that nothing but the watchers wants processors
};
constexpr Case kCases[] = {{"1 watcher, 2 workers", 1, true},
                           {"2000 watchers, 2 workers", kMany, true},
                           {"1 watcher, nothing rendered", 1, false},
                           {"2000 watchers, nothing rendered", kMany, false}};

// Makes jobs at their pace and sees them end. Runs beside the swarm.
class Making {
 public:
  Making(const Served& server, const ServedKey& key, bool rendering)
      : tail_(server.port(), key.secret, 0), client_(server.port(), key.secret), rendering_(rendering) {
    thread_ = std::thread([this] { make(); });
  }
  ~Making() { thread_.join(); }
  bool done() const { return done_; }
  /// Once it is done: the events that there were; none if something went wrong.
  const std::vector<int64_t>& ids() const { return ids_; }
  const std::string& trouble() const { return trouble_; }

 private:
  void make() {
    for (int i = 0; i < kJobs && trouble_.empty(); ++i) {
      submit();
      std::this_thread::sleep_for(kBetweenJobs);
    }
    for (int ended = 0; ended < kJobs && trouble_.empty();) {
      const auto event = tail_.next(kPatienceSeconds);
      if (!event) {
        trouble_ = std::to_string(ended) + " jobs ended, then " +
                   (tail_.closed() ? "the server closed the stream" : "nothing came");
        break;
      }
      ids_.push_back(event->id);
      ended += event->type == "job.succeeded" || event->type == "job.cancelled";
      if (event->type == "job.failed" || event->type == "job.parked") trouble_ = event->type;
    }
    if (!trouble_.empty()) ids_.clear();
    done_ = true;
  }

  void submit() {
    const auto job = client_.submit();
    if (!job) trouble_ = to_string(job.error());
    if (job && !rendering_) (void)client_.call("POST", "/v1/jobs/" + *job + ":cancel");
  }

  EventTail tail_;
  Client client_;
  bool rendering_;
  std::vector<int64_t> ids_;
  std::string trouble_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

void tell(const Case& now, Swarm& swarm, const Making& making, const Served& server, double server_seconds,
          int64_t before, int64_t with_watchers, Report& report) {
  const std::vector<int64_t>& ids = making.ids();
  std::vector<double>& delays = swarm.delays_ms();
  std::vector<Figure> figures{{"events", static_cast<double>(ids.size())},
                              {"p50_ms", percentile(delays, 50)},
                              {"p99_ms", percentile(delays, 99)},
                              {"max_ms", percentile(delays, 100)}};
  if (now.watchers > 1) {
    figures.push_back(
        {"idle_bytes_per_watcher", static_cast<double>((with_watchers - before) / now.watchers)});
    figures.push_back(
        {"peak_bytes_per_watcher", static_cast<double>((server.peak_bytes() - before) / now.watchers)});
  }
  // Of one watcher it would be the jobs' time.
  if (now.watchers > 1 && !now.rendering)
    figures.push_back({"server_us_per_delivery", server_seconds * 1e6 / static_cast<double>(delays.size())});
  report.row(now.name, figures);
  report.must(making.trouble().empty(), std::string(now.name) + ": " + making.trouble());
  const int incomplete = ids.empty() ? 0 : swarm.incomplete(ids);
  report.must(incomplete == 0,
              std::string(now.name) + ": " + std::to_string(incomplete) + " watchers with gaps or repeats");
}

// A folder of its own for each: events are counted from the first.
Result<void> measure(const Ground& ground, const Case& now, Report& report) {
  TROUPE_TRY(const ServedKey key, make_key(ground));
  TROUPE_TRY(const Served server, Served::start(ground, now.rendering ? 2 : 0));
  if (!Client(server.port(), key.secret).call("GET", "/v1/jobs"))
    return make_error(ErrorCode::unavailable, "the server does not answer");
  const int64_t before = server.resident_bytes();
  Swarm swarm(server.port(), key.secret, now.watchers);
  if (!swarm.wait_for_heads()) return make_error(ErrorCode::timeout, "a watcher got no answer");
  const int64_t with_watchers = server.resident_bytes();
  server.forget_peak();
  const double processor_before = server.processor_seconds();
  const Making making(server, key, now.rendering);
  while (!making.done()) swarm.read_for(0.05);
  const size_t all = making.ids().size() * static_cast<size_t>(now.watchers);
  for (double heard = seconds_now(); swarm.events_received() < all;) {
    if (swarm.read_for(0.5)) heard = seconds_now();
    if (seconds_now() - heard > kSilenceSeconds) break;
  }
  tell(now, swarm, making, server, server.processor_seconds() - processor_before, before, with_watchers,
       report);
  return {};
}

}  // namespace

Result<void> measure_watchers(const Ground& ground, Report& report) {
  int folder = 0;
  for (const Case& now : kCases)
    TROUPE_CHECK_OK(measure({ground.troupe, ground.data / std::to_string(++folder)}, now, report));
  return {};
}

}  // namespace troupe::bench
