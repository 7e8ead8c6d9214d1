#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "bench/load/client.h"
#include "bench/load/event_tail.h"
#include "bench/load/sections.h"

namespace troupe::bench {
namespace {

constexpr int kModest = 6, kGreedy = 10 * kModest;
constexpr int kWorkers = 2;
constexpr double kPatienceSeconds = 30;

// In the order of the event log: true where it was the modest one's turn.
Result<std::vector<bool>> turns(const Served& server, const ServedKey& admin,
                                const std::map<std::string, bool>& is_modest) {
  EventTail tail(server.port(), admin.secret, 0);
  std::vector<bool> order;
  for (int modest = 0; modest < kModest;) {
    const auto event = tail.next_of("job.running", "", kPatienceSeconds);
    if (!event) return make_error(ErrorCode::timeout, "the jobs are not made");
    order.push_back(is_modest.at(event->job));
    modest += order.back();
  }
  return order;
}

size_t longest_run(const std::vector<bool>& turns) {
  size_t longest = 0, run = 0;
  for (size_t i = 0; i < turns.size(); ++i) {
    run = i > 0 && turns[i] == turns[i - 1] ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

Result<void> measure_fairness(const Ground& ground, Report& report) {
  TROUPE_TRY(const ServedKey admin, make_key(ground, true));
  TROUPE_TRY(const std::vector<ServedKey> keys, make_keys(ground, 2));
  TROUPE_TRY(const Served server, Served::start(ground, kWorkers));
  std::map<std::string, bool> is_modest;
  Client greedy(server.port(), keys[0].secret), modest(server.port(), keys[1].secret);
  for (int i = 0; i < kGreedy; ++i) {
    TROUPE_TRY(const std::string job, greedy.submit());
    is_modest[job] = false;
  }
  for (int i = 0; i < kModest; ++i) {
    TROUPE_TRY(const std::string job, modest.submit());
    is_modest[job] = true;
  }
  TROUPE_TRY(std::vector<bool> order, turns(server, admin, is_modest));
  // From the modest one's first turn to its last, both have jobs that wait.
  const auto first = std::find(order.begin(), order.end(), true);
  const std::string before = std::to_string(first - order.begin());
  order.erase(order.begin(), first);
  report.row("60 jobs of one key, 6 of another",
             {{"share_of_turns", static_cast<double>(kModest) / static_cast<double>(order.size())},
              {"longest_run", static_cast<double>(longest_run(order))}});
  report.must(longest_run(order) == 1, "keys do not take turns");
  return {};
}

}  // namespace troupe::bench
