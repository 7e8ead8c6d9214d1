// What a key may spend, holds and spent.
#include <cstdlib>

#include "server/answers.h"
#include "server/service.h"
#include "server/webhook_signature.h"

namespace troupe::server {
namespace {

constexpr int kLinesUsual = 50, kLinesMax = 200;

http::Response account(const Service& service, Asked& asked) {
  TROUPE_REPLY(const int limit, query_number(asked.request, "limit", kLinesUsual, 1, kLinesMax),
               asked.request);
  int64_t before = 0;
  if (const std::string_view cursor = asked.request.query_value("cursor"); !cursor.empty()) {
    TROUPE_REPLY(const std::string line, api::native::read_cursor(cursor, ""), asked.request);
    before = std::atoll(line.c_str());  // the cursor holds a whole number, or is refused
  }
  api::native::AccountAnswer answer;
  answer.key = asked.key;
  if (has_scope(asked.key, "webhooks:read"))
    answer.webhook_secret = account_webhook_secret(service.secret, asked.key.id);
  const int64_t today = std::chrono::floor<std::chrono::days>(service.clock.now()).time_since_epoch().count();
  TROUPE_REPLY(answer.balances, service.store.ledger().balances(asked.key.id, today), asked.request);
  TROUPE_REPLY(answer.lines, service.store.ledger().lines(asked.key.id, before, limit), asked.request);
  if (answer.lines.size() == static_cast<size_t>(limit))
    answer.next_cursor = api::native::make_cursor(std::to_string(answer.lines.back().id));
  return json_reply(200, api::native::print_account(answer));
}

}  // namespace

void add_account_routes(const Service& service, http::Router& router) {
  router.add(guarded(service, "GET", "/v1/account", "account:read",
                     [&service](Asked& asked) { return account(service, asked); }));
}

void add_model_routes(const Service& service, http::Router& router) {
  router.add(guarded(service, "GET", "/v1/models", "models:read", [&service](Asked&) {
    return json_reply(200, api::native::print_models(service.catalog));
  }));
  router.add(guarded(service, "GET", "/v1/models/{id}", "models:read", [&service](Asked& asked) {
    TROUPE_REPLY(const catalog::Model* const model, service.catalog.find(asked.request.path_values.at("id")),
                 asked.request);
    return json_reply(200, api::native::print_model(*model));
  }));
}

}  // namespace troupe::server
