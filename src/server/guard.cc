#include "api/openai/wire.h"
#include "server/answers.h"
#include "server/dialects.h"
#include "server/keep_upload.h"
#include "server/service.h"

namespace troupe::server {
namespace {

api::Problem unauthorised() {
  return api::make_problem(
      "unauthorised",
      "Send a key of this server: Authorization: Bearer trp_sk_… (troupe keys create makes one).");
}

// What OpenAI's clients read; xAI's are the same. Venice's routes tell it their own way.
void tell_allowance(const Service& service, const ApiKey& key, http::Response& response) {
  const Allowance allowance = service.keys.allowance(key);
  if (allowance.limit <= 0) return;
  response.headers.set("x-ratelimit-limit-requests", std::to_string(allowance.limit));
  response.headers.set("x-ratelimit-remaining-requests", std::to_string(allowance.remaining));
  response.headers.set("x-ratelimit-reset-requests", std::to_string(allowance.reset.count()) + "s");
}

}  // namespace

http::Route guarded(const Service& service, std::string method, std::string pattern, std::string_view scope,
                    std::function<http::Response(Asked&)> handler, uint64_t body_bytes_max) {
  http::Route route;
  route.method = std::move(method);
  route.pattern = std::move(pattern);
  route.tag = scope;
  route.body_bytes_max = body_bytes_max;
  route.handler = [&service, handler = std::move(handler)](http::Request& request) {
    // Who may was checked before the body was read; the key is known from then.
    Result<ApiKey> key = service.keys.identify(secret_of(request.headers));
    if (!key) return problem_reply(request, unauthorised());
    Asked asked{request, std::move(*key)};
    http::Response response = handler(asked);
    if (dialect_of_path(request.path).name == api::openai::kDialect)
      tell_allowance(service, asked.key, response);
    return response;
  };
  return route;
}

http::Route open_route(std::string method, std::string pattern, http::Handler handler) {
  http::Route route;
  route.method = std::move(method);
  route.pattern = std::move(pattern);
  route.tag = kScopeOpen;
  route.handler = std::move(handler);
  return route;
}

std::optional<http::Response> refuse_early(const Service& service, const http::Request& head,
                                           const http::Route* route) {
  if (!route || route->tag == kScopeOpen) return std::nullopt;
  if (route->tag == kScopeSigned) return refuse_upload_address(service, head);
  const Result<ApiKey> key = service.keys.identify(secret_of(head.headers));
  if (!key && key.error().code == ErrorCode::not_found) return problem_reply(head, unauthorised());
  if (!key) return error_reply(head, key.error());
  if (!has_scope(*key, route->tag)) {
    return problem_reply(head,
                         api::make_problem("forbidden", "This key lacks the scope \"" + route->tag + "\"."));
  }
  if (const auto wait = service.keys.admit(*key); wait.count() > 0) {
    return problem_reply(
        head,
        api::make_problem("rate_limited", "This key may make " + std::to_string(key->requests_per_minute) +
                                              " requests a minute."),
        wait);
  }
  return std::nullopt;
}

}  // namespace troupe::server
