// Watching: all of one's jobs, or one.
#include <charconv>

#include "base/ids.h"
#include "server/answers.h"
#include "server/event_stream.h"
#include "server/service.h"

namespace troupe::server {
namespace {

// Where the watcher stopped: Last-Event-ID of a reconnect, or ?after=. none = it never watched.
Result<std::optional<int64_t>> last_seen(const http::Request& request) {
  std::string_view text = request.headers.get("Last-Event-ID");
  if (text.empty()) text = request.query_value("after");
  if (text.empty()) return std::optional<int64_t>();
  int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 0) {
    return make_error(ErrorCode::invalid_argument, "Last-Event-ID must be an id of an event.",
                      "Last-Event-ID");
  }
  return std::optional<int64_t>(id);
}

http::Response start(const Service& service, const http::Request& request, WatchOptions options) {
  options.links = service.links;
  TROUPE_REPLY(options.with_previews, query_flag(request, "previews", true), request);
  TROUPE_REPLY(std::shared_ptr<http::Stream> stream, watch(service.hub, service.store.events(), options),
               request);
  http::Response response;
  response.headers.set("Content-Type", "text/event-stream");
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Accel-Buffering", "no");
  response.body = std::move(stream);
  return response;
}

// Without an id from before, from now on.
http::Response watch_all(const Service& service, Asked& asked) {
  WatchOptions options;
  options.filter.account = asked.sees();
  TROUPE_REPLY(const std::optional<int64_t> seen, last_seen(asked.request), asked.request);
  if (seen) {
    options.after = *seen;
  } else {
    TROUPE_REPLY(options.after, service.store.events().last_id(), asked.request);
  }
  return start(service, asked.request, std::move(options));
}

// Without an id from before, from the job's beginning; ends with the job.
http::Response watch_job(const Service& service, Asked& asked) {
  const std::string& id = asked.request.path_values.at("id");
  std::optional<Job> job;
  if (is_id(id, "job")) {
    TROUPE_REPLY(job, service.store.queue().find(id), asked.request);
  }
  if (!job || (asked.sees() && *asked.sees() != job->account)) return not_found(asked.request, "job");
  WatchOptions options;
  options.filter.job = id;
  options.until_end = true;
  TROUPE_REPLY(const std::optional<int64_t> seen, last_seen(asked.request), asked.request);
  options.after = seen.value_or(0);
  if (seen && is_final(job->state)) {
    jobs::EventFilter filter;
    filter.job = id;
    TROUPE_REPLY(const auto rest, service.store.events().since(*seen, filter, 1), asked.request);
    // It has ended and all was seen: this status tells an EventSource not to come back.
    if (rest.empty()) return empty_reply(204);
  }
  return start(service, asked.request, std::move(options));
}

}  // namespace

void add_event_routes(const Service& service, http::Router& router) {
  router.add(guarded(service, "GET", "/v1/events", "jobs:read",
                     [&service](Asked& asked) { return watch_all(service, asked); }));
  router.add(guarded(service, "GET", "/v1/jobs/{id}/events", "jobs:read",
                     [&service](Asked& asked) { return watch_job(service, asked); }));
}

}  // namespace troupe::server
