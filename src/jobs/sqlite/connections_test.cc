#include "jobs/sqlite/connections.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>

#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

constexpr int kThreads = 8;

class ConnectionsTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(connections_->write([](Database& database) {
      return database.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, thread INTEGER NOT NULL)");
    }));
  }
  int64_t count(const std::string& where) {
    const auto found = connections_->read(
        [&](Database& database) { return database.integer("SELECT count(*) FROM notes WHERE " + where); });
    return found ? found->value_or(-1) : -1;
  }
  static Result<int64_t> note(Database& database, int thread) {
    return database.run("INSERT INTO notes (thread) VALUES (?)", thread);
  }
  /// Runs `work(thread)` on all threads at once, while a first write keeps them waiting: so they are written
  /// together.
  template <class Work>
  void run_together(const Work& work) {
    std::latch started(kThreads + 1);
    std::vector<std::thread> threads;
    threads.emplace_back([&] {
      EXPECT_TRUE(connections_->write([&](Database& database) {
        started.arrive_and_wait();
        return note(database, -1);
      }));
    });
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        started.arrive_and_wait();
        work(thread);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  SqlitePlace place_;
  std::unique_ptr<Connections> connections_ = std::move(*Connections::open(place_.file(), {}));
};

TEST_F(ConnectionsTest, UndoesOnlyTheWritesThatFail) {
  for (int round = 0; round < 20; ++round) {
    run_together([&](int thread) {
      const auto written = connections_->write([&](Database& database) -> Result<int64_t> {
        TROUPE_CHECK_OK(note(database, thread));
        if (thread % 2) return make_error(ErrorCode::conflict, "changed its mind");
        return 1;
      });
      EXPECT_EQ(written.has_value(), thread % 2 == 0);
    });
  }
  EXPECT_EQ(count("thread % 2 = 1"), 0);
  EXPECT_EQ(count("thread >= 0"), 20 * kThreads / 2);
}

TEST_F(ConnectionsTest, AnExceptionFailsItsOwnWriteAlone) {
  std::atomic<int> failed = 0;
  run_together([&](int thread) {
    const auto written = connections_->write([&](Database& database) -> Result<int64_t> {
      TROUPE_CHECK_OK(note(database, thread));
      if (thread == 3) throw std::runtime_error("a defect");
      return 1;
    });
    if (!written) ++failed;
  });
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(count("thread >= 0"), kThreads - 1);
}

TEST_F(ConnectionsTest, OneThatBreaksTheTransactionOfAllFailsAlone) {
  std::atomic<int> failed = 0;
  run_together([&](int thread) {
    const auto written = connections_->write([&](Database& database) -> Result<int64_t> {
      TROUPE_CHECK_OK(note(database, thread));
      if (thread == 3) {
        (void)database.script("ROLLBACK;");  // As SQLite does by itself when a disk is full.
        return make_error(ErrorCode::unavailable, "no room");
      }
      return 1;
    });
    if (!written) ++failed;
  });
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(count("thread >= 0"), kThreads - 1);
}

TEST_F(ConnectionsTest, AReaderSeesOneStateAndWaitsForNoWriter) {
  ASSERT_TRUE(connections_->write([&](Database& database) -> Result<void> {
    TROUPE_CHECK_OK(note(database, 1));
    EXPECT_EQ(count("TRUE"), 0);  // Another connection, while this one has written but not committed.
    return {};
  }));
  const auto twice = connections_->read([&](Database& database) -> Result<bool> {
    TROUPE_TRY(const auto before, database.integer("SELECT count(*) FROM notes"));
    EXPECT_TRUE(connections_->write([](Database& writer) { return note(writer, 2); }));
    TROUPE_TRY(const auto after, database.integer("SELECT count(*) FROM notes"));
    return before == after;
  });
  ASSERT_TRUE(twice);
  EXPECT_TRUE(*twice);
}

TEST_F(ConnectionsTest, AReaderCannotWrite) {
  EXPECT_FALSE(connections_->read([](Database& database) { return note(database, 1); }));
}

}  // namespace
}  // namespace troupe::jobs
