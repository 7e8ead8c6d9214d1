// Where events are sent to.
#include "base/ids.h"
#include "fetch/url.h"
#include "server/answers.h"
#include "server/service.h"
#include "server/webhook_signature.h"

namespace troupe::server {
namespace {

constexpr int kPageUsual = 50, kPageMax = 200;

http::Response add(const Service& service, Asked& asked) {
  TROUPE_BODY(const api::native::EndpointStart start, asked.request, api::native::parse_endpoint);
  // Where the name leads is looked at with each call; here only that it is a URL.
  if (const auto url = fetch::parse_url(start.url); !url) {
    return error_reply(asked.request, make_error(ErrorCode::invalid_argument, url.error().message, "/url"));
  }
  WebhookEndpoint endpoint;
  endpoint.created = service.clock.now();
  endpoint.id = new_id("whk", endpoint.created);
  endpoint.account = asked.key.id;
  endpoint.url = start.url;
  endpoint.events = start.events;
  endpoint.secret = new_webhook_secret();
  TROUPE_REPLY_OK(service.store.webhooks().add_endpoint(endpoint), asked.request);
  http::Response response = json_reply(201, api::native::print_endpoint(endpoint, true));
  response.headers.set("Location", "/v1/webhooks/" + endpoint.id);
  return response;
}

http::Response list(const Service& service, Asked& asked) {
  TROUPE_REPLY(const auto endpoints, service.store.webhooks().list_endpoints(asked.key.id), asked.request);
  return json_reply(200, api::native::print_endpoints(endpoints));
}

Result<std::optional<WebhookEndpoint>> find(const Service& service, const Asked& asked) {
  const std::string& id = asked.request.path_values.at("id");
  if (!is_id(id, "whk")) return std::optional<WebhookEndpoint>();
  return service.store.webhooks().find_endpoint(asked.key.id, id);
}

http::Response remove(const Service& service, Asked& asked) {
  TROUPE_REPLY(const auto endpoint, find(service, asked), asked.request);
  if (!endpoint) return not_found(asked.request, "webhook");
  TROUPE_REPLY_OK(service.store.webhooks().remove_endpoint(asked.key.id, endpoint->id), asked.request);
  return empty_reply(204);
}

http::Response test(const Service& service, Asked& asked) {
  TROUPE_REPLY(const auto endpoint, find(service, asked), asked.request);
  if (!endpoint) return not_found(asked.request, "webhook");
  TROUPE_REPLY(const WebhookDelivery delivery, service.outbox.send_test(*endpoint), asked.request);
  return json_reply(202, api::native::print_deliveries({&delivery, 1}, ""));
}

http::Response set_enabled(const Service& service, Asked& asked, bool enabled) {
  TROUPE_REPLY(auto endpoint, find(service, asked), asked.request);
  if (!endpoint) return not_found(asked.request, "webhook");
  TROUPE_REPLY_OK(service.store.webhooks().set_enabled(asked.key.id, endpoint->id, enabled), asked.request);
  endpoint->enabled = enabled;
  return json_reply(200, api::native::print_endpoint(*endpoint, false));
}

http::Response resend(const Service& service, Asked& asked) {
  const std::string& id = asked.request.path_values.at("id");
  if (!is_id(id, "msg")) return not_found(asked.request, "delivery");
  TROUPE_REPLY(const auto old, service.store.webhooks().find_delivery(asked.key.id, id), asked.request);
  if (!old) return not_found(asked.request, "delivery");
  TROUPE_REPLY(const WebhookDelivery delivery, service.outbox.send_again(*old), asked.request);
  return json_reply(202, api::native::print_deliveries({&delivery, 1}, ""));
}

http::Response deliveries(const Service& service, Asked& asked) {
  TROUPE_REPLY(const int limit, query_number(asked.request, "limit", kPageUsual, 1, kPageMax), asked.request);
  std::string before;
  if (const std::string_view cursor = asked.request.query_value("cursor"); !cursor.empty()) {
    TROUPE_REPLY(before, api::native::read_cursor(cursor, "msg"), asked.request);
  }
  TROUPE_REPLY(const auto log, service.store.webhooks().list_deliveries(asked.key.id, before, limit),
               asked.request);
  const bool more = log.size() == static_cast<size_t>(limit);
  return json_reply(200,
                    api::native::print_deliveries(log, more ? api::native::make_cursor(log.back().id) : ""));
}

}  // namespace

void add_webhook_routes(const Service& service, http::Router& router) {
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(service, asked); };
  };
  router.add(guarded(service, "POST", "/v1/webhooks", "webhooks:write", with(add)));
  router.add(guarded(service, "GET", "/v1/webhooks", "webhooks:read", with(list)));
  router.add(guarded(service, "GET", "/v1/webhooks/deliveries", "webhooks:read", with(deliveries)));
  router.add(guarded(service, "DELETE", "/v1/webhooks/{id}", "webhooks:write", with(remove)));
  router.add(guarded(service, "POST", "/v1/webhooks/{id}:test", "webhooks:write", with(test)));
  for (const bool enabled : {true, false}) {
    router.add(guarded(service, "POST", enabled ? "/v1/webhooks/{id}:enable" : "/v1/webhooks/{id}:disable",
                       "webhooks:write",
                       [&service, enabled](Asked& asked) { return set_enabled(service, asked, enabled); }));
  }
  router.add(guarded(service, "POST", "/v1/webhooks/deliveries/{id}:resend", "webhooks:write", with(resend)));
}

}  // namespace troupe::server
