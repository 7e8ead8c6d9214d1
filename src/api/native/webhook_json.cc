#include <algorithm>
#include <array>

#include "api/body.h"
#include "api/native/printing.h"
#include "core/short_text.h"

namespace troupe::api::native {
namespace {

std::string_view state_name(WebhookDelivery::State state) {
  constexpr std::array<std::string_view, 3> kNames{"pending", "delivered", "failed"};
  return kNames[static_cast<size_t>(state)];
}

Json endpoint_json(const WebhookEndpoint& endpoint, bool with_secret) {
  Json json{{"object", "webhook"},         {"id", endpoint.id},
            {"url", endpoint.url},         {"events", endpoint.events},
            {"enabled", endpoint.enabled}, {"created_at", time_json(endpoint.created)}};
  if (with_secret) json["secret"] = endpoint.secret;
  return json;
}

Json delivery_json(const WebhookDelivery& delivery) {
  return {{"object", "delivery"},
          {"id", delivery.id},
          {"webhook", text_or_null(delivery.endpoint)},
          {"url", delivery.url},
          {"event", delivery.event},
          {"type", delivery.type},
          {"job", text_or_null(delivery.job)},
          {"state", state_name(delivery.state)},
          {"attempts", delivery.attempts},
          {"next_attempt_at", time_json(delivery.next_attempt)},
          {"last_status", delivery.last_status > 0 ? Json(delivery.last_status) : Json()},
          {"last_error", text_or_null(delivery.last_error)},
          {"created_at", time_json(delivery.created)}};
}

std::string known_types() {
  std::string list;
  for (const std::string_view type : event_types()) list += (list.empty() ? "" : ", ") + std::string(type);
  return list;
}

/// The types of the list, each once, in the order given.
std::vector<std::string> events_field(SmallBody& body) {
  const auto types = event_types();
  std::vector<std::string> events;
  for (const JsonValue& item : body.fields.list("events", types.size())) {
    const std::string text = item.value.is_string() ? item.value.get<std::string>() : "";
    if (std::find(types.begin(), types.end(), text) == types.end()) {
      const std::string found = item.value.is_string() ? troupe::quoted(text) : type_name(item.value);
      body.errors.add(ErrorCode::invalid_argument,
                      found + " is no type of event: write some of " + known_types(), item.pointer);
    } else if (std::find(events.begin(), events.end(), text) == events.end()) {
      events.push_back(text);
    }
  }
  return events;
}

}  // namespace

Result<EndpointStart> parse_endpoint(std::string_view json, std::vector<Error>* all) {
  return read_small_body<EndpointStart>(json, all, [](SmallBody& body) {
    require(body.fields, "url", "the address that events are sent to");
    EndpointStart start;
    start.url = url_field(body.fields, "url").value_or("");
    start.events = events_field(body);
    return start;
  });
}

std::string print_endpoint(const WebhookEndpoint& endpoint, bool with_secret) {
  return print_answer(endpoint_json(endpoint, with_secret));
}

std::string print_endpoints(std::span<const WebhookEndpoint> endpoints) {
  const auto print = [](const WebhookEndpoint& endpoint) { return endpoint_json(endpoint, false); };
  return print_answer(list_json(all_of(endpoints, print), ""));
}

std::string print_deliveries(std::span<const WebhookDelivery> deliveries, const std::string& next_cursor) {
  return print_answer(list_json(all_of(deliveries, delivery_json), next_cursor));
}

}  // namespace troupe::api::native
