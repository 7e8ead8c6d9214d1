// Following a job until nothing more happens to it, over lost connections and restarts of the server.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "cli/remote/session.h"
#include "cli/terminal.h"

namespace troupe::cli::remote {

/// Waits in all, without an event between them, after which a server counts as gone.
inline constexpr std::chrono::milliseconds kLostMax{std::chrono::minutes(5)};
/// A stream without a byte for longer is dead: servers send a comment more often.
inline constexpr std::chrono::milliseconds kStreamIdleMax{45000};

/// Reads the job's events and shows them on `bar`; the answer is the job, final or parked. A connection that
/// is lost is made again with Last-Event-ID, after the wait that the server asks for, longer each time.
/// Blocks. Errors: those of Session::ask(); not_found only if there was no server from the start; unavailable
/// (lost for kLostMax); over_limit, corrupt_input (what comes is no event stream); cancelled (the job goes
/// on).
Result<Answer> watch_job(Session& session, const std::string& id, ProgressBar& bar);

}  // namespace troupe::cli::remote
