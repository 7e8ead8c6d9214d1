// A watcher's connection: events as server-sent events, old ones first.
#pragma once

#include <memory>

#include "api/native/wire.h"
#include "http/message.h"
#include "jobs/event_log.h"
#include "server/event_hub.h"

namespace troupe::server {

/// How many old events one connection is sent; after a longer absence it is told of the gap.
inline constexpr int kReplayMax = 20000;

struct WatchOptions {
  jobs::EventFilter filter;
  int64_t after = 0;       ///< the last event that the watcher has seen
  bool until_end = false;  ///< of one job: the stream ends after its final event
  bool with_previews = true;
  api::native::Links links;
};

/// Reads what the hub no longer has from the log at once (blocks), the rest as it comes. Each event is
/// "id", "event: job.progress" and a JSON object; previews come as "event: job.preview" without an id. A gap
/// is told as "event: gap". The hub outlives the stream. Errors: the log's.
Result<std::shared_ptr<http::Stream>> watch(EventHub& hub, jobs::EventLog& log, const WatchOptions& options);

}  // namespace troupe::server
