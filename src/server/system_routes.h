// Private to server/.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "http/router.h"
#include "server/metrics.h"
#include "server/service.h"

namespace troupe::server {

/// Outlives the routes.
struct SystemParts {
  const Service& service;
  RequestMetrics& requests;
  std::function<http::ServerCounts()> counts;
  const std::atomic<bool>& stopping;
  std::string metrics_token;
  LedgerDrift& drift;
};

/// /livez, /readyz, /metrics, /openapi.json, /docs: without a key.
void add_system_routes(const SystemParts& parts, http::Router& router);

}  // namespace troupe::server
