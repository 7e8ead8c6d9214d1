#include "jobs/sqlite/next_job.h"

#include <tuple>

#include "jobs/job_queue.h"

namespace troupe::jobs {
namespace {

struct Candidate {
  int64_t lane = 0, served = 0, place = 0;
  bool before(const Candidate& other) const {
    return std::tuple(-lane, served, place) < std::tuple(-other.lane, other.served, other.place);
  }
};

/// The account's name is found by jumping from one to the next in the index: the cost grows with the accounts
/// that wait, not with their jobs.
constexpr std::string_view kTurn = R"(
WITH RECURSIVE waiting (account) AS (
  SELECT min(account) FROM jobs WHERE state = 'queued' AND engine = ?1 AND lane = ?2
  UNION ALL
  SELECT (SELECT min(account) FROM jobs
          WHERE state = 'queued' AND engine = ?1 AND lane = ?2 AND account > waiting.account)
  FROM waiting WHERE account IS NOT NULL)
SELECT coalesce(t.served, 0) AS served,
       (SELECT min(place) FROM jobs
        WHERE state = 'queued' AND engine = ?1 AND lane = ?2 AND account = w.account) AS place
FROM waiting w LEFT JOIN turns t ON t.account = w.account
WHERE w.account IS NOT NULL
ORDER BY served, place LIMIT 1)";

Result<std::optional<Candidate>> candidate_of(Database& database, const std::string& engine) {
  TROUPE_TRY(const auto lane,
             database.integer("SELECT max(lane) FROM jobs WHERE state = 'queued' AND engine = ?", engine));
  if (!lane) return std::optional<Candidate>();
  Statement select = database.prepare(kTurn, engine, *lane);
  TROUPE_TRY(const bool found, select.step());
  if (!found) return make_error(ErrorCode::internal, "The lane lost its jobs while it was looked at.");
  return std::optional(Candidate{*lane, select.integer(0), select.integer(1)});
}

Result<std::optional<std::string>> id_at(Database& database, int64_t place) {
  Statement select = database.prepare("SELECT id FROM jobs WHERE place = ?", place);
  TROUPE_TRY(const bool found, select.step());
  return found ? std::optional(select.text(0)) : std::nullopt;
}

}  // namespace

Result<std::optional<std::string>> next_abandoned(Database& database, const std::vector<std::string>& engines,
                                                  Time now) {
  std::optional<std::tuple<int64_t, int64_t, std::string>> first;
  for (const std::string& engine : engines) {
    Statement select = database.prepare(
        "SELECT lease_expires, place, id FROM jobs WHERE state IN ('running', 'submitted') AND engine = ?"
        " AND (lease_expires <= ? OR lease_expires > ?) ORDER BY lease_expires, place LIMIT 1",
        engine, now, now + kLeaseMax);
    TROUPE_TRY(const bool found, select.step());
    if (!found) continue;
    std::tuple candidate(select.integer(0), select.integer(1), select.text(2));
    if (!first || candidate < *first) first = std::move(candidate);
  }
  return first ? std::optional(std::get<2>(*first)) : std::nullopt;
}

Result<std::optional<std::string>> next_queued(Database& database, const std::vector<std::string>& engines) {
  std::optional<Candidate> best;
  for (const std::string& engine : engines) {
    TROUPE_TRY(auto candidate, candidate_of(database, engine));
    if (candidate && (!best || candidate->before(*best))) best = std::move(candidate);
  }
  if (!best) return std::optional<std::string>();
  return id_at(database, best->place);
}

Result<void> take_turn(Database& database, const std::string& account) {
  TROUPE_CHECK_OK(
      database.run("INSERT INTO turns VALUES (?, (SELECT coalesce(max(served), 0) + 1 FROM turns))"
                   " ON CONFLICT (account) DO UPDATE SET served = excluded.served",
                   account));
  return {};
}

}  // namespace troupe::jobs
