// The HTTP service over a store: every route, authorisation, metrics.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/remote_engine.h"
#include "http/server.h"
#include "jobs/job_store.h"
#include "server/engine_routes.h"
#include "server/event_hub.h"
#include "server/providers.h"
#include "server/webhook_outbox.h"
#include "store/object_store.h"
#include "store/partial_uploads.h"

namespace troupe::server {

/// What the service works with; all of it outlives it.
struct ApiParts {
  jobs::JobStore& store;
  store::ObjectStore& objects;
  store::PartialUploads& partials;
  const catalog::Catalog& catalog;
  const EngineRoutes& engines;
  EventHub& hub;
  const Clock& clock;
  WebhookOutbox& outbox;
  std::string secret;                           ///< of this server: DataFolder::secret
  std::function<void(const std::string&)> log;  ///< may be empty
  Providers* providers = nullptr;               ///< null: none can be set up
  engine::RemoteEngine* remote = nullptr;       ///< what asks them; null: they can't be tested
};

struct ApiOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;       ///< 0 = any free one
  std::string public_url;     ///< how clients reach it; "" = http://address:port
  std::string metrics_token;  ///< needed for /metrics; "" = only from loopback
  int handler_threads = 8;
  std::string temporary_folder = "/tmp";
  http::ServerLimits limits;
  std::chrono::milliseconds provider_test_time{30000};  ///< at most, for one test of a provider
};

class ApiServer {
 public:
  ApiServer(ApiParts parts, ApiOptions options);
  ~ApiServer();

  /// Errors: as http::Server::start().
  Result<void> start();
  uint16_t port() const;
  std::string url() const;
  /// Readiness goes first, so that load balancers look elsewhere; then as http::Server::stop().
  void stop();

  /// Every route with its scope, for the test that walks them.
  const std::vector<http::Route>& routes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace troupe::server
