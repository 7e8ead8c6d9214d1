// May a new job come in? Pure rules, the same for every store.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "jobs/job_queue.h"

namespace troupe::jobs {

/// How long an idempotency key stands for its first request.
inline constexpr std::chrono::hours kIdempotencyKept{24};
inline constexpr size_t kIdempotencyKeyBytesMax = 255;
/// Of a prompt, a spec, the caller's metadata.
inline constexpr size_t kJobTextBytesMax = 16 * 1024 * 1024;
/// What a full queue advises: about the time of a draft.
inline constexpr std::chrono::seconds kFullQueueRetry{30};

/// Days since 1970 (UTC): what budgets of a day go by.
int64_t day_of(Time time);

/// What a store knows when a job comes in.
struct Standing {
  std::vector<Budget> budgets;  ///< of the account
  Balance balance;              ///< in the price's currency, today
  int64_t queued = 0;           ///< jobs in state queued
  int64_t queued_of_account = 0;
};

/// Errors: invalid_argument (no id, account, model or engine; a text that is no UTF-8 or has U+0000; a price
/// below zero; an idempotency key that is empty or too long), over_limit (a text past its bound).
Result<void> check_new_job(const NewJob& job);

/// Why `job` may not come in; none if it may. Bounds come before budgets. A budget of a currency binds jobs
/// priced in it; an account with budgets, but none in the price's currency, may spend nothing.
std::optional<SubmitRefusal> refusal(const Job& job, const Standing& standing, const QueueBounds& bounds,
                                     Time now);

/// The refusal of a key that was used for another request.
SubmitRefusal idempotency_mismatch(const std::string& key);

}  // namespace troupe::jobs
