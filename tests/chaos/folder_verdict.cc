#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "server/data_folder.h"
#include "server/sweeper.h"
#include "tests/chaos/verdict.h"

namespace troupe::chaos {
namespace {

namespace fs = std::filesystem;

constexpr int kPage = 200, kObjectsPage = 10'000;

using Jobs = std::map<std::string, Job>;

Jobs all_jobs(jobs::JobStore& store) {
  Jobs jobs;
  std::string before;
  do {
    auto page = store.queue().list({}, before, kPage);
    if (!page) {
      ADD_FAILURE() << to_string(page.error());
      break;
    }
    for (Job& job : page->jobs) jobs.emplace(job.id, std::move(job));
    before = page->next;
  } while (!before.empty());
  return jobs;
}

// An order is one job at most, the one that was acknowledged, at the price that it was told; a refused one is
// none.
void check_orders(const Jobs& jobs, const std::vector<Customer>& customers) {
  std::map<std::string, std::vector<const Job*>> by_tag;
  for (const auto& [id, job] : jobs) by_tag[Json::parse(job.metadata_json).value("tag", "")].push_back(&job);
  for (const Customer& customer : customers) {
    for (const Order& order : customer.orders()) {
      const auto made = by_tag.find(order.tag);
      const bool gone = order.deleted || order.delete_sent;
      if (made == by_tag.end()) {
        EXPECT_TRUE(order.job.empty() || gone) << order.job << " was acknowledged and is lost";
        continue;
      }
      EXPECT_EQ(made->second.size(), 1u) << order.tag << " was ordered once and is several jobs";
      const Job& job = *made->second.front();
      EXPECT_FALSE(order.refused) << order.tag << " was refused and is the job " << job.id;
      EXPECT_TRUE(order.job.empty() || order.job == job.id) << order.job << " is now " << job.id;
      EXPECT_EQ(job.price.micros, order.price_micros) << job.id;
      EXPECT_TRUE(is_final(job.state)) << job.id << " is " << name(job.state);
    }
  }
}

struct Moves {
  int holds = 0, settles = 0, releases = 0, fees = 0;
  int64_t held = 0, spent = 0;
};

std::map<std::string, Moves> moves_of(jobs::Ledger& ledger, const std::string& account) {
  std::map<std::string, Moves> moves;
  int64_t before = 0;
  while (true) {
    const auto lines = ledger.lines(account, before, kPage);
    EXPECT_TRUE(lines) << to_string(lines.error());
    if (!lines || lines->empty()) return moves;
    for (const LedgerLine& line : *lines) {
      Moves& of = moves[line.job];
      of.holds += line.kind == LedgerKind::hold;
      of.settles += line.kind == LedgerKind::settle;
      of.releases += line.kind == LedgerKind::release;
      of.fees += line.kind == LedgerKind::fee;
      of.held += line.held_micros;
      of.spent += line.spent_micros;
    }
    before = lines->back().id;
  }
}

// One hold and one end each: settled whole if it succeeded, released whole if not.
void check_moves(const std::map<std::string, Moves>& moves, const Jobs& jobs) {
  for (const auto& [id, of] : moves) {
    const auto job = jobs.find(id);
    EXPECT_TRUE(of.holds == 1 && of.settles + of.releases == 1 && of.fees == 0 && of.held == 0)
        << id << ": " << of.holds << " holds, " << of.settles << " settled, " << of.releases << " released, "
        << of.held << " still held";
    if (job == jobs.end()) continue;  // deleted
    const bool succeeded = job->second.state == JobState::succeeded;
    EXPECT_EQ(of.settles, succeeded ? 1 : 0) << id << " is " << name(job->second.state);
    EXPECT_EQ(of.spent, succeeded ? job->second.price.micros : 0) << id;
  }
}

// What the account spent: the price of each job that succeeded, deleted ones too.
int64_t check_account(jobs::Ledger& ledger, const std::string& account, const Jobs& jobs) {
  const auto moves = moves_of(ledger, account);
  check_moves(moves, jobs);
  int64_t spent = 0;
  for (const auto& [id, of] : moves) spent += of.spent;
  for (const auto& [id, job] : jobs) {
    EXPECT_TRUE(job.account != account || moves.contains(id)) << id << " has no line in the ledger";
  }
  const auto balances = ledger.balances(account, 0);
  EXPECT_TRUE(balances);
  for (const Balance& balance : *balances) {
    EXPECT_EQ(balance.held_micros, 0);
    EXPECT_EQ(balance.spent_micros, spent);
  }
  return spent;
}

std::set<std::string> named_objects(jobs::Library& library, const Jobs& jobs,
                                    const std::vector<std::string>& accounts) {
  std::set<std::string> named;
  for (const auto& [id, job] : jobs) {
    for (const Take& take : job.takes)
      named.insert({take.video, take.thumbnail, take.last_frame, take.spritesheet});
  }
  for (const std::string& account : accounts) {
    std::string before;
    while (true) {
      const auto uploads = library.list_uploads(account, before, kPage);
      EXPECT_TRUE(uploads);
      if (!uploads || uploads->empty()) break;
      for (const Upload& upload : *uploads) named.insert(upload.object);
      before = uploads->back().id;
    }
  }
  named.erase("");
  return named;
}

// The store holds what is named, whole, and nothing else.
void check_objects(store::ObjectStore& objects, const std::set<std::string>& named) {
  std::set<std::string> stored;
  std::string after;
  while (true) {
    const auto page = objects.list(after, kObjectsPage);
    ASSERT_TRUE(page) << to_string(page.error());
    if (page->empty()) break;
    stored.insert(page->begin(), page->end());
    after = page->back();
  }
  for (const std::string& id : named) {
    EXPECT_TRUE(stored.contains(id)) << id << " is named and not there";
    const auto bytes = objects.read(id, uint64_t{1} << 30);
    EXPECT_TRUE(bytes) << to_string(bytes.error());
  }
  for (const std::string& id : stored) EXPECT_TRUE(named.contains(id)) << id << " is named by nobody";
}

void check_leftovers(const fs::path& root) {
  const std::set<std::string> known{"troupe.db", "troupe.db-wal", "troupe.db-shm", "objects",
                                    "uploads",   "scratch",       "secret",        "lock"};
  for (const auto& entry : fs::directory_iterator(root))
    EXPECT_TRUE(known.contains(entry.path().filename())) << entry.path() << " was left behind";
  for (const char* folder : {"scratch", "uploads", "objects/partial"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      ADD_FAILURE() << entry.path() << " was left behind";
  }
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    EXPECT_EQ(entry.path().filename().string().find(".part"), std::string::npos) << entry.path();
  }
}

Sums sums_of(const Jobs& jobs) {
  Sums sums;
  for (const auto& [id, job] : jobs) {
    ++sums.jobs;
    sums.succeeded += job.state == JobState::succeeded;
    sums.failed += job.state == JobState::failed;
    sums.cancelled += job.state == JobState::cancelled;
    sums.again += job.attempts > 1;
  }
  return sums;
}

}  // namespace

Sums check_folder(const Place& place, const std::vector<Customer>& customers) {
  const auto folder = server::open_data_folder(place.data());
  EXPECT_TRUE(folder) << to_string(folder.error());
  if (!folder) return {};
  const Jobs jobs = all_jobs(*folder->jobs);
  check_orders(jobs, customers);
  Sums sums = sums_of(jobs);
  const int64_t poor = check_account(folder->jobs->ledger(), place.poor().account, jobs);
  EXPECT_LE(poor, kPoorBudgetMicros);
  sums.spent_micros = poor + check_account(folder->jobs->ledger(), place.rich().account, jobs);
  const auto drifts = folder->jobs->ledger().audit();
  EXPECT_TRUE(drifts);
  for (const jobs::Drift& drift : *drifts)
    ADD_FAILURE() << drift.account << " " << drift.job << " " << drift.what;

  server::SweeperOptions nothing_spared;
  nothing_spared.spare_objects = nothing_spared.keep_pieces = std::chrono::milliseconds(0);
  const Time soon = SystemClock().now() + std::chrono::seconds(1);  // past every file's time
  const auto swept = server::sweep(*folder->jobs, *folder->objects, *folder->partials, soon, nothing_spared);
  EXPECT_TRUE(swept) << to_string(swept.error());
  check_objects(*folder->objects,
                named_objects(folder->jobs->library(), jobs, {place.rich().account, place.poor().account}));
  check_leftovers(place.data());
  return sums;
}

}  // namespace troupe::chaos
