// Health, metrics, and what the API says of itself.
#include "server/system_routes.h"

#include "api/native/wire.h"
#include "base/ids.h"
#include "http/ranges.h"
#include "server/answers.h"

namespace troupe::server {
namespace {

constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

http::Response text_reply(std::string_view type, std::string_view text) {
  http::Response response = http::reply(200, type, std::string(text));
  response.headers.set("Content-Security-Policy", kPagePolicy);
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

http::Response ready(const SystemParts& parts, const http::Request& request) {
  const auto refuse = [&](const std::string& why) {
    return problem_reply(request, api::make_problem("unavailable", why), std::chrono::seconds(5));
  };
  if (parts.stopping) return refuse("The server is shutting down.");
  // Why is for the log and for operators, not for whoever asks.
  if (!parts.service.store.probe()) return refuse("The job store can't be written.");
  if (!parts.service.objects.probe()) return refuse("The object store can't be written.");
  return json_reply(200, R"({"status":"ok"})");
}

http::Response metrics(const SystemParts& parts, const http::Request& request) {
  // Behind a proxy on this machine everybody comes from it.
  const bool forwarded = request.headers.has("Forwarded") || request.headers.has("X-Forwarded-For");
  const bool loopback = (request.peer == "127.0.0.1" || request.peer == "::1") && !forwarded;
  const bool allowed =
      parts.metrics_token.empty() ? loopback : equal_secrets(secret_of(request.headers), parts.metrics_token);
  if (!allowed) return not_found(request, "page");
  const Service& service = parts.service;
  return http::reply(200, "text/plain; version=0.0.4",
                     print_metrics({service.store, service.hub, parts.requests, parts.counts(),
                                    service.outbox.counts(), parts.drift.count()}));
}

}  // namespace

void add_system_routes(const SystemParts& parts, http::Router& router) {
  router.add(
      open_route("GET", "/livez", [](http::Request&) { return json_reply(200, R"({"status":"ok"})"); }));
  router.add(
      open_route("GET", "/readyz", [&parts](http::Request& request) { return ready(parts, request); }));
  router.add(
      open_route("GET", "/metrics", [&parts](http::Request& request) { return metrics(parts, request); }));
  router.add(open_route("GET", "/openapi.json", [](http::Request&) {
    return text_reply("application/json", api::native::openapi_json());
  }));
  router.add(open_route("GET", "/docs", [](http::Request&) {
    return text_reply("text/html; charset=utf-8", api::native::docs_page());
  }));
  router.add(open_route("GET", "/docs/docs.js", [](http::Request&) {
    return text_reply("text/javascript; charset=utf-8", api::native::docs_script());
  }));
  router.add(open_route("GET", "/docs/docs.css", [](http::Request&) {
    return text_reply("text/css; charset=utf-8", api::native::docs_style());
  }));
}

}  // namespace troupe::server
