// Which job a worker gets next. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/sqlite/database.h"

namespace troupe::jobs {

/// The id of the running or submitted job whose lease passed longest ago, or that was given back; none if
/// there is none for these engines.
Result<std::optional<std::string>> next_abandoned(Database& database, const std::vector<std::string>& engines,
                                                  Time now);

/// The id of the queued job whose turn it is: highest lane; then the account served longest ago, those never
/// served first and among them the one whose job is older; then its oldest job.
Result<std::optional<std::string>> next_queued(Database& database, const std::vector<std::string>& engines);

/// Notes that an account was served just now.
Result<void> take_turn(Database& database, const std::string& account);

}  // namespace troupe::jobs
