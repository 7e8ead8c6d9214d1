#include "server/dialects.h"

#include "api/dashscope/wire.h"
#include "api/fal/wire.h"
#include "api/gateway/wire.h"
#include "api/native/wire.h"
#include "api/openai/wire.h"
#include "api/openrouter/wire.h"
#include "api/pictory/wire.h"
#include "api/replicate/wire.h"
#include "api/venice/wire.h"

namespace troupe::server {
namespace {

api::Answer native_problem(const api::Problem& problem) {
  return {problem.status, api::native::print_problem(problem)};
}

constexpr std::string_view kJson = "application/json";
constexpr Dialect kNative{"native", "application/problem+json", native_problem};
constexpr Dialect kVenice{api::venice::kDialect, kJson, api::venice::print_problem};

constexpr Dialect kGateway{api::gateway::kDialect, kJson, api::gateway::print_problem};
constexpr Dialect kDashscope{api::dashscope::kDialect, kJson, api::dashscope::print_problem};

constexpr Dialect kPictory{api::pictory::kDialect, kJson, api::pictory::print_problem};
constexpr Dialect kOpenai{api::openai::kDialect, kJson, api::openai::print_problem};

constexpr Dialect kFal{api::fal::kDialect, kJson, api::fal::print_problem};
constexpr Dialect kReplicate{api::replicate::kDialect, kJson, api::replicate::print_problem};
constexpr Dialect kOpenrouter{api::openrouter::kDialect, kJson, api::openrouter::print_problem};

struct Owner {
  std::string_view prefix;
  const Dialect& dialect;
};
// The first that fits.
constexpr Owner kOwners[] = {
    {"/api/v1/videos", kOpenrouter},
    {"/api/v1/video/", kVenice},
    {"/api/v1/models", kVenice},
    {"/api/v1/api_keys/", kVenice},
    {"/v3/ai/", kGateway},
    {"/v4/ai/", kGateway},
    {"/v1/credits", kGateway},
    {"/v1/generation", kGateway},
    {"/api/v1/services/", kDashscope},
    {"/api/v1/tasks", kDashscope},
    {"/pictoryapis/", kPictory},
    {"/v1/videos", kOpenai},
    {"/fal-ai/", kFal},
    {"/api/fal/", kFal},
    {"/storage/", kFal},
    {"/v1/predictions", kReplicate},
    {"/v1/files", kReplicate},
    {"/v1/deployments/", kReplicate},
    {"/v1/webhooks/default/", kReplicate},
};

}  // namespace

const Dialect& dialect_of_path(std::string_view path) {
  // Below the models, which are the native one's.
  if (path.starts_with("/v1/models/") && path.ends_with("/predictions")) return kReplicate;
  for (const Owner& owner : kOwners)
    if (path.starts_with(owner.prefix)) return owner.dialect;
  return kNative;
}

}  // namespace troupe::server
