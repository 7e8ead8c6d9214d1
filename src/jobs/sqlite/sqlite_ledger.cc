#include "jobs/sqlite/sqlite_ledger.h"

#include "jobs/stored_words.h"

namespace troupe::jobs {
namespace {

constexpr int kLinesMax = 200;  ///< of one lines()

Error strange_line(int64_t id) {
  return make_error(ErrorCode::corrupt_input, "Ledger line " + std::to_string(id) +
                                                  " has an unknown kind or currency: a newer version wrote "
                                                  "it, or it is damaged.");
}

Result<void> post_line(Database& database, const LedgerLine& line) {
  const std::string_view currency = word(line.amount.currency);
  TROUPE_CHECK_OK(database.run(
      "INSERT INTO ledger (time, account, job, kind, currency, amount_micros, held_micros, spent_micros, day,"
      " reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      line.time, line.account, line.job, name(line.kind), currency, line.amount.micros, line.held_micros,
      line.spent_micros, line.day, line.reason));
  TROUPE_CHECK_OK(
      database.run("INSERT INTO balances VALUES (?, ?, ?, ?) ON CONFLICT (account, currency) DO UPDATE SET"
                   " held_micros = held_micros + excluded.held_micros, spent_micros = spent_micros + "
                   "excluded.spent_micros",
                   line.account, currency, line.held_micros, line.spent_micros));
  TROUPE_CHECK_OK(database.run(
      "INSERT INTO day_balances VALUES (?, ?, ?, ?) ON CONFLICT (account, currency, day) DO UPDATE SET"
      " micros = micros + excluded.micros",
      line.account, currency, line.day, line.held_micros + line.spent_micros));
  return {};
}

Result<LedgerLine> read_line(const Statement& select) {
  LedgerLine line;
  line.id = select.integer(0);
  const auto kind = parse_ledger_kind(select.text(4));
  const auto currency = parse_currency(select.text(5));
  if (!kind || !currency) return strange_line(line.id);
  line.time = select.time(1);
  line.account = select.text(2);
  line.job = select.text(3);
  line.kind = *kind;
  line.amount = Money{select.integer(6), *currency};
  line.held_micros = select.integer(7);
  line.spent_micros = select.integer(8);
  line.day = select.integer(9);
  line.reason = select.text(10);
  return line;
}

}  // namespace

Result<void> post(Database& database, const std::vector<LedgerLine>& lines) {
  for (const LedgerLine& line : lines) TROUPE_CHECK_OK(post_line(database, line));
  return {};
}

Result<Balance> read_balance(Database& database, const std::string& account, Currency currency,
                             int64_t today) {
  Balance balance{currency};
  Statement select = database.prepare(
      "SELECT held_micros, spent_micros, coalesce((SELECT micros FROM day_balances d"
      " WHERE d.account = b.account AND d.currency = b.currency AND d.day = ?), 0)"
      " FROM balances b WHERE b.account = ? AND b.currency = ?",
      today, account, word(currency));
  TROUPE_TRY(const bool found, select.step());
  if (!found) return balance;
  balance.held_micros = select.integer(0);
  balance.spent_micros = select.integer(1);
  balance.day_micros = select.integer(2);
  return balance;
}

Result<std::vector<Balance>> SqliteLedger::balances(const std::string& account, int64_t today) {
  return connections_.read([&](Database& database) -> Result<std::vector<Balance>> {
    std::vector<Balance> balances;
    for (const Currency currency : {Currency::usd, Currency::credits}) {
      TROUPE_TRY(const auto lines,
                 database.integer("SELECT 1 FROM balances WHERE account = ? AND currency = ?", account,
                                  word(currency)));
      if (!lines) continue;
      TROUPE_TRY(Balance balance, read_balance(database, account, currency, today));
      balances.push_back(balance);
    }
    return balances;
  });
}

Result<std::vector<LedgerLine>> SqliteLedger::lines(const std::string& account, int64_t before, int limit) {
  if (limit < 1 || limit > kLinesMax) {
    return make_error(ErrorCode::invalid_argument, "At least 1 and at most 200 lines can be read at once.",
                      "/limit");
  }
  return connections_.read([&](Database& database) -> Result<std::vector<LedgerLine>> {
    Statement select = database.prepare(
        "SELECT id, time, account, job, kind, currency, amount_micros, held_micros, spent_micros, day, reason"
        " FROM ledger WHERE account = ? AND id < ? ORDER BY id DESC LIMIT ?",
        account, before > 0 ? before : INT64_MAX, limit);
    std::vector<LedgerLine> lines;
    while (true) {
      TROUPE_TRY(const bool more, select.step());
      if (!more) return lines;
      TROUPE_TRY(LedgerLine line, read_line(select));
      lines.push_back(std::move(line));
    }
  });
}

Result<std::vector<Drift>> SqliteLedger::audit() { return connections_.read(audit_ledger); }

}  // namespace troupe::jobs
