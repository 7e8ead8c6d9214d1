#include "jobs/sqlite/sqlite_events.h"

#include "jobs/sqlite/sqlite_webhooks.h"

namespace troupe::jobs {
namespace {

constexpr int kEventsMax = 1000;  ///< of one since()

std::string select_events(const EventFilter& filter) {
  std::string sql = "SELECT id, time, account, job, type, data_json FROM events WHERE id > ?";
  if (filter.account) sql += " AND account = ?";
  if (filter.job) sql += " AND job = ?";
  return sql + " ORDER BY id LIMIT ?";
}

JobEvent read_event(const Statement& select) {
  JobEvent event;
  event.id = select.integer(0);
  event.time = select.time(1);
  event.account = select.text(2);
  event.job = select.text(3);
  event.type = select.text(4);
  event.data_json = select.text(5);
  return event;
}

Result<std::vector<JobEvent>> read_events(Database& database, int64_t after, const EventFilter& filter,
                                          int limit) {
  Statement select = database.prepare(select_events(filter), after);
  if (filter.account) select.bind(*filter.account);
  if (filter.job) select.bind(*filter.job);
  select.bind(limit);
  std::vector<JobEvent> events;
  while (true) {
    TROUPE_TRY(const bool more, select.step());
    if (!more) return events;
    events.push_back(read_event(select));
  }
}

}  // namespace

Result<void> append_event(Database& database, JobEvent& event, const Job& job) {
  TROUPE_CHECK_OK(
      database.run("INSERT INTO events (time, account, job, type, data_json) VALUES (?, ?, ?, ?, ?)",
                   event.time, event.account, event.job, event.type, event.data_json));
  event.id = database.last_row_id();
  return add_deliveries(database, event, job);
}

Result<std::vector<JobEvent>> SqliteEvents::since(int64_t after, const EventFilter& filter, int limit) {
  if (limit < 1 || limit > kEventsMax) {
    return make_error(ErrorCode::invalid_argument, "At least 1 and at most 1000 events can be read at once.",
                      "/limit");
  }
  return connections_.read([&](Database& database) { return read_events(database, after, filter, limit); });
}

Result<int64_t> SqliteEvents::last_id() {
  return connections_.read([](Database& database) -> Result<int64_t> {
    TROUPE_TRY(const auto id, database.integer("SELECT seq FROM sqlite_sequence WHERE name = 'events'"));
    return id.value_or(0);
  });
}

Result<int64_t> SqliteEvents::prune(Time before) {
  const auto old_ones = [&](Database& database) {
    return database.run("DELETE FROM events WHERE id IN (SELECT id FROM events WHERE time < ? LIMIT ?)",
                        before, kPruneBatch);
  };
  const auto done_progress = [](Database& database) {
    return database.run(
        "DELETE FROM events WHERE id IN (SELECT e.id FROM events e LEFT JOIN jobs j ON j.id = e.job"
        " WHERE e.type = 'job.progress'"
        " AND (j.id IS NULL OR j.state IN ('succeeded', 'failed', 'cancelled')) LIMIT ?)",
        kPruneBatch);
  };
  int64_t forgotten = 0;
  for (const std::function<Result<int64_t>(Database&)>& batch :
       {std::function<Result<int64_t>(Database&)>(old_ones),
        std::function<Result<int64_t>(Database&)>(done_progress)}) {
    int64_t deleted = kPruneBatch;
    while (deleted == kPruneBatch) {
      TROUPE_TRY(deleted, connections_.write(batch));
      forgotten += deleted;
    }
  }
  return forgotten;
}

void SqliteEvents::set_listener(std::function<void(const std::vector<JobEvent>&)> listener) {
  const std::lock_guard lock(listening_);
  listener_ = std::move(listener);
}

void SqliteEvents::announce(const std::vector<JobEvent>& events) {
  const std::lock_guard lock(listening_);
  if (listener_ && !events.empty()) listener_(events);
}

}  // namespace troupe::jobs
