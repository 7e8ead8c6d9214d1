#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/load/client.h"
#include "bench/load/crowd.h"
#include "bench/load/event_tail.h"
#include "bench/load/measures.h"
#include "bench/load/sections.h"

namespace troupe::bench {
namespace {

constexpr int kSilent = 10000, kSlowOfAKind = 200;
constexpr double kAloneSeconds = 5, kAttackedSeconds = 25, kGatherSeconds = 15, kJobPatienceSeconds = 30;
constexpr int kBetweenCallsMicros = 10000;
constexpr int kJobsBefore = 60;  // so that a page of the list is full from the start
constexpr const char* kLargeJob =
    R"({"prompt": "a forest in the rain", "duration": 1, "fps": 24, "resolution": "1080p"})";

struct Polite {
  std::vector<double> get_ms, post_ms;
  int failed = 0;
};

// Asks now and then, as a program of a customer does.
Polite ask_politely(const Served& server, const ServedKey& key, double seconds) {
  Polite found;
  Client client(server.port(), key.secret);
  const double end = seconds_now() + seconds;
  while (seconds_now() < end) {
    const double begin = seconds_now();
    const auto list = client.call("GET", "/v1/jobs");
    const double middle = seconds_now();
    const auto job = client.submit();
    found.get_ms.push_back((middle - begin) * 1000);
    found.post_ms.push_back((seconds_now() - middle) * 1000);
    found.failed += (list && list->status == 200 ? 0 : 1) + (job ? 0 : 1);
    ::usleep(kBetweenCallsMicros);
  }
  return found;
}

int64_t connections_of(const Served& server) {
  const auto metrics = Client(server.port(), "").call("GET", "/metrics");
  const std::string name = "\ntroupe_http_connections ";
  const size_t at = metrics ? metrics->body.find(name) : std::string::npos;
  return at == std::string::npos ? 0 : std::atoll(metrics->body.c_str() + at + name.size());
}

void tell(const std::string& what, Polite& polite, Report& report) {
  report.row(what, {{"get_p50_ms", percentile(polite.get_ms, 50)},
                    {"get_p99_ms", percentile(polite.get_ms, 99)},
                    {"post_p50_ms", percentile(polite.post_ms, 50)},
                    {"post_p99_ms", percentile(polite.post_ms, 99)},
                    {"requests", static_cast<double>(polite.get_ms.size() + polite.post_ms.size())},
                    {"failed", static_cast<double>(polite.failed)}});
  report.must(polite.failed == 0, what + ": " + std::to_string(polite.failed) + " polite requests failed");
}

void tell_ratios(Polite& attacked, Polite& alone, Report& report) {
  const auto ratio = [&](std::vector<double> Polite::*values, double percent) {
    return percentile(attacked.*values, percent) / percentile(alone.*values, percent);
  };
  report.row("attacked to alone", {{"get_p50", ratio(&Polite::get_ms, 50)},
                                   {"get_p99", ratio(&Polite::get_ms, 99)},
                                   {"post_p50", ratio(&Polite::post_ms, 50)},
                                   {"post_p99", ratio(&Polite::post_ms, 99)}});
}

void attack(const Served& server, const ServedKey& key, const std::string& video, Polite& alone,
            Report& report) {
  const int64_t before = server.resident_bytes();
  server.forget_peak();
  const double processor_before = server.processor_seconds(), begin = seconds_now();
  const Crowd crowd({server.port(), key.secret, video, kSilent, kSlowOfAKind, kSlowOfAKind, kSlowOfAKind});
  int64_t held = 0;
  while (held < kSilent && seconds_now() < begin + kGatherSeconds) {
    ::usleep(100000);
    held = std::max(held, connections_of(server));
  }
  Polite attacked = ask_politely(server, key, kAttackedSeconds);
  const double seconds = seconds_now() - begin;
  const CrowdCounts counts = crowd.counts();
  tell("attacked", attacked, report);
  tell_ratios(attacked, alone, report);
  report.row("the attack", {{"held_by_server", static_cast<double>(held)},
                            {"open_at_end", static_cast<double>(counts.open)},
                            {"connects_per_second", static_cast<double>(counts.connects) / seconds},
                            {"turned_away", static_cast<double>(counts.turned_away)},
                            {"not_connected", static_cast<double>(counts.not_connected)},
                            {"server_processors", (server.processor_seconds() - processor_before) / seconds},
                            {"peak_growth_MB", static_cast<double>(server.peak_bytes() - before) / 1e6},
                            {"descriptors_max", static_cast<double>(server.descriptors_max())}});
  report.must(held >= kSilent, "the server held " + std::to_string(held) + " connections only");
}

// A video that does not fit into a socket's buffer, for those who read it slowly.
Result<std::string> make_video(const Ground& ground, const ServedKey& key) {
  TROUPE_TRY(Served server, Served::start(ground, 1));
  TROUPE_TRY(const std::string job, Client(server.port(), key.secret).submit(kLargeJob));
  EventTail tail(server.port(), key.secret, 0);
  if (!tail.next_of("job.succeeded", job, kJobPatienceSeconds))
    return make_error(ErrorCode::timeout, "no video was made");
  server.stop();
  return "/v1/jobs/" + job + "/video";
}

}  // namespace

Result<void> measure_hostility(const Ground& ground, Report& report) {
  TROUPE_TRY(const ServedKey key, make_key(ground));
  TROUPE_TRY(const std::string video, make_video(ground, key));
  TROUPE_TRY(const Served server, Served::start(ground, 0));
  Client client(server.port(), key.secret);
  for (int i = 0; i < kJobsBefore; ++i) TROUPE_CHECK_OK(client.submit());
  Polite alone = ask_politely(server, key, kAloneSeconds);
  tell("alone", alone, report);
  attack(server, key, video, alone, report);
  Polite after = ask_politely(server, key, kAloneSeconds);
  tell("alone again", after, report);
  return {};
}

}  // namespace troupe::bench
