// What the steps of a job at a provider share: its record, its lease, its waits. Private to work/.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "work/job_run.h"
#include "work/remote_record.h"

namespace troupe::work {

class RemoteContext {
 public:
  RemoteContext(const RunnerParts& parts_in, const RunnerOptions& options_in, const Job& job_in,
                LeaseKeeper& keeper_in)
      : parts(parts_in), options(options_in), job(job_in), keeper(keeper_in) {}

  const RunnerParts& parts;
  const RunnerOptions& options;
  const Job& job;
  LeaseKeeper& keeper;
  RemoteRecord record;

  /// Stores the record; durable when it returns. Blocks, and tries again for a while. Errors: cancelled (the
  /// lease is lost); the store's.
  Result<void> save();

  /// Waits so long, times RemotePatience::pace. False: the job is to stop, or its worker is.
  bool pause(std::chrono::milliseconds time) const;
  bool pause_until(std::chrono::steady_clock::time_point end) const;  ///< the same; not paced

  /// The same where the job is to be stopped anyway. False: the run is to end at once.
  bool pause_to_stop(std::chrono::milliseconds time) const;

  /// Errors: unknown_outcome: the provider that has the take is now one of another kind, which would be asked
  /// for a task that is not its own.
  Result<void> check_kind(const RemoteTake& take) const;

  bool cancelled() const { return keeper.token().cancelled(); }
};

inline Error cancelled_error() { return make_error(ErrorCode::cancelled, "cancelled"); }

/// Of the job's price, for some of the takes that it is for.
Money share_of_price(const Job& job, int64_t takes, int64_t wanted);

/// What one of `wanted` takes costs at the catalog's price of the model that makes it, at most its share of
/// the job's: where other models may stand in, that is the dearest one's.
Money price_of_take(const RemoteContext& context, const RemoteTake& take, int64_t wanted);

/// The job's request as it stands for a model that stands in ("" = for its own), with its price. None: it has
/// none in today's catalog.
std::optional<catalog::Quote> quote_for(const RemoteContext& context, const std::string& stand_in);
/// Whether the job names other models that may make it.
bool has_fallbacks(const Job& job);

/// The wait before try `tries` (1, 2 …): doubled each time from `first`, at most a minute.
std::chrono::milliseconds backed_off(std::chrono::milliseconds first, int tries);

}  // namespace troupe::work
