#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <vector>

#include "bench/load/client.h"
#include "bench/load/measures.h"
#include "bench/load/sections.h"

namespace troupe::bench {
namespace {

constexpr double kTargetPerSecond = 500;
constexpr double kCaseSeconds = 3, kProbeSeconds = 0.4;

struct Line {
  http::Descriptor socket;
  std::string request;
  AnswerReader answer;
  double sent_at = 0;
};

// Every connection asks again as soon as it has its answer.
class Submitters {
 public:
  Submitters(uint16_t port, int connections, const std::vector<ServedKey>& keys)
      : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (int i = 0; i < connections; ++i) {
      const std::string& secret = keys[static_cast<size_t>(i) % keys.size()].secret;
      lines_.push_back({connect_to({port}), request_text("POST", "/v1/jobs", secret, kSmallJob), {}, 0});
      epoll_event event{EPOLLIN, {.u64 = static_cast<uint64_t>(i)}};
      ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, lines_.back().socket.get(), &event);
    }
  }

  void run(double seconds) {
    const double begin = seconds_now();
    for (Line& line : lines_) ask(line);
    while (seconds_now() < begin + seconds && broken_ == 0) serve_ready();
    took_ = seconds_now() - begin;
  }

  double accepted_per_second() const { return static_cast<double>(waits_ms_.size()) / took_; }
  int refused() const { return refused_; }
  int broken() const { return broken_; }
  std::vector<double>& waits_ms() { return waits_ms_; }

 private:
  void serve_ready() {
    epoll_event events[64];
    const int count = ::epoll_wait(poll_.get(), events, 64, 100);
    for (int i = 0; i < count; ++i) hear(lines_[events[i].data.u64]);
  }

  void ask(Line& line) {
    line.sent_at = seconds_now();
    const ssize_t sent = ::send(line.socket.get(), line.request.data(), line.request.size(), MSG_NOSIGNAL);
    broken_ += sent != std::ssize(line.request);  // far smaller than any socket's buffer
  }

  void hear(Line& line) {
    char block[8192];
    const ssize_t count = ::recv(line.socket.get(), block, sizeof block, 0);
    broken_ += count <= 0;
    if (count <= 0 || !line.answer.read({block, static_cast<size_t>(count)})) return;
    if (line.answer.status() == 202) {
      waits_ms_.push_back((seconds_now() - line.sent_at) * 1000);
    } else {
      ++refused_;
    }
    line.answer.forget();
    ask(line);
  }

  http::Descriptor poll_;
  std::vector<Line> lines_;
  std::vector<double> waits_ms_;
  double took_ = 1;
  int refused_ = 0, broken_ = 0;
};

void measure(const Ground& ground, const Served& server, int connections, const std::vector<ServedKey>& keys,
             Report& report) {
  const double syncs_before = syncs_per_second(ground.data, kProbeSeconds);
  const double processor_before = server.processor_seconds();
  Submitters submitters(server.port(), connections, keys);
  submitters.run(kCaseSeconds);
  const double processor = (server.processor_seconds() - processor_before) / kCaseSeconds;
  const double syncs = (syncs_before + syncs_per_second(ground.data, kProbeSeconds)) / 2;
  const double accepted = submitters.accepted_per_second();
  const std::string what =
      std::to_string(connections) + " connections, " + std::to_string(keys.size()) + " keys";
  report.row(what, {{"accepted_per_second", accepted},
                    {"to_target", accepted / kTargetPerSecond},
                    {"to_syncs", accepted / syncs},
                    {"p50_ms", percentile(submitters.waits_ms(), 50)},
                    {"p99_ms", percentile(submitters.waits_ms(), 99)},
                    {"processors", processor}});
  report.must(submitters.refused() == 0 && submitters.broken() == 0,
              what + ": " + std::to_string(submitters.refused()) + " refused, " +
                  std::to_string(submitters.broken()) + " connections broke");
}

}  // namespace

Result<void> measure_submits(const Ground& ground, Report& report) {
  TROUPE_TRY(const std::vector<ServedKey> keys, make_keys(ground, 16));
  TROUPE_TRY(const Served server, Served::start(ground, 0));
  for (const int connections : {1, 8, 32}) {
    measure(ground, server, connections, {keys.front()}, report);
    measure(ground, server, connections, keys, report);
  }
  return {};
}

}  // namespace troupe::bench
