// A job that was deleted, as far as the event of it tells. Private to server/.
#pragma once

#include <optional>

#include "core/job.h"

namespace troupe::server {

/// The job as it ended, without its takes: enough to say in its dialect how. None: the event is none of a
/// deleted job, or was written before they told its dialect.
std::optional<Job> deleted_job(const JobEvent& event);

}  // namespace troupe::server
