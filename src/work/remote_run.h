// One leased job whose takes a provider makes, from its spec to stored takes. Private to work/.
//
// What is learnt is stored before the next step: that an order goes out, the task that it became. After a
// crash the run goes on from there, so that no order is sent twice. One whose fate can't be found out parks
// the job.
#pragma once

#include "work/job_run.h"

namespace troupe::work {

/// As run_job(). REQUIRES parts.remote and parts.routes. Blocks for as long as the provider takes.
Result<jobs::Outcome> run_remote_job(const RunnerParts& parts, const RunnerOptions& options, const Job& job,
                                     LeaseKeeper& keeper);

}  // namespace troupe::work
