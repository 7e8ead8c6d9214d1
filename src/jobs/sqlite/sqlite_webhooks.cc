#include "jobs/sqlite/sqlite_webhooks.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "jobs/sqlite/pages.h"
#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

using State = WebhookDelivery::State;

constexpr std::array<std::string_view, 3> kStates{"pending", "delivered", "failed"};
constexpr int kDueMax = 100;

// With the columns that read_delivery() and read_endpoint() expect.
const std::string kSelectDeliveries =
    "SELECT id, account, endpoint, url, event, type, job, state, attempts, next_attempt, last_status, "
    "last_error, created FROM webhook_deliveries";
const std::string kSelectEndpoints =
    "SELECT id, account, url, secret, enabled, created FROM webhook_endpoints";

std::string_view name(State state) { return kStates[static_cast<size_t>(state)]; }

bool is_final_type(std::string_view type) {
  return type == "job.succeeded" || type == "job.failed" || type == "job.cancelled" || type == "job.parked";
}

Error no_endpoint() { return make_error(ErrorCode::not_found, "There is no webhook endpoint with this id."); }

WebhookDelivery read_delivery(const Statement& row) {
  WebhookDelivery delivery;
  delivery.id = row.text(0);
  delivery.account = row.text(1);
  delivery.endpoint = row.text(2);
  delivery.url = row.text(3);
  delivery.event = row.integer(4);
  delivery.type = row.text(5);
  delivery.job = row.text(6);
  const auto state = std::find(kStates.begin(), kStates.end(), row.text(7));
  delivery.state = state == kStates.end() ? State::failed : static_cast<State>(state - kStates.begin());
  delivery.attempts = row.small(8);
  delivery.next_attempt = row.maybe_time(9);
  delivery.last_status = row.small(10);
  delivery.last_error = row.text(11);
  delivery.created = row.time(12);
  return delivery;
}

Result<std::vector<WebhookDelivery>> read_deliveries(Statement& rows) {
  std::vector<WebhookDelivery> deliveries;
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) return deliveries;
    deliveries.push_back(read_delivery(rows));
  }
}

WebhookEndpoint read_endpoint(const Statement& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), {}, row.boolean(4), row.time(5)};
}

Result<void> read_types(Database& database, WebhookEndpoint& endpoint) {
  Statement rows = database.prepare(
      "SELECT type FROM webhook_endpoint_events WHERE endpoint = ? ORDER BY position", endpoint.id);
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) return {};
    endpoint.events.push_back(rows.text(0));
  }
}

Result<std::vector<WebhookEndpoint>> read_endpoints(Database& database, Statement& rows) {
  std::vector<WebhookEndpoint> endpoints;
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) break;
    endpoints.push_back(read_endpoint(rows));
  }
  for (WebhookEndpoint& endpoint : endpoints) TROUPE_CHECK_OK(read_types(database, endpoint));
  return endpoints;
}

Result<void> check(const WebhookEndpoint& endpoint) {
  TROUPE_CHECK_OK(check_indexed_text(endpoint.id, "/id"));
  TROUPE_CHECK_OK(check_indexed_text(endpoint.account, "/account"));
  TROUPE_CHECK_OK(check_text(endpoint.url, "/url"));
  TROUPE_CHECK_OK(check_text(endpoint.secret, "/secret"));
  TROUPE_CHECK_OK(check_count(endpoint.events.size(), "/events"));
  for (const std::string& type : endpoint.events) TROUPE_CHECK_OK(check_indexed_text(type, "/events"));
  return {};
}

Result<void> check(const WebhookDelivery& delivery) {
  TROUPE_CHECK_OK(check_indexed_text(delivery.id, "/id"));
  TROUPE_CHECK_OK(check_indexed_text(delivery.account, "/account"));
  TROUPE_CHECK_OK(check_text(delivery.endpoint, "/endpoint", kIndexedTextBytesMax));
  TROUPE_CHECK_OK(check_text(delivery.url, "/url"));
  TROUPE_CHECK_OK(check_text(delivery.type, "/type", kIndexedTextBytesMax));
  TROUPE_CHECK_OK(check_text(delivery.job, "/job", kIndexedTextBytesMax));
  TROUPE_CHECK_OK(check_text(delivery.last_error, "/last_error"));
  if (delivery.state == State::pending && !delivery.next_attempt) {
    return make_error(ErrorCode::invalid_argument, "A pending delivery needs the time of its next attempt.",
                      "/next_attempt");
  }
  return {};
}

Result<void> insert_delivery(Database& database, const WebhookDelivery& delivery) {
  TROUPE_CHECK_OK(database.run(
      "INSERT INTO webhook_deliveries (id, account, endpoint, url, event, type, job, state, attempts, "
      "next_attempt, last_status, last_error, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      delivery.id, delivery.account, delivery.endpoint, delivery.url, delivery.event, delivery.type,
      delivery.job, name(delivery.state), delivery.attempts, delivery.next_attempt, delivery.last_status,
      delivery.last_error, delivery.created));
  return {};
}

bool goes_to(const BusyReceivers& busy, const Statement& delivery) {
  const std::string account = delivery.text(1), url = delivery.text(3);
  return std::find(busy.accounts.begin(), busy.accounts.end(), account) != busy.accounts.end() ||
         std::find(busy.urls.begin(), busy.urls.end(), url) != busy.urls.end();
}

/// The first pending delivery due at `now` (none = at any time) that goes to none of `busy`.
Result<std::optional<WebhookDelivery>> first_free(Database& database, std::optional<Time> now,
                                                  const BusyReceivers& busy) {
  Statement rows = database.prepare(
      kSelectDeliveries + " WHERE state = 'pending' AND next_attempt <= ? ORDER BY next_attempt, id",
      now.value_or(Time::max()));
  while (true) {
    TROUPE_TRY(const bool row, rows.step());
    if (!row) return std::optional<WebhookDelivery>();
    if (!goes_to(busy, rows)) return std::optional(read_delivery(rows));
  }
}

}  // namespace

Result<void> add_deliveries(Database& database, const JobEvent& event, const Job& job) {
  WebhookDelivery delivery;
  delivery.account = event.account;
  delivery.event = event.id;
  delivery.type = event.type;
  delivery.job = event.job;
  delivery.created = event.time;
  delivery.next_attempt = event.time;
  const bool final_type = is_final_type(event.type);
  if (final_type && !job.webhook_url.empty()) {
    delivery.id = new_id("msg", event.time);
    delivery.url = job.webhook_url;
    TROUPE_CHECK_OK(insert_delivery(database, delivery));
  }
  Statement endpoints = database.prepare(
      "SELECT id, url FROM webhook_endpoints WHERE account = ? AND enabled = 1 AND ("
      "EXISTS (SELECT 1 FROM webhook_endpoint_events WHERE endpoint = id AND type = ?) OR "
      "(? AND NOT EXISTS (SELECT 1 FROM webhook_endpoint_events WHERE endpoint = id))) ORDER BY id",
      event.account, event.type, final_type);
  while (true) {
    TROUPE_TRY(const bool row, endpoints.step());
    if (!row) return {};
    delivery.id = new_id("msg", event.time);
    delivery.endpoint = endpoints.text(0);
    delivery.url = endpoints.text(1);
    TROUPE_CHECK_OK(insert_delivery(database, delivery));
  }
}

Result<void> SqliteWebhooks::add_endpoint(const WebhookEndpoint& endpoint) {
  TROUPE_CHECK_OK(check(endpoint));
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const auto id_taken,
               database.integer("SELECT 1 FROM webhook_endpoints WHERE id = ?", endpoint.id));
    if (id_taken) return make_error(ErrorCode::conflict, "There is a webhook endpoint with this id.", "/id");
    TROUPE_TRY(const auto count, database.integer("SELECT count(*) FROM webhook_endpoints WHERE account = ?",
                                                  endpoint.account));
    if (count.value_or(0) >= kEndpointsPerAccountMax) {
      return make_error(ErrorCode::over_limit, "An account has at most " +
                                                   std::to_string(kEndpointsPerAccountMax) +
                                                   " webhook endpoints: remove one first.");
    }
    TROUPE_CHECK_OK(database.run(
        "INSERT INTO webhook_endpoints (id, account, url, secret, enabled, created) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        endpoint.id, endpoint.account, endpoint.url, endpoint.secret, endpoint.enabled, endpoint.created));
    for (size_t i = 0; i < endpoint.events.size(); ++i) {
      TROUPE_CHECK_OK(
          database.run("INSERT INTO webhook_endpoint_events (endpoint, position, type) VALUES (?, ?, ?)",
                       endpoint.id, static_cast<int64_t>(i), endpoint.events[i]));
    }
    return {};
  });
}

Result<std::vector<WebhookEndpoint>> SqliteWebhooks::list_endpoints(const std::string& account) {
  return connections_.read([&](Database& database) -> Result<std::vector<WebhookEndpoint>> {
    Statement rows = database.prepare(kSelectEndpoints + " WHERE account = ? ORDER BY id", account);
    return read_endpoints(database, rows);
  });
}

Result<std::optional<WebhookEndpoint>> SqliteWebhooks::find_endpoint(const std::string& account,
                                                                     const std::string& id) {
  return connections_.read([&](Database& database) -> Result<std::optional<WebhookEndpoint>> {
    Statement rows = database.prepare(kSelectEndpoints + " WHERE id = ? AND account = ?", id, account);
    TROUPE_TRY(const auto found, read_endpoints(database, rows));
    if (found.empty()) return std::optional<WebhookEndpoint>();
    return std::optional(found.front());
  });
}

Result<void> SqliteWebhooks::set_enabled(const std::string& account, const std::string& id, bool enabled) {
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const int64_t changed,
               database.run("UPDATE webhook_endpoints SET enabled = ? WHERE id = ? AND account = ?", enabled,
                            id, account));
    if (changed == 0) return no_endpoint();
    return {};
  });
}

Result<void> SqliteWebhooks::remove_endpoint(const std::string& account, const std::string& id) {
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const int64_t removed,
               database.run("DELETE FROM webhook_endpoints WHERE id = ? AND account = ?", id, account));
    if (removed == 0) return no_endpoint();
    TROUPE_CHECK_OK(
        database.run("UPDATE webhook_deliveries SET state = 'failed', next_attempt = NULL, last_error = ? "
                     "WHERE account = ? AND endpoint = ? AND state = 'pending'",
                     "the endpoint was removed", account, id));
    return {};
  });
}

Result<void> SqliteWebhooks::add_delivery(const WebhookDelivery& delivery) {
  TROUPE_CHECK_OK(check(delivery));
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const auto taken,
               database.integer("SELECT 1 FROM webhook_deliveries WHERE id = ?", delivery.id));
    if (taken) return make_error(ErrorCode::conflict, "There is a delivery with this id.", "/id");
    return insert_delivery(database, delivery);
  });
}

Result<std::vector<WebhookDelivery>> SqliteWebhooks::due(Time now, int limit) {
  if (limit < 1 || limit > kDueMax) {
    return make_error(ErrorCode::invalid_argument, "From 1 to 100 due deliveries can be asked for.",
                      "/limit");
  }
  return connections_.read([&](Database& database) -> Result<std::vector<WebhookDelivery>> {
    Statement rows = database.prepare(
        kSelectDeliveries +
            " WHERE state = 'pending' AND next_attempt <= ? ORDER BY next_attempt, id LIMIT ?",
        now, limit);
    return read_deliveries(rows);
  });
}

Result<std::optional<WebhookDelivery>> SqliteWebhooks::claim(Time now, Time until,
                                                             const BusyReceivers& busy) {
  const auto find = [&](Database& database) { return first_free(database, now, busy); };
  // Mostly there is none: only then a write transaction would be one for nothing.
  TROUPE_TRY(const auto seen, connections_.read(find));
  if (!seen) return seen;
  return connections_.write([&](Database& database) -> Result<std::optional<WebhookDelivery>> {
    TROUPE_TRY(auto delivery, find(database));
    if (!delivery) return delivery;
    delivery->next_attempt = until;
    TROUPE_CHECK_OK(
        database.run("UPDATE webhook_deliveries SET next_attempt = ? WHERE id = ?", until, delivery->id));
    return delivery;
  });
}

Result<std::optional<Time>> SqliteWebhooks::next_due(const BusyReceivers& busy) {
  return connections_.read([&](Database& database) -> Result<std::optional<Time>> {
    TROUPE_TRY(const auto delivery, first_free(database, std::nullopt, busy));
    if (!delivery) return std::optional<Time>();
    return delivery->next_attempt;
  });
}

Result<void> SqliteWebhooks::record(const WebhookDelivery& delivery) {
  TROUPE_CHECK_OK(check(delivery));
  return connections_.write([&](Database& database) -> Result<void> {
    TROUPE_TRY(const int64_t changed,
               database.run("UPDATE webhook_deliveries SET state = ?, attempts = ?, next_attempt = ?, "
                            "last_status = ?, last_error = ? WHERE id = ? AND account = ?",
                            name(delivery.state), delivery.attempts, delivery.next_attempt,
                            delivery.last_status, delivery.last_error, delivery.id, delivery.account));
    if (changed == 0) return make_error(ErrorCode::not_found, "There is no delivery with this id.");
    return {};
  });
}

Result<std::optional<WebhookDelivery>> SqliteWebhooks::find_delivery(const std::string& account,
                                                                     const std::string& id) {
  return connections_.read([&](Database& database) -> Result<std::optional<WebhookDelivery>> {
    Statement rows = database.prepare(kSelectDeliveries + " WHERE id = ? AND account = ?", id, account);
    TROUPE_TRY(const auto found, read_deliveries(rows));
    if (found.empty()) return std::optional<WebhookDelivery>();
    return std::optional(found.front());
  });
}

Result<std::vector<WebhookDelivery>> SqliteWebhooks::list_deliveries(const std::string& account,
                                                                     const std::string& before, int limit) {
  TROUPE_CHECK_OK(check_page(limit));
  return connections_.read([&](Database& database) -> Result<std::vector<WebhookDelivery>> {
    Statement rows = database.prepare(
        kSelectDeliveries + " WHERE account = ? AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?", account,
        before, before, limit);
    return read_deliveries(rows);
  });
}

Result<int64_t> SqliteWebhooks::prune(Time before) {
  return connections_.write([&](Database& database) {
    return database.run("DELETE FROM webhook_deliveries WHERE state <> 'pending' AND created < ?", before);
  });
}

}  // namespace troupe::jobs
