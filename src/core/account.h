// Money of one key: what it may spend, what it holds, what it spent, line by line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "core/money.h"

namespace troupe {

/// What a key may spend in one currency. A bound that is not set does not bind.
struct Budget {
  Currency currency = Currency::usd;
  std::optional<int64_t> total_micros;
  std::optional<int64_t> day_micros;  ///< of one UTC day
  bool operator==(const Budget&) const = default;
};

enum class LedgerKind {
  hold,     ///< set aside when a job is accepted
  settle,   ///< taken from the hold
  release,  ///< the rest of the hold, given back
  fee,      ///< taken from the hold of a job that failed: the line says what for
};
std::string_view name(LedgerKind kind);

/// One move. Lines are only ever added.
struct LedgerLine {
  int64_t id = 0;
  Time time;
  std::string account, job;
  LedgerKind kind = LedgerKind::hold;
  Money amount;              ///< never negative
  std::string reason;        ///< a few words for people
  int64_t held_micros = 0;   ///< change of what the account holds: + for hold, - for the others
  int64_t spent_micros = 0;  ///< change of what it has spent: + for settle and fee
  int64_t day = 0;           ///< days since 1970 (UTC) of the job's hold: to which day's budget it counts
  bool operator==(const LedgerLine&) const = default;
};

/// Sums of an account's lines in one currency.
struct Balance {
  Currency currency = Currency::usd;
  int64_t held_micros = 0, spent_micros = 0;
  int64_t day_micros = 0;  ///< held and spent, of jobs accepted today
  bool operator==(const Balance&) const = default;
};

/// Who may do what: an API key without its secret.
struct ApiKey {
  std::string id;  ///< "key_…"; also the account
  std::string name;
  std::vector<std::string> scopes;  ///< "jobs:read", "jobs:write" … or "admin"
  std::vector<Budget> budgets;      ///< none = no bound; some = nothing in other currencies
  int requests_per_minute = 0;      ///< 0 = no bound
  Time created;
  std::optional<Time> expires, revoked, last_used;
  bool operator==(const ApiKey&) const = default;
};

}  // namespace troupe
