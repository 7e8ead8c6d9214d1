// What submit and watch do once there is a job: wait for its end, tell it, and fetch its videos.
#pragma once

#include <string>

#include "cli/remote/talk.h"
#include "core/generation_spec.h"

namespace troupe::cli::remote {

struct FollowOptions {
  std::string output;   ///< where its video goes; "" = it stays there
  GenerationSpec spec;  ///< as a person typed it, for the names of flags; empty = the job's own
};

/// Blocks until the job `id` is at rest and is told. Returns the exit code: kOk if it succeeded; kInterrupted
/// leaves the job running and says how to go on.
int follow(Talk& talk, const std::string& id, const FollowOptions& options);

/// Fetches every video of the job that `answer` is into `output`, `output`-2 …, and tells the takes.
int fetch_takes(Talk& talk, const Answer& answer, const std::string& output);

}  // namespace troupe::cli::remote
