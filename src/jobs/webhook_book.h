// Where events are to be sent, and how that went. Deliveries are written with the event that they tell of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/library.h"

namespace troupe::jobs {

inline constexpr int kEndpointsPerAccountMax = 32;

/// What a sender leaves alone for now, since it is on its way there.
struct BusyReceivers {
  std::vector<std::string> urls, accounts;
};

/// Errors and thread-safety as JobQueue; texts as jobs/text_rules.h. Whatever takes an account sees that
/// account's things only.
class WebhookBook {
 public:
  virtual ~WebhookBook() = default;
  /// Errors: over_limit (kEndpointsPerAccountMax); conflict (the id is taken); invalid_argument (a text).
  virtual Result<void> add_endpoint(const WebhookEndpoint& endpoint) = 0;
  /// Oldest first.
  virtual Result<std::vector<WebhookEndpoint>> list_endpoints(const std::string& account) = 0;
  virtual Result<std::optional<WebhookEndpoint>> find_endpoint(const std::string& account,
                                                               const std::string& id) = 0;
  /// Events that come while it is not enabled are not delivered later. Errors: not_found.
  virtual Result<void> set_enabled(const std::string& account, const std::string& id, bool enabled) = 0;
  /// Its pending deliveries fail; the log stays. Errors: not_found.
  virtual Result<void> remove_endpoint(const std::string& account, const std::string& id) = 0;

  /// Adds a delivery by hand: a test, or one sent again. Errors: conflict (the id is taken);
  /// invalid_argument (a text; pending without a next attempt).
  virtual Result<void> add_delivery(const WebhookDelivery& delivery) = 0;
  /// Pending ones whose time has come, oldest first; `limit` 1 … 100.
  virtual Result<std::vector<WebhookDelivery>> due(Time now, int limit) = 0;
  /// The first of those that goes to none of `busy`, for the caller to attempt now. Its next attempt is put
  /// off to `until` in the same transaction: no other sender gets it, and if this one dies it comes again
  /// then.
  virtual Result<std::optional<WebhookDelivery>> claim(Time now, Time until, const BusyReceivers& busy) = 0;
  /// When the next pending one that goes to none of `busy` is due; may have passed. None = there is none.
  virtual Result<std::optional<Time>> next_due(const BusyReceivers& busy) = 0;
  /// Stores how an attempt went (state, attempts, next_attempt, last_…). Errors: not_found; invalid_argument
  /// as add_delivery().
  virtual Result<void> record(const WebhookDelivery& delivery) = 0;
  virtual Result<std::optional<WebhookDelivery>> find_delivery(const std::string& account,
                                                               const std::string& id) = 0;
  /// The delivery log, newest first; `before` an id (of one that may be gone) or empty; `limit` 1 … 200.
  virtual Result<std::vector<WebhookDelivery>> list_deliveries(const std::string& account,
                                                               const std::string& before, int limit) = 0;
  /// Forgets delivered and failed ones created before `before`. Returns how many.
  virtual Result<int64_t> prune(Time before) = 0;
};

}  // namespace troupe::jobs
