// Which engine makes a model's takes here, and which providers it is sent to.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "core/money.h"
#include "engine/remote_engine.h"
#include "server/model_routes.h"

namespace troupe::server {

struct EngineRoute {
  std::string engine;  ///< "stage", "wan", "upstream"
  bool draft = false;  ///< its takes are drafts
  /// A draft of somebody's model costs nothing: no provider is asked.
  bool free = false;
};

/// The providers that are set up now: name → kind. Thread-safe; quick.
using ProviderKinds = std::function<std::map<std::string, std::string>()>;

/// Whether the neural engine here can make takes of this model now; the error says what is missing and what
/// to run. Thread-safe; quick.
using LocalModelCheck = std::function<Result<void>(const std::string& model)>;

/// Thread-safety: safe.
class EngineRoutes {
 public:
  /// `drafts`: the stage engine stands in for models that no engine and no provider here makes. `routes`: of
  /// models that go to other providers, or in another order, than usual; keys are ids of models.
  /// `local`: of models that are made here with open weights; empty = none is.
  explicit EngineRoutes(bool drafts, ModelRoutes routes = {}, ProviderKinds providers = {},
                        LocalModelCheck local = {})
      : drafts_(drafts),
        routes_(std::move(routes)),
        providers_(std::move(providers)),
        local_(std::move(local)) {}

  /// A model with a provider that is set up, or with weights, is never a draft. Errors: unavailable: what is
  /// missing, and how to get a draft.
  Result<EngineRoute> route_of(const catalog::Model& model) const;

  /// Providers of `model` that are set up, in the order in which they are tried: those of its route, or else
  /// every one that the catalog has a name of the model for, in the order of upstream::provider_names() and
  /// then by name. Never another model.
  std::vector<engine::RemoteRoute> remote_routes(const catalog::Model& model) const;

 private:
  bool drafts_;
  ModelRoutes routes_;
  ProviderKinds providers_;
  LocalModelCheck local_;
};

/// `routes` with the models' ids for keys. Errors: invalid_argument: no such model, or no provider's, with
/// the names most like it; a route that no name of the model is known for.
Result<ModelRoutes> check_routes(const ModelRoutes& routes, const catalog::Catalog& catalog);

}  // namespace troupe::server
