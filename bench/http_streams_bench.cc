// How late events reach many watchers of one server, and what a watcher costs in memory.
//   http_streams_bench [WATCHERS] [EVENTS_PER_SECOND] [SECONDS]     (2000 watchers, 10 events a second, 10 s)
// The server runs in a child, so that its memory is its own; every event goes to every watcher. Prints a
// table for people on stderr and the same numbers as one JSON object on stdout.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/descriptor.h"
#include "http/server.h"
#include "http/sse.h"

namespace {

using namespace troupe;
using http::Descriptor;

struct Settings {
  int watchers = 2000;
  int events_per_second = 10;
  int seconds = 10;
  int events() const { return events_per_second * seconds; }
};

// The same clock in both processes.
int64_t now_micros() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

// Events so far; each says when it was made.
class Feed {
 public:
  void append() {
    std::vector<std::function<void()>> wakes;
    {
      const std::lock_guard lock(mutex_);
      made_.push_back(now_micros());
      wakes = wakes_;
    }
    for (const auto& wake : wakes) wake();
  }
  void listen(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wakes_.push_back(std::move(wake));
  }
  std::string read(size_t& next) const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (; next < made_.size(); ++next)
      text += http::sse_event(static_cast<int64_t>(next) + 1, "", std::to_string(made_[next]));
    return text;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<int64_t> made_;
  std::vector<std::function<void()>> wakes_;
};

class FeedStream final : public http::Stream {
 public:
  explicit FeedStream(Feed& feed) : feed_(feed) {}
  std::optional<std::string> poll() override { return feed_.read(next_); }
  void on_ready(std::function<void()> wake) override { feed_.listen(std::move(wake)); }

 private:
  Feed& feed_;
  size_t next_ = 0;
};

int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

// What the parent is told: first the port, later how memory was without and with the watchers.
struct Report {
  int64_t port = 0, bytes_before = 0, bytes_with_watchers = 0;
};

void tell(int pipe_end, const Report& report) {
  if (write(pipe_end, &report, sizeof report) != sizeof report) _exit(1);
}

// Serves, waits for all watchers, makes the events at their rate, and stops when `go_on` ends.
[[noreturn]] void serve(const Settings& settings, int report_end, int go_on) {
  Feed feed;
  http::Router router;
  router.add({"GET", "/events",
              [&feed](http::Request&) {
                http::Response response = http::reply(200, "text/event-stream", "");
                response.body = std::make_shared<FeedStream>(feed);
                return response;
              },
              0, ""});
  http::ServerOptions options;
  options.port = 0;
  options.limits.connections_per_peer_max = options.limits.connections_max;
  http::Server server(std::move(router), options);
  if (!server.start()) _exit(1);
  Report report{server.port(), resident_bytes(), 0};
  tell(report_end, report);
  char byte;
  if (read(go_on, &byte, 1) != 1) _exit(1);
  report.bytes_with_watchers = resident_bytes();
  tell(report_end, report);
  auto next = std::chrono::steady_clock::now();
  for (int i = 0; i < settings.events(); ++i) {
    feed.append();
    next += std::chrono::microseconds(1000000 / settings.events_per_second);
    std::this_thread::sleep_until(next);
  }
  while (read(go_on, &byte, 1) > 0) {
  }
  server.stop();
  _exit(0);
}

struct Watcher {
  Descriptor socket;
  std::string line;  // the unfinished one
  bool answered = false;
};

Watcher connect_watcher(uint16_t port) {
  constexpr std::string_view kRequest = "GET /events HTTP/1.1\r\nHost: bench\r\n\r\n";
  Watcher watcher{Descriptor(socket(AF_INET, SOCK_STREAM, 0)), "", false};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(watcher.socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      send(watcher.socket.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) {
    std::fprintf(stderr, "no connection; is `ulimit -n` large enough?\n");
    std::exit(1);
  }
  return watcher;
}

// All watchers on one thread, as a client that is cheaper than what it measures.
class Watchers {
 public:
  Watchers(int count, uint16_t port) : poll_(epoll_create1(0)) {
    for (int i = 0; i < count; ++i) {
      watchers_.push_back(connect_watcher(port));
      epoll_event event{EPOLLIN, {.u64 = static_cast<uint64_t>(i)}};
      epoll_ctl(poll_.get(), EPOLL_CTL_ADD, watchers_.back().socket.get(), &event);
    }
  }

  // Until each has its head.
  void wait_for_heads() {
    while (answered_ < watchers_.size() && read_ready()) {
    }
  }
  // Until each has got that many events; false if one was lost on the way.
  bool wait_for_events(size_t count) {
    while (latencies_.size() < count * watchers_.size() && read_ready()) {
    }
    return latencies_.size() == count * watchers_.size();
  }
  // Of all events of all watchers, in microseconds.
  std::vector<int64_t>& latencies() { return latencies_; }

 private:
  // False: nothing came for long.
  bool read_ready() {
    constexpr int kPatienceMillis = 10000;
    epoll_event events[256];
    const int count = epoll_wait(poll_.get(), events, 256, kPatienceMillis);
    for (int i = 0; i < count; ++i) read_from(watchers_[events[i].data.u64]);
    return count > 0;
  }

  void read_from(Watcher& watcher) {
    char block[4096];
    const ssize_t count = recv(watcher.socket.get(), block, sizeof block, 0);
    if (count <= 0) {
      watcher.socket.reset();
      return;
    }
    const int64_t now = now_micros();
    for (const char c : std::string_view(block, static_cast<size_t>(count))) {
      if (c != '\n') {
        watcher.line += c;
        continue;
      }
      if (watcher.line.starts_with("data: "))
        latencies_.push_back(now - std::atoll(watcher.line.c_str() + 6));
      if (watcher.line == "\r" && !std::exchange(watcher.answered, true)) ++answered_;
      watcher.line.clear();
    }
  }

  Descriptor poll_;
  std::vector<Watcher> watchers_;
  size_t answered_ = 0;
  std::vector<int64_t> latencies_;
};

void print(const Settings& settings, const Report& report, std::vector<int64_t>& latencies) {
  std::sort(latencies.begin(), latencies.end());
  const auto percentile = [&](size_t percent) {
    return static_cast<double>(latencies[(latencies.size() - 1) * percent / 100]) / 1000;
  };
  const int64_t bytes = (report.bytes_with_watchers - report.bytes_before) / settings.watchers;
  std::fprintf(stderr, "%d watchers, %d events a second: p50 %.1f ms, p99 %.1f ms, %lld bytes a watcher\n",
               settings.watchers, settings.events_per_second, percentile(50), percentile(99),
               static_cast<long long>(bytes));
  std::printf(
      "{\"watchers\": %d, \"events_per_second\": %d, \"p50_ms\": %.2f, \"p99_ms\": %.2f, "
      "\"bytes_per_watcher\": "
      "%lld}\n",
      settings.watchers, settings.events_per_second, percentile(50), percentile(99),
      static_cast<long long>(bytes));
}

int argument(int count, char** values, int index, int otherwise) {
  return count > index ? std::max(std::atoi(values[index]), 1) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings{argument(argc, argv, 1, 2000), argument(argc, argv, 2, 10),
                          argument(argc, argv, 3, 10)};
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  int reports[2], orders[2];
  if (pipe(reports) != 0 || pipe(orders) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    close(orders[1]);
    serve(settings, reports[1], orders[0]);
  }
  Report report;
  if (read(reports[0], &report, sizeof report) != sizeof report) return 1;
  bool whole;
  {
    Watchers watchers(settings.watchers, static_cast<uint16_t>(report.port));
    watchers.wait_for_heads();
    if (write(orders[1], "g", 1) != 1 || read(reports[0], &report, sizeof report) != sizeof report) return 1;
    whole = watchers.wait_for_events(static_cast<size_t>(settings.events()));
    if (whole) print(settings, report, watchers.latencies());
  }
  close(orders[1]);
  waitpid(child, nullptr, 0);
  if (!whole) std::fprintf(stderr, "events were lost\n");
  return whole ? 0 : 1;
}
