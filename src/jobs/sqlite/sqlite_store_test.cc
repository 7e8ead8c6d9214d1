// What is SQLite's alone: full disks, foreign and newer files, indexes.
#include "jobs/sqlite/sqlite_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "jobs/jobs_for_test.h"
#include "jobs/sqlite/connections.h"
#include "jobs/sqlite/sqlite_ledger.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

class SqliteStoreTest : public testing::Test {
 protected:
  std::unique_ptr<JobStore> open(uint64_t size_bytes_max = 0) {
    auto store = open_sqlite_store(place_.file(), {.bounds = {}, .size_bytes_max = size_bytes_max});
    if (store) return std::move(*store);
    ADD_FAILURE() << to_string(store.error());
    return nullptr;
  }
  ErrorCode refusal_code() {
    const auto store = open_sqlite_store(place_.file());
    return store ? ErrorCode::internal : store.error().code;
  }
  std::unique_ptr<Database> database() { return std::move(*Database::open(place_.file(), {})); }

  SqlitePlace place_;
};

TEST_F(SqliteStoreTest, ChangesNothingWhenTheDiskIsFull) {
  constexpr uint64_t kRoom = 512 * 1024;
  auto store = open(kRoom);
  add_key(*store, "A");
  int taken = 0;
  std::string answer;
  do {
    NewJob job = new_job("job_" + std::to_string(taken), "A", 1);
    job.job.prompt.assign(10000, 'x');
    answer = submit(*store, job);
  } while (answer == "job_" + std::to_string(taken) && ++taken < 1000);
  ASSERT_EQ(answer, "unavailable");
  ASSERT_GT(taken, 3);
  EXPECT_EQ(store->queue().counts()->at(JobState::queued), taken);
  EXPECT_EQ(store->ledger().balances("A", 0)->at(0).held_micros, taken);
  EXPECT_EQ(store->events().since(0, {}, 1000)->size(), static_cast<size_t>(taken));
  EXPECT_TRUE(store->ledger().audit()->empty());

  store.reset();
  store = open();  // Room was made.
  EXPECT_EQ(submit(*store, new_job("job_more", "A", 1)), "job_more");
  EXPECT_TRUE(store->ledger().audit()->empty());
}

TEST_F(SqliteStoreTest, AFullDiskFailsOnlyTheCallsThatFindNoRoom) {
  auto store = open(512 * 1024);
  add_key(*store, "A");
  std::atomic<int> taken = 0, refused = 0, others = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 30; ++i) {
        NewJob job = new_job("job_" + std::to_string(thread) + "_" + std::to_string(i), "A", 1);
        job.job.prompt.assign(thread % 2 ? 30000 : 100, 'x');
        const std::string answer = submit(*store, job);
        (answer == job.job.id ? taken : answer == "unavailable" ? refused : others) += 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(refused, 0);
  EXPECT_EQ(others, 0);
  EXPECT_EQ(store->queue().counts()->at(JobState::queued), taken);
  EXPECT_EQ(store->ledger().balances("A", 0)->at(0).held_micros, taken);
  EXPECT_TRUE(store->ledger().audit()->empty());
}

TEST_F(SqliteStoreTest, IsProbedByWriting) {
  auto store = open();
  EXPECT_TRUE(store->probe());
  auto blocker = database();
  ASSERT_TRUE(blocker->script("DROP TABLE probe;"));
  EXPECT_FALSE(store->probe());
}

TEST_F(SqliteStoreTest, RefusesWhatAnotherProgramWrote) {
  std::ofstream(place_.file()) << "This is a letter, and long enough to be no database of any kind at all.";
  EXPECT_EQ(refusal_code(), ErrorCode::corrupt_input);
  std::filesystem::remove(place_.file());
  ASSERT_TRUE(database()->script("CREATE TABLE letters (text);"));
  EXPECT_EQ(refusal_code(), ErrorCode::corrupt_input);
}

TEST_F(SqliteStoreTest, RefusesTheFileOfANewerVersion) {
  open();
  ASSERT_TRUE(database()->script("PRAGMA user_version = 99;"));
  const auto store = open_sqlite_store(place_.file());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::unsupported);
  EXPECT_NE(store.error().message.find("schema 99"), std::string::npos) << store.error().message;
}

TEST_F(SqliteStoreTest, RefusesAFolderThatIsNotThere) {
  const auto store = open_sqlite_store(place_.file() / "no" / "jobs.db");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::unavailable);
}

TEST_F(SqliteStoreTest, WritesEveryCommitThrough) {
  open();
  const auto file = database();
  EXPECT_EQ(*file->integer("PRAGMA synchronous"), 2);
  Statement mode = file->prepare("PRAGMA journal_mode");
  ASSERT_TRUE(*mode.step());
  EXPECT_EQ(mode.text(0), "wal");
}

TEST_F(SqliteStoreTest, LedgerLinesCannotBeChanged) {
  auto store = open();
  add_key(*store, "A");
  submit(*store, new_job("job_1", "A", 5));
  auto file = database();
  EXPECT_FALSE(file->run("DELETE FROM ledger"));
  EXPECT_FALSE(file->run("UPDATE ledger SET amount_micros = 1"));
}

TEST_F(SqliteStoreTest, TheAuditFindsEveryDrift) {
  const char* tamperings[] = {
      "UPDATE balances SET held_micros = held_micros + 1",
      "UPDATE balances SET spent_micros = 3",
      "UPDATE day_balances SET micros = 0",
      "UPDATE jobs SET price_micros = 6 WHERE id = 'job_1'",
      "UPDATE jobs SET charged_micros = 4 WHERE id = 'job_2'",
      "UPDATE jobs SET state = 'failed' WHERE id = 'job_1'",
      "UPDATE jobs SET account = 'B' WHERE id = 'job_1'",
      "DELETE FROM jobs WHERE id = 'job_1'",
      "INSERT INTO ledger (time, account, job, kind, currency, amount_micros, held_micros, spent_micros, day,"
      " reason) VALUES (0, 'A', 'job_2', 'settle', 'usd', 5, -5, 5, 20454, 'again')",
      "INSERT INTO ledger (time, account, job, kind, currency, amount_micros, held_micros, spent_micros, day,"
      " reason) VALUES (0, 'A', 'job_2', 'fee', 'usd', 0, 0, 2, 20454, 'more than it says')",
  };
  auto store = open();
  add_key(*store, "A");
  submit(*store, new_job("job_2", "A", 5));
  ASSERT_TRUE(store->queue().finish(lease(*store, test_time()), succeeded(), test_time()));
  submit(*store, new_job("job_1", "A", 5));
  ASSERT_TRUE(store->ledger().audit()->empty());
  auto file = database();
  for (const char* tampering : tamperings) {
    ASSERT_TRUE(file->script("BEGIN; " + std::string(tampering) + ";")) << tampering;
    EXPECT_FALSE(audit_ledger(*file)->empty()) << tampering;
    ASSERT_TRUE(file->script("ROLLBACK;"));
  }
  EXPECT_TRUE(audit_ledger(*file)->empty());
}

/// The steps of a query's plan, one a line.
std::string plan(Database& file, const std::string& sql) {
  Statement steps = file.prepare("EXPLAIN QUERY PLAN " + sql);
  std::string text;
  while (true) {
    const auto more = steps.step();
    if (!more) return to_string(more.error());
    if (!*more) return text;
    text += steps.text(3) + "\n";
  }
}

TEST_F(SqliteStoreTest, FindsTheNextJobByIndex) {
  open();
  const auto file = database();
  for (const std::string sql :
       {"SELECT max(lane) FROM jobs WHERE state = 'queued' AND engine = ?",
        "SELECT min(account) FROM jobs WHERE state = 'queued' AND engine = ? AND lane = ? AND account > ?",
        "SELECT lease_expires, place, id FROM jobs WHERE state IN ('running', 'submitted') AND engine = ?"
        " AND lease_expires <= ? ORDER BY lease_expires, place LIMIT 1"}) {
    const std::string steps = plan(*file, sql);
    EXPECT_NE(steps.find("SEARCH jobs USING"), std::string::npos) << steps;
    EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
  }
}

}  // namespace
}  // namespace troupe::jobs
