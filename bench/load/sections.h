// The sections of server_load_bench: each starts a server of its own in an empty data folder.
#pragma once

#include "base/result.h"
#include "bench/load/report.h"
#include "bench/load/served.h"

namespace troupe::bench {

/// Jobs accepted a second, against the 500 that were asked for and the syncs a second that the disk gives.
Result<void> measure_submits(const Ground& ground, Report& report);
/// Whose turn it is while two keys wait, one of them with ten times as many jobs.
Result<void> measure_fairness(const Ground& ground, Report& report);
/// How late 2,000 watchers hear of events, against one.
Result<void> measure_watchers(const Ground& ground, Report& report);
/// What a polite client notices of 10,000 connections without a word and of 600 slow clients.
Result<void> measure_hostility(const Ground& ground, Report& report);
/// Requests of 100 MB, one and eight at once: memory against their bytes, time against the disk's.
Result<void> measure_bodies(const Ground& ground, Report& report);
/// How soon a job goes on after kill -9 and a new start, against its lease.
Result<void> measure_recovery(const Ground& ground, Report& report);

}  // namespace troupe::bench
