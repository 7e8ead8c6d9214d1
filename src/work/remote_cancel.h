// Getting a cancelled job's takes stopped where they are. Private to work/.
#pragma once

#include "work/remote_context.h"

namespace troupe::work {

/// Stops each take of the record at its provider, or finds out what became of it. Blocks: a provider is asked
/// for as long as RemotePatience::stop_tries say. `wanted`: how many takes the price is for. The outcome,
/// without a report: cancelled, with what a provider takes for what it made or goes on making kept; parked: a
/// provider could not be asked. Errors: cancelled: the run is to end at once, and the next one asks again.
Result<jobs::Outcome> stop_there(RemoteContext& context, int64_t wanted);

}  // namespace troupe::work
