// The stores that the contract tests run against: a new kind joins store_kinds() and is tested as the others.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "jobs/job_store.h"
#include "jobs/sqlite/sqlite_store.h"

namespace troupe::jobs {

/// Where stores of one kind keep what they know; empty at first, gone with the object.
class StorePlace {
 public:
  virtual ~StorePlace() = default;
  /// Another store on the same place, as another process would open it. Null, with a test failure, on error.
  virtual std::unique_ptr<JobStore> open(const QueueBounds& bounds = {}) = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StorePlace>()> make_place;
};

inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

class SqlitePlace final : public StorePlace {
 public:
  SqlitePlace() : folder_(memory_or_temp() / new_id("jobs", SystemClock().now())) {
    std::filesystem::create_directories(folder_);
  }
  ~SqlitePlace() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::unique_ptr<JobStore> open(const QueueBounds& bounds) override {
    auto store = open_sqlite_store(file(), {.bounds = bounds});
    if (store) return std::move(*store);
    ADD_FAILURE() << to_string(store.error());
    return nullptr;
  }
  std::filesystem::path file() const { return folder_ / "jobs.db"; }

 private:
  /// Thousands of transactions wait long for a disk that others use, and nothing here pulls its plug.
  static std::filesystem::path memory_or_temp() {
    const std::filesystem::path memory = "/dev/shm";
    return access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::path(testing::TempDir());
  }

  std::filesystem::path folder_;
};

inline std::vector<StoreKind> store_kinds() {
  return {{"sqlite", [] { return std::make_unique<SqlitePlace>(); }}};
}

/// A fixture with one store open. Instantiate with TROUPE_FOR_EACH_STORE(Suite).
class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  std::unique_ptr<StorePlace> place_ = GetParam().make_place();
  std::unique_ptr<JobStore> store_ = place_->open();
};

#define TROUPE_FOR_EACH_STORE(suite)                                        \
  INSTANTIATE_TEST_SUITE_P(Stores, suite, testing::ValuesIn(store_kinds()), \
                           [](const auto& each) { return each.param.name; })

/// 2026-01-01 and `seconds`.
inline Time test_time(int64_t seconds = 0) { return Time(std::chrono::seconds(1767225600 + seconds)); }

/// A key without bounds, so that it can pay.
inline void add_account(JobStore& store, const std::string& id) {
  ApiKey key;
  key.id = id;
  key.created = test_time();
  const auto added = store.keys().add(key, sha256_hex(as_bytes(id)));
  EXPECT_TRUE(added) << to_string(added.error());
}

/// Submits a job that costs nothing, for the engine "stage".
inline void submit_job(JobStore& store, const std::string& account, const std::string& id,
                       const std::string& webhook_url = "") {
  NewJob job;
  job.job.id = id;
  job.job.account = account;
  job.job.dialect = "native";
  job.job.model = "draft";
  job.job.engine = "stage";
  job.job.spec_json = "{}";
  job.job.webhook_url = webhook_url;
  const auto submitted = store.queue().submit(job, test_time());
  ASSERT_TRUE(submitted) << to_string(submitted.error());
  ASSERT_TRUE(std::holds_alternative<Submitted>(*submitted));
}

/// Texts that no store may trip over, all of them UTF-8 without U+0000: kept as they are.
inline std::vector<std::string> hostile_texts() {
  return {"'; DROP TABLE keys; --",
          "\"double\" 'single' `back`",
          "%_\\?*[a-z]",
          "\r\n\t\x01\x7f",
          "\xf0\x9f\xa6\x8a\xe2\x80\xae\xcc\x81",
          "NULL",
          " ",
          "?1 :name @name $name"};
}

/// Texts that are refused with invalid_argument: no UTF-8, or with U+0000.
inline std::vector<std::string> refused_texts() {
  return {std::string("a\0b", 3), std::string(1, '\0'), "\xff",
          "cut \xf0\x9f\xa6",     "\xed\xa0\x80",       "\xc0\xaf"};
}

}  // namespace troupe::jobs
