#include <string>

#include "bench/load/client.h"
#include "bench/load/event_tail.h"
#include "bench/load/measures.h"
#include "bench/load/sections.h"

namespace troupe::bench {
namespace {

constexpr int kKills = 3;
constexpr double kLeaseSeconds = 30;  // the server's usual one
constexpr double kPatienceSeconds = 40;
constexpr const char* kLongJob =
    R"({"prompt": "a city street at night in the rain", "duration": 20, "fps": 24, "resolution": "720p"})";

Error lost(const std::string& what) { return make_error(ErrorCode::timeout, what); }

// Kills the server in the middle of a job, starts it again and sees the job run again.
Result<void> kill_once(const Ground& ground, const ServedKey& key, const std::string& what, Report& report) {
  std::string job;
  int64_t seen = 0;
  double killed_at = 0;
  {
    TROUPE_TRY(Served server, Served::start(ground, 1));
    TROUPE_TRY(job, Client(server.port(), key.secret).submit(kLongJob));
    EventTail tail(server.port(), key.secret, 0);
    const auto progress = tail.next_of("job.progress", job, kPatienceSeconds);
    if (!progress) return lost("the job does not get on");
    seen = progress->id;
    killed_at = wall_milliseconds();
    server.kill();
  }
  TROUPE_TRY(Served server, Served::start(ground, 1));
  EventTail tail(server.port(), key.secret, seen);
  const auto again = tail.next_of("job.running", job, kPatienceSeconds);
  if (!again) return lost("the job does not run again");
  const double seconds = (again->stored_ms - server.listening_ms()) / 1000;
  report.row(what, {{"kill_to_listening_s", (server.listening_ms() - killed_at) / 1000},
                    {"listening_to_running_s", seconds},
                    {"to_lease", seconds / kLeaseSeconds}});
  report.must(seconds < kLeaseSeconds / 3, "a job waits for its lease after a restart");
  TROUPE_TRY(const auto cancelled,
             Client(server.port(), key.secret).call("POST", "/v1/jobs/" + job + ":cancel"));
  if (cancelled.status != 202 || !tail.next_of("job.cancelled", job, kPatienceSeconds))
    return lost("the job can't be cancelled");
  server.stop();
  return {};
}

}  // namespace

Result<void> measure_recovery(const Ground& ground, Report& report) {
  TROUPE_TRY(const ServedKey key, make_key(ground));
  for (int i = 1; i <= kKills; ++i)
    TROUPE_CHECK_OK(kill_once(ground, key, "kill " + std::to_string(i), report));
  return {};
}

}  // namespace troupe::bench
