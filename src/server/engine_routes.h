// Which engine makes a model's takes here.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "catalog/catalog.h"
#include "core/money.h"

namespace troupe::server {

struct EngineRoute {
  std::string engine;  ///< "stage" …
  bool draft = false;  ///< its takes are drafts
  /// A draft of somebody's model costs nothing: no provider is asked.
  bool free = false;
};

/// Immutable; safe from any thread.
class EngineRoutes {
 public:
  /// `drafts`: the stage engine stands in for models that no engine here makes.
  explicit EngineRoutes(bool drafts) : drafts_(drafts) {}
  /// Errors: unavailable: what is missing, and how to get a draft.
  Result<EngineRoute> route_of(const catalog::Model& model) const;

 private:
  bool drafts_;
};

}  // namespace troupe::server
