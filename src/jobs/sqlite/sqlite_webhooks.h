// Webhook endpoints and deliveries in SQLite. Private to this folder.
#pragma once

#include "core/job.h"
#include "jobs/sqlite/connections.h"
#include "jobs/webhook_book.h"

namespace troupe::jobs {

/// Writes a pending delivery of `event` for each enabled endpoint of its account that asked for its type, and
/// for the job's own URL if it has one and the type is a final state of the job. Called inside the write
/// transaction that stores the event, whose id is set; most events have no taker, so this must be cheap.
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
  Result<void> record(const WebhookDelivery& delivery) override;
  Result<std::vector<WebhookDelivery>> list_deliveries(const std::string& account, const std::string& before,
                                                       int limit) override;

 private:
  Connections& connections_;
};

}  // namespace troupe::jobs
