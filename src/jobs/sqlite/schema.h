// The tables, as numbered steps that only go forward. Private to this folder.
// Money is integer millionths beside its currency, times are milliseconds since 1970 (UTC), states and kinds
// are their names, so that an operator can read the file with any SQLite tool.
#pragma once

#include "base/result.h"
#include "jobs/sqlite/database.h"

namespace troupe::jobs {

/// Brings an empty or older file to the newest schema, all or nothing. Several processes may call it at once.
/// Errors: unsupported (the file was written by a newer version), corrupt_input (a file of something else).
Result<void> migrate(Database& database);

/// The newest schema's number.
int64_t schema_version();
/// The same up to the schema `newest`, as the program that knew no newer one did: for tests.
Result<void> migrate_to(Database& database, int64_t newest);

}  // namespace troupe::jobs
