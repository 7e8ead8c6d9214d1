// Jobs, leases and outcomes for tests of stores.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "jobs/store_for_test.h"

namespace troupe::jobs {

/// A key that may pay, with `budgets`.
inline void add_key(JobStore& store, const std::string& account, const std::vector<Budget>& budgets = {}) {
  ApiKey key;
  key.id = key.name = account;
  key.budgets = budgets;
  key.created = test_time();
  const auto known = store.keys().find(account);
  if (known && *known) return;
  ASSERT_TRUE(store.keys().add(key, sha256_hex(as_bytes(account))));
}

inline NewJob new_job(const std::string& id, const std::string& account, int64_t price_micros = 0) {
  NewJob job;
  job.job.id = id;
  job.job.account = account;
  job.job.dialect = "native";
  job.job.model = job.job.engine = "stage";
  job.job.spec_json = "{}";
  job.job.price = {price_micros, Currency::usd};
  return job;
}

/// The job's id, with " again" if it is replayed; else the refusal's or the error's name.
inline std::string submit(JobStore& store, const NewJob& job, Time now = test_time()) {
  constexpr const char* kWhys[] = {"queue_full", "account_queue_full", "over_budget", "idempotency_mismatch"};
  const auto answer = store.queue().submit(job, now);
  if (!answer) return std::string(name(answer.error().code));
  if (const auto* refusal = std::get_if<SubmitRefusal>(&*answer))
    return kWhys[static_cast<int>(refusal->why)];
  const Submitted& submitted = std::get<Submitted>(*answer);
  return submitted.job.id + (submitted.replayed ? " again" : "");
}

/// The next stage job, leased for 30 s. A failure if there is none.
inline Lease lease(JobStore& store, Time now, const std::string& worker = "w") {
  const auto lease = store.queue().lease({worker, {"stage"}, std::chrono::seconds(30)}, now);
  if (lease && *lease) return **lease;
  ADD_FAILURE() << (lease ? "no job to lease" : to_string(lease.error()));
  return {};
}

/// One take of two seconds, charged in full.
inline Outcome succeeded() {
  Outcome outcome;
  outcome.kind = Outcome::Kind::succeeded;
  outcome.takes = {{"video", "thumbnail", "", 1000, {640, 360}, {24, 1}, 48, 7, false, "other", "sheet"}};
  return outcome;
}

}  // namespace troupe::jobs
