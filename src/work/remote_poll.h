// Asking for takes until each has ended. Private to work/.
#pragma once

#include <vector>

#include "work/remote_context.h"

namespace troupe::work {

/// How a take at a provider ended: done, failed, or nobody knows.
struct RemoteEnd {
  engine::TaskState state;
  /// unknown_outcome: the provider has given no answer for hours, does not know the task any more, or is
  /// another one now.
  std::optional<Error> unknown = {};
};
using RemoteEnds = std::vector<RemoteEnd>;

/// Asks for every task of the record, no more often than each provider advises, and shows the job's progress.
/// Blocks until each has ended, or is asked about no more. Errors: cancelled.
Result<RemoteEnds> wait_for_ends(RemoteContext& context);

/// One question, now. Errors: as RemoteContext::check_kind(); the engine's.
Result<engine::Outcome<engine::TaskState>> ask_once(const RemoteContext& context, const RemoteTake& take);

}  // namespace troupe::work
