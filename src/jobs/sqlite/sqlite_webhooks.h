// Webhook endpoints and deliveries in SQLite. Private to this folder.
#pragma once

#include "core/job.h"
#include "jobs/sqlite/connections.h"
#include "jobs/webhook_book.h"

namespace troupe::jobs {

/// Writes a pending delivery of `event`, due at once, for each enabled endpoint of its account that asked for
/// its type, and for the job's own URL if it has one. Final are job.succeeded, .failed, .cancelled and
/// .parked: the job's own URL gets those, and so does an endpoint that named no types. Called inside the
/// write transaction that stores the event, whose id is set; most events have no taker, so this must be
/// cheap.
Result<void> add_deliveries(Database& database, const JobEvent& event, const Job& job);

class SqliteWebhooks final : public WebhookBook {
 public:
  explicit SqliteWebhooks(Connections& connections) : connections_(connections) {}

  Result<void> add_endpoint(const WebhookEndpoint& endpoint) override;
  Result<std::vector<WebhookEndpoint>> list_endpoints(const std::string& account) override;
  Result<std::optional<WebhookEndpoint>> find_endpoint(const std::string& account,
                                                       const std::string& id) override;
  Result<void> set_enabled(const std::string& account, const std::string& id, bool enabled) override;
  Result<void> remove_endpoint(const std::string& account, const std::string& id) override;

  Result<void> add_delivery(const WebhookDelivery& delivery) override;
  Result<std::vector<WebhookDelivery>> due(Time now, int limit) override;
  Result<std::optional<WebhookDelivery>> claim(Time now, Time until, const BusyReceivers& busy) override;
  Result<std::optional<Time>> next_due(const BusyReceivers& busy) override;
  Result<void> record(const WebhookDelivery& delivery) override;
  Result<std::optional<WebhookDelivery>> find_delivery(const std::string& account,
                                                       const std::string& id) override;
  Result<std::vector<WebhookDelivery>> list_deliveries(const std::string& account, const std::string& before,
                                                       int limit) override;
  Result<int64_t> prune(Time before) override;

 private:
  Connections& connections_;
};

}  // namespace troupe::jobs
