// The job store in one SQLite file: durable on one machine, nothing to install.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "jobs/job_store.h"

namespace troupe::jobs {

struct SqliteOptions {
  QueueBounds bounds;
  uint64_t size_bytes_max = 0;  ///< of the file; 0 = what the disk lets. Reached = a full disk: unavailable.
};

/// Opens or creates `file` (its folder must exist) and brings its schema up to date. Beside it stand "-wal"
/// and
/// "-shm" files that belong to it. A change is on the disk when its call returns (WAL, synchronous=FULL).
/// Several stores, in several processes of one machine, may have the same file open. Errors: io, unavailable,
/// corrupt_input (something else's file), unsupported (written by a newer version).
Result<std::unique_ptr<JobStore>> open_sqlite_store(const std::filesystem::path& file,
                                                    const SqliteOptions& options = {});

}  // namespace troupe::jobs
