// What the handlers work with. Private to server/.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "api/native/wire.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/remote_engine.h"
#include "http/router.h"
#include "jobs/job_store.h"
#include "server/engine_routes.h"
#include "server/event_hub.h"
#include "server/identity.h"
#include "server/providers.h"
#include "server/webhook_outbox.h"
#include "store/object_store.h"
#include "store/partial_uploads.h"

namespace troupe::server {

/// All of it outlives the routes. Thread-safety: as its parts.
struct Service {
  jobs::JobStore& store;
  store::ObjectStore& objects;
  store::PartialUploads& partials;
  const catalog::Catalog& catalog;
  const EngineRoutes& engines;
  EventHub& hub;
  Authenticator& keys;
  const Clock& clock;
  api::native::Links links;
  WebhookOutbox& outbox;
  std::string secret;            ///< of this server: what accounts' webhook secrets follow from
  Providers* providers;          ///< null: none can be set up here
  engine::RemoteEngine* remote;  ///< null: they can't be tested here
  std::chrono::milliseconds provider_test_time;  ///< at most, for one test
};

/// A request whose key was found and may do what the route asks.
struct Asked {
  http::Request& request;
  ApiKey key;
  bool admin() const { return has_scope(key, kScopeAdmin); }
  /// Whose things it may see: its own, or everybody's.
  std::optional<std::string> sees() const {
    return admin() ? std::nullopt : std::optional<std::string>(key.id);
  }
};

/// Adds routes; each file one subject.
void add_job_routes(const Service& service, http::Router& router);
void add_take_routes(const Service& service, http::Router& router);
void add_event_routes(const Service& service, http::Router& router);
void add_upload_routes(const Service& service, http::Router& router);
void add_element_routes(const Service& service, http::Router& router);
void add_account_routes(const Service& service, http::Router& router);
void add_webhook_routes(const Service& service, http::Router& router);
void add_provider_routes(const Service& service, http::Router& router);
void add_model_routes(const Service& service, http::Router& router);
void add_venice_routes(const Service& service, http::Router& router);
void add_gateway_routes(const Service& service, http::Router& router);
void add_pictory_routes(const Service& service, http::Router& router);
void add_openai_routes(const Service& service, http::Router& router);
void add_fal_routes(const Service& service, http::Router& router);
void add_replicate_routes(const Service& service, http::Router& router);
void add_openrouter_routes(const Service& service, http::Router& router);
void add_dashscope_routes(const Service& service, http::Router& router);

/// A route for whoever has `scope`; `handler` is called with the key.
http::Route guarded(const Service& service, std::string method, std::string pattern, std::string_view scope,
                    std::function<http::Response(Asked&)> handler, uint64_t body_bytes_max = 1 << 20);

/// A route for everybody.
http::Route open_route(std::string method, std::string pattern, http::Handler handler);

/// What http::ServerOptions::before asks: no key, a key without the scope, or too often.
std::optional<http::Response> refuse_early(const Service& service, const http::Request& head,
                                           const http::Route* route);

}  // namespace troupe::server
