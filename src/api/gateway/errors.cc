#include <nlohmann/json.hpp>

#include "api/gateway/wire.h"
#include "api/vendor_json.h"

namespace troupe::api::gateway {
namespace {

using Json = nlohmann::ordered_json;

std::string_view type_of(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 402:
    case 424:
      return "failed_dependency";
    case 429:
      return "rate_limit_exceeded";
    default:
      return status >= 500 ? "internal_server_error" : "invalid_request_error";
  }
}

Answer error(int status, std::string_view type, std::string message, Json param, std::string_view code) {
  return {
      status,
      print_json(Json{
          {"error",
           {{"message", std::move(message)}, {"type", type}, {"param", std::move(param)}, {"code", code}}}})};
}

}  // namespace

Answer print_problem(const Problem& problem) {
  // Refused by the caller's key rather than by the model: what a client must not try again.
  if (problem.code == "over_budget")
    return error(402, "invalid_request_error", problem.detail, nullptr, "insufficient_funds");
  if (problem.status < 500 && !problem.errors.empty()) {
    if (const catalog::Violation* model = model_error(problem)) {
      if (model->code == "not_found")
        return error(404, "model_not_found", model->rule, nullptr, "model_not_found");
      return error(424, "failed_dependency", model->rule, nullptr, "failed_dependency");
    }
    const catalog::Violation& first = problem.errors.front();
    const int status = problem.status == 413 ? 413 : 400;
    return error(status, "invalid_request_error", all_errors(problem), dotted(first.field), first.code);
  }
  const int status = problem.status == 422 ? 400 : problem.status;
  return error(status, type_of(status), problem.detail, nullptr, problem.code);
}

}  // namespace troupe::api::gateway
