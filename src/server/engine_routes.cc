#include "server/engine_routes.h"

#include "engine/upstream/provider.h"
#include "work/runner.h"

namespace troupe::server {
namespace {

// What providers of this kind call the model; "" = nothing that is known.
std::string name_there(const catalog::Model& model, const std::string& kind) {
  const auto names = model.aliases.find(kind);
  return names == model.aliases.end() || names->second.empty() ? "" : names->second.front();
}

}  // namespace

std::vector<engine::RemoteRoute> EngineRoutes::remote_routes(const catalog::Model& model) const {
  std::vector<engine::RemoteRoute> remote;
  if (!providers_ || model.engine != catalog::EngineKind::upstream) return remote;
  const std::map<std::string, std::string> kinds = providers_();
  if (const auto own = routes_.find(model.id); own != routes_.end()) {
    for (const NamedRoute& route : own->second) {
      const auto kind = kinds.find(route.provider);
      if (kind == kinds.end()) continue;
      std::string name = route.model.empty() ? name_there(model, kind->second) : route.model;
      if (!name.empty()) remote.push_back({route.provider, std::move(name)});
    }
    return remote;
  }
  for (const std::string_view kind : upstream::provider_names()) {
    const std::string name = name_there(model, std::string(kind));
    for (const auto& [provider, its_kind] : kinds)
      if (its_kind == kind && !name.empty()) remote.push_back({provider, name});
  }
  return remote;
}

Result<EngineRoute> EngineRoutes::route_of(const catalog::Model& model) const {
  if (model.engine == catalog::EngineKind::stage) return EngineRoute{"stage", true, false};
  if (!remote_routes(model).empty()) return EngineRoute{std::string(work::kRemoteEngineName), false, false};
  const bool local = model.engine == catalog::EngineKind::wan;
  const Result<void> ready = local && local_ ? local_(model.id) : Result<void>();
  if (local && local_ && ready) return EngineRoute{"wan", false, false};
  if (drafts_) return EngineRoute{"stage", true, true};
  if (!ready)
    return make_error(ErrorCode::unavailable,
                      ready.error().message + " Drafts are switched off; ask for model \"stage\" to get one.",
                      "/model");
  return make_error(ErrorCode::unavailable,
                    "No engine or provider key for " + model.id +
                        " is set up on this server, and drafts are switched off. Ask for model \"stage\".",
                    "/model");
}

Result<ModelRoutes> check_routes(const ModelRoutes& routes, const catalog::Catalog& catalog) {
  ModelRoutes checked;
  for (const auto& [name, providers] : routes) {
    const auto model = catalog.find(name);
    if (!model) return make_error(ErrorCode::invalid_argument, model.error().message, "routes");
    if ((*model)->engine != catalog::EngineKind::upstream)
      return make_error(ErrorCode::invalid_argument, name + " is made here and by no provider.", "routes");
    if (!checked.emplace((*model)->id, providers).second)
      return make_error(ErrorCode::invalid_argument, (*model)->id + " is there twice.", "routes");
  }
  return checked;
}

}  // namespace troupe::server
