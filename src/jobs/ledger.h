// Reading the ledger. Only the queue writes it, together with the job's change.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/account.h"

namespace troupe::jobs {

/// A sum that should be zero and is not.
struct Drift {
  std::string account, job;
  std::string what;
};

/// Errors and thread-safety as JobQueue.
class Ledger {
 public:
  virtual ~Ledger() = default;
  /// One for each currency the account has lines in; `today` is days since 1970 (UTC).
  virtual Result<std::vector<Balance>> balances(const std::string& account, int64_t today) = 0;
  /// Newest first, those with an id below `before` (0 = from the newest); `limit` 1 … 200.
  virtual Result<std::vector<LedgerLine>> lines(const std::string& account, int64_t before, int limit) = 0;
  /// Checks every sum: a job's lines against its state and price, accounts' totals against their jobs' holds.
  /// Empty = none drifts.
  virtual Result<std::vector<Drift>> audit() = 0;
};

}  // namespace troupe::jobs
