// What the API asks of whoever sends webhooks.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "core/library.h"

namespace troupe::server {

struct WebhookCounts {
  int64_t delivered = 0;
  int64_t failed_attempts = 0;  ///< to be tried again
  int64_t given_up = 0;
  int64_t store_errors = 0;  ///< what could not be read or written then
};

/// Thread-safety of every implementation: safe.
class WebhookOutbox {
 public:
  virtual ~WebhookOutbox() = default;
  /// Adds a delivery of kWebhookTestType for the endpoint, due now, even if it is disabled. Errors: the
  /// store's.
  virtual Result<WebhookDelivery> send_test(const WebhookEndpoint& endpoint) = 0;
  /// The event of `old` once more, as a new delivery that is due now, to the same URL. Errors: the store's.
  virtual Result<WebhookDelivery> send_again(const WebhookDelivery& old) = 0;
  /// Since the start.
  virtual WebhookCounts counts() const = 0;
};

}  // namespace troupe::server
