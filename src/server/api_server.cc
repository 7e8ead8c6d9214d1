#include "server/api_server.h"

#include <atomic>

#include "server/answers.h"
#include "server/source_links.h"
#include "server/system_routes.h"

namespace troupe::server {
namespace {

// Problems for what the HTTP layer refuses by itself.
http::Response refusal(int status, const std::string& detail, const http::Request& head) {
  const char* code = status == 404   ? "not_found"
                     : status == 405 ? "method_not_allowed"
                     : status == 413 ? "too_large"
                     : status == 408 ? "timeout"
                     : status == 503 ? "overloaded"
                     : status >= 500 ? "internal"
                                     : "bad_request";
  api::Problem problem = api::make_problem(code, detail);
  problem.status = status;
  return problem_reply(head, std::move(problem), std::chrono::seconds(status == 503 ? 2 : 0));
}

}  // namespace

struct ApiServer::State {
  ApiParts parts;
  ApiOptions options;
  Authenticator keys;
  Service service;
  RequestMetrics requests;
  LedgerDrift drift;
  std::atomic<bool> stopping = false;
  SystemParts system;
  std::vector<http::Route> routes;
  std::unique_ptr<http::Server> http;

  State(ApiParts p, ApiOptions o)
      : parts(std::move(p)),
        options(std::move(o)),
        keys(parts.store.keys(), parts.clock),
        service{parts.store,
                parts.objects,
                parts.partials,
                parts.catalog,
                parts.engines,
                parts.hub,
                keys,
                parts.clock,
                {},
                parts.outbox,
                parts.secret,
                parts.providers,
                parts.remote,
                options.provider_test_time},
        drift(parts.store.ledger()),
        system{service, requests, [this] { return http->counts(); }, stopping, options.metrics_token, drift} {
    http::Router router;
    add_job_routes(service, router);
    add_take_routes(service, router);
    add_source_routes(service, router);
    add_event_routes(service, router);
    add_upload_routes(service, router);
    add_element_routes(service, router);
    add_account_routes(service, router);
    add_webhook_routes(service, router);
    add_provider_routes(service, router);
    add_model_routes(service, router);
    add_venice_routes(service, router);
    add_gateway_routes(service, router);
    add_dashscope_routes(service, router);
    add_fal_routes(service, router);
    add_replicate_routes(service, router);
    add_openrouter_routes(service, router);
    add_pictory_routes(service, router);
    add_openai_routes(service, router);
    add_system_routes(system, router);
    routes = router.routes();
    http = std::make_unique<http::Server>(std::move(router), server_options());
  }

  http::ServerOptions server_options() {
    http::ServerOptions server;
    server.address = options.address;
    server.port = options.port;
    server.handler_threads = options.handler_threads;
    server.limits = options.limits;
    server.temporary_folder = options.temporary_folder;
    server.before = [this](const http::Request& head, const http::Route* route) {
      return refuse_early(service, head, route);
    };
    server.refusal = refusal;
    server.finished = [this](const http::Request& request, const std::string& route, int status,
                             double seconds, const std::string& note) {
      requests.count(route, status, seconds);
      if (!note.empty() && parts.log)
        parts.log(request.method + " " + request.path + " (" + request.request_id + "): " + note);
    };
    return server;
  }
};

ApiServer::ApiServer(ApiParts parts, ApiOptions options)
    : state_(std::make_unique<State>(std::move(parts), std::move(options))) {}

ApiServer::~ApiServer() = default;

Result<void> ApiServer::start() {
  State& s = *state_;
  // Links are made before anybody can ask, where the port is known before.
  s.service.links.base_url = url();
  TROUPE_CHECK_OK(s.http->start());
  if (s.options.port == 0) s.service.links.base_url = url();
  return {};
}

uint16_t ApiServer::port() const { return state_->http->port(); }

std::string ApiServer::url() const {
  if (!state_->options.public_url.empty()) return state_->options.public_url;
  const std::string& address = state_->options.address;
  const bool v6 = address.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + address + "]" : address) + ":" +
         std::to_string(state_->options.port != 0 ? state_->options.port : port());
}

void ApiServer::stop() {
  state_->stopping = true;
  state_->http->stop();
}

const std::vector<http::Route>& ApiServer::routes() const { return state_->routes; }

}  // namespace troupe::server
