// Pages of an account's things, newest first. Private to this folder.
#pragma once

#include <string>

#include "jobs/sqlite/database.h"

namespace troupe::jobs {

/// `select` FROM a table with the columns account and id (an index on both makes a page cheap wherever it
/// is): those of `account` for which `condition` holds, with an id below `before`, or from the newest if it
/// is empty; at most `limit`.
inline Statement prepare_page(Database& database, const std::string& select, const std::string& account,
                              const std::string& before, int limit, const std::string& condition = "1") {
  const std::string from = before.empty() ? "" : " AND id < ?";
  Statement rows = database.prepare(
      select + " WHERE account = ? AND " + condition + from + " ORDER BY id DESC LIMIT ?", account);
  if (!before.empty()) rows.bind(before);
  rows.bind(limit);
  return rows;
}

}  // namespace troupe::jobs
