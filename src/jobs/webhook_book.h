// Where events are to be sent, and how that went. Deliveries are written with the event that they tell of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/library.h"

namespace troupe::jobs {

inline constexpr int kEndpointsPerAccountMax = 32;

/// Errors and thread-safety as JobQueue.
class WebhookBook {
 public:
  virtual ~WebhookBook() = default;
  /// Errors: over_limit.
  virtual Result<void> add_endpoint(const WebhookEndpoint& endpoint) = 0;
  virtual Result<std::vector<WebhookEndpoint>> list_endpoints(const std::string& account) = 0;
  virtual Result<std::optional<WebhookEndpoint>> find_endpoint(const std::string& account,
                                                               const std::string& id) = 0;
  /// Errors: not_found.
  virtual Result<void> set_enabled(const std::string& account, const std::string& id, bool enabled) = 0;
  virtual Result<void> remove_endpoint(const std::string& account, const std::string& id) = 0;

  /// Adds a delivery by hand: a test, or one sent again.
  virtual Result<void> add_delivery(const WebhookDelivery& delivery) = 0;
  /// Pending ones whose time has come, oldest first; `limit` 1 … 100.
  virtual Result<std::vector<WebhookDelivery>> due(Time now, int limit) = 0;
  /// Stores how an attempt went (state, attempts, next_attempt, last_…). Errors: not_found.
  virtual Result<void> record(const WebhookDelivery& delivery) = 0;
  /// The delivery log, newest first.
  virtual Result<std::vector<WebhookDelivery>> list_deliveries(const std::string& account,
                                                               const std::string& before, int limit) = 0;
};

}  // namespace troupe::jobs
