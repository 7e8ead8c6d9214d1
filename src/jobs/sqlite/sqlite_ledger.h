// The ledger in SQLite. Private to this folder.
#pragma once

#include "jobs/ledger.h"
#include "jobs/sqlite/connections.h"

namespace troupe::jobs {

class SqliteLedger final : public Ledger {
 public:
  explicit SqliteLedger(Connections& connections) : connections_(connections) {}

  Result<std::vector<Balance>> balances(const std::string& account, int64_t today) override;
  Result<std::vector<LedgerLine>> lines(const std::string& account, int64_t before, int limit) override;
  Result<std::vector<Drift>> audit() override;

 private:
  Connections& connections_;
};

/// Adds lines and their sums. Inside a write transaction.
Result<void> post(Database& database, const std::vector<LedgerLine>& lines);

/// The sums of an account in one currency; zeros if it has none.
Result<Balance> read_balance(Database& database, const std::string& account, Currency currency,
                             int64_t today);

/// Everything that does not add up, on one snapshot.
Result<std::vector<Drift>> audit_ledger(Database& database);

}  // namespace troupe::jobs
