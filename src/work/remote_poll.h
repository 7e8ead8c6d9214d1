// Asking for takes until each has ended. Private to work/.
#pragma once

#include <vector>

#include "work/remote_context.h"

namespace troupe::work {

/// How a take at a provider ended: done or failed.
using RemoteEnds = std::vector<engine::TaskState>;

/// Asks for every task of the record, no more often than each provider advises, and shows the job's progress.
/// Blocks until all have ended. Errors: cancelled; unknown_outcome: a provider has given no answer for hours,
/// or does not know the task any more.
Result<RemoteEnds> wait_for_ends(RemoteContext& context);

/// One question, now.
Result<engine::Outcome<engine::TaskState>> ask_once(const RemoteContext& context, const RemoteTake& take);

}  // namespace troupe::work
