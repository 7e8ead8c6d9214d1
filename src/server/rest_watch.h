// Waiting for a job to come to rest: final, or parked. Private to server/.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/job.h"
#include "server/service.h"

namespace troupe::server {

bool at_rest(const Job& job);

/// Calls `wake` after every event of the job, as long as what it returns lives.
std::unique_ptr<EventHub::Subscription> watch_job(const Service& service, const std::string& id,
                                                  std::function<void()> wake);

/// The job as it is now; what can't be read leaves it as it was, and one that was deleted is cancelled.
/// Blocks.
void refresh(const Service& service, Job& job);

}  // namespace troupe::server
