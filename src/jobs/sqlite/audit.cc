// The sums of the ledger, checked from the lines up. Each check is a query whose rows are drifts: account,
// job, what is wrong.
#include "jobs/sqlite/sqlite_ledger.h"

namespace troupe::jobs {
namespace {

constexpr const char* kChecks[] = {
    // A line moves what its kind says.
    R"(SELECT account, job, 'line ' || id || ' (' || kind || ' of ' || amount_micros || ') moves held by '
            || held_micros || ' and spent by ' || spent_micros
       FROM ledger
       WHERE held_micros <> CASE kind WHEN 'hold' THEN amount_micros ELSE -amount_micros END
          OR spent_micros <> CASE WHEN kind IN ('settle', 'fee') THEN amount_micros ELSE 0 END)",

    // A job holds its price until it is final, and nothing after; it has spent what it was charged.
    R"(SELECT j.account, j.id, 'the ' || j.state || ' job of price ' || j.price_micros || ' holds '
            || coalesce(l.held, 0) || ' and spent ' || coalesce(l.spent, 0) || ', charged ' || j.charged_micros
       FROM jobs j LEFT JOIN (SELECT job, sum(held_micros) AS held, sum(spent_micros) AS spent FROM ledger
                              GROUP BY job) l ON l.job = j.id
       WHERE coalesce(l.held, 0) <> CASE WHEN j.state IN ('succeeded', 'failed', 'cancelled') THEN 0
                                         ELSE j.price_micros END
          OR coalesce(l.spent, 0) <> j.charged_micros)",

    // One account, currency and day for all lines of a job, and those of the job.
    R"(SELECT l.account, l.job, 'line ' || l.id || ' is of another account, currency or day than its job'
       FROM ledger l JOIN jobs j ON j.id = l.job
       WHERE l.account <> j.account OR l.currency <> j.currency OR l.day <> j.created / 86400000)",

    // A job settles or pays a fee once at most, and holds before it does.
    R"(SELECT min(account), job, 'the job has ' || sum(kind = 'hold') || ' holds, '
            || sum(kind IN ('settle', 'fee')) || ' charges, ' || sum(kind = 'release') || ' releases'
       FROM ledger GROUP BY job
       HAVING sum(kind = 'hold') <> 1 OR sum(kind IN ('settle', 'fee')) > 1 OR sum(kind = 'release') > 1)",

    // What was removed holds nothing.
    R"(SELECT min(account), job, 'the removed job holds ' || sum(held_micros)
       FROM ledger WHERE job NOT IN (SELECT id FROM jobs)
       GROUP BY job HAVING sum(held_micros) <> 0)",

    // The kept sums are those of the lines, and what is held is what the open jobs cost.
    R"(SELECT account, '', 'the ' || currency || ' balance is ' || sum(held) || ' held, ' || sum(spent)
            || ' spent off its lines'
       FROM (SELECT account, currency, held_micros AS held, spent_micros AS spent FROM balances
             UNION ALL SELECT account, currency, -held_micros, -spent_micros FROM ledger)
       GROUP BY account, currency HAVING sum(held) <> 0 OR sum(spent) <> 0)",
    R"(SELECT account, '', 'the ' || currency || ' sum of day ' || day || ' is ' || sum(micros)
            || ' off its lines'
       FROM (SELECT account, currency, day, micros FROM day_balances
             UNION ALL SELECT account, currency, day, -(held_micros + spent_micros) FROM ledger)
       GROUP BY account, currency, day HAVING sum(micros) <> 0)",
    R"(SELECT account, '', 'what is held in ' || currency || ' is ' || sum(held) || ' off the open jobs'
       FROM (SELECT account, currency, held_micros AS held FROM balances
             UNION ALL SELECT account, currency, -price_micros FROM jobs
             WHERE state NOT IN ('succeeded', 'failed', 'cancelled'))
       GROUP BY account, currency HAVING sum(held) <> 0)",
};

}  // namespace

Result<std::vector<Drift>> audit_ledger(Database& database) {
  std::vector<Drift> drifts;
  for (const char* check : kChecks) {
    Statement select = database.prepare(check);
    while (true) {
      TROUPE_TRY(const bool more, select.step());
      if (!more) break;
      drifts.push_back({select.text(0), select.text(1), select.text(2)});
    }
  }
  return drifts;
}

}  // namespace troupe::jobs
