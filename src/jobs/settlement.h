// What becomes of a job's hold. Pure rules, the same for every store.
#pragma once

#include <vector>

#include "jobs/job_queue.h"

namespace troupe::jobs {

/// The line that sets the price aside when a job is accepted; none for a price of 0.
std::vector<LedgerLine> hold_lines(const Job& job, Time now);

/// The lines that use up the hold of `job`, whose price is held: `taken` as `kind` (settle or fee), the rest
/// released. Amounts of 0 get no line. REQUIRES 0 <= taken <= price.
std::vector<LedgerLine> closing_lines(const Job& job, LedgerKind kind, int64_t taken,
                                      const std::string& reason, Time now);

/// Changes `job` as `outcome` says, and gives the ledger lines of that. Errors: invalid_argument (a charge or
/// a kept sum below zero, above the price or in another currency; something kept of a job that succeeded or
/// is parked; a charge of one that did not succeed).
Result<std::vector<LedgerLine>> apply_outcome(Job& job, const Outcome& outcome, Time now);

/// Ends `job` as cancelled, with nothing kept, and gives the ledger lines of that. `reason`: of the release.
std::vector<LedgerLine> apply_cancel(Job& job, Time now, const std::string& reason = "cancelled");

}  // namespace troupe::jobs
