// Pages of jobs, newest first.
#include "jobs/fold_case.h"
#include "jobs/sqlite/sqlite_queue.h"

namespace troupe::jobs {
namespace {

std::string select_page(const JobFilter& filter, const std::string& before) {
  std::string sql = std::string(kSelectJob) + "WHERE TRUE";
  if (filter.account) sql += " AND j.account = ?";
  if (!before.empty()) sql += " AND j.id < ?";
  for (size_t i = 0; i < filter.states.size(); ++i) sql += i == 0 ? " AND j.state IN (?" : ", ?";
  if (!filter.states.empty()) sql += ")";
  if (!filter.model.empty()) sql += " AND j.model = ?";
  if (!filter.text.empty()) sql += " AND instr(t.prompt_folded, ?) > 0";
  return sql + " ORDER BY j.id DESC LIMIT ?";
}

}  // namespace

Result<JobPage> list_jobs(Database& database, const JobFilter& filter, const std::string& before, int limit) {
  Statement select = database.prepare(select_page(filter, before));
  if (filter.account) select.bind(*filter.account);
  if (!before.empty()) select.bind(before);
  for (const JobState state : filter.states) select.bind(name(state));
  if (!filter.model.empty()) select.bind(filter.model);
  if (!filter.text.empty()) select.bind(fold_case(filter.text));
  select.bind(limit + 1);  // One more tells whether there is a page after this one.
  JobPage page;
  while (true) {
    TROUPE_TRY(const bool more, select.step());
    if (!more) return page;
    if (page.jobs.size() == static_cast<size_t>(limit)) {
      page.next = page.jobs.back().id;
      return page;
    }
    TROUPE_TRY(JobRow row, read_row(select));
    TROUPE_CHECK_OK(read_takes(database, row.job));
    page.jobs.push_back(std::move(row.job));
  }
}

}  // namespace troupe::jobs
