#include "server/engine_routes.h"

namespace troupe::server {

Result<EngineRoute> EngineRoutes::route_of(const catalog::Model& model) const {
  if (model.engine == catalog::EngineKind::stage) return EngineRoute{"stage", true, false};
  if (drafts_) return EngineRoute{"stage", true, true};
  return make_error(ErrorCode::unavailable,
                    "No engine or provider key for " + model.id +
                        " is set up on this server, and drafts are switched off. Ask for model \"stage\".",
                    "/model");
}

}  // namespace troupe::server
