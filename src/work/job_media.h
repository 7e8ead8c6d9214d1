// What every run of a job begins with: its request with its media. Private to work/.
#pragma once

#include "work/prepare.h"
#include "work/runner.h"

namespace troupe::work {

/// The job's spec, checked, with its media read through `reader`. Blocks. Errors: invalid_argument: all that
/// is wrong with it in one message; those of prepare(). `stand_in`: the model that makes it in place of the
/// job's; "" = none does.
Result<PreparedTake> prepare_job(const RunnerParts& parts, const Job& job, MediaReader& reader,
                                 const CancelToken& cancel, const std::string& stand_in = {});

/// Where in the body of the job's own dialect the part of the spec at `field` stood.
std::string callers_field(const Job& job, const std::string& field);

}  // namespace troupe::work
