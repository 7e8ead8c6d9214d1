#include "server/rest_watch.h"

namespace troupe::server {

bool at_rest(const Job& job) { return is_final(job.state) || job.state == JobState::parked; }

std::unique_ptr<EventHub::Subscription> watch_job(const Service& service, const std::string& id,
                                                  std::function<void()> wake) {
  jobs::EventFilter filter;
  filter.job = id;
  return service.hub.subscribe(std::move(filter), std::move(wake));
}

void refresh(const Service& service, Job& job) {
  Result<std::optional<Job>> found = service.store.queue().find(job.id);
  if (!found) return;
  if (*found) {
    job = std::move(**found);
  } else if (!at_rest(job)) {
    job.state = JobState::cancelled;
    job.error = make_error(ErrorCode::not_found, "The job was deleted.");
  }
}

}  // namespace troupe::server
