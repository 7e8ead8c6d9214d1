#include <array>
#include <nlohmann/json.hpp>

#include "api/dashscope/wire.h"
#include "api/vendor_json.h"

namespace troupe::api::dashscope {
namespace {

using Json = nlohmann::ordered_json;

struct Code {
  std::string_view problem, dashscope;
  int status;
};
constexpr std::array<Code, 18> kCodes{{{"unauthorised", "InvalidApiKey", 401},
                                       {"over_budget", "Arrearage", 400},
                                       {"no_credit", "Arrearage", 400},
                                       {"moderated", "DataInspectionFailed", 400},
                                       {"unknown_outcome", "InternalError.UnknownOutcome", 500},
                                       {"forbidden", "AccessDenied", 403},
                                       {"not_found", "NotFound", 404},
                                       {"method_not_allowed", "MethodNotAllowed", 405},
                                       {"conflict", "UnsupportedOperation", 400},
                                       {"too_large", "RequestBodyTooLarge", 413},
                                       {"over_limit", "InvalidParameter", 400},
                                       {"rate_limited", "Throttling.RateQuota", 429},
                                       {"queue_full", "Throttling.AllocationQuota", 429},
                                       {"account_queue_full", "Throttling.AllocationQuota", 429},
                                       {"internal", "InternalError", 500},
                                       {"unavailable", "ServiceUnavailable", 503},
                                       {"overloaded", "ServiceUnavailable", 503},
                                       {"timeout", "RequestTimeOut", 504}}};

Answer error(int status, std::string_view code, const std::string& message, const Problem& problem) {
  return {status, print_json(Json{{"code", code}, {"message", message}, {"request_id", problem.request_id}})};
}

}  // namespace

Answer print_problem(const Problem& problem) {
  if (problem.status < 500 && !problem.errors.empty()) {
    if (const catalog::Violation* model = model_error(problem)) {
      if (model->code == "not_found") return error(404, "ModelNotFound", model->rule, problem);
      return error(403, "AccessDenied.Unpurchased", model->rule, problem);
    }
    return error(400, "InvalidParameter", all_errors(problem), problem);
  }
  for (const Code& code : kCodes)
    if (code.problem == problem.code) return error(code.status, code.dashscope, problem.detail, problem);
  const bool of_request = problem.status >= 400 && problem.status < 500;
  return error(of_request ? 400 : 500, of_request ? "InvalidParameter" : "InternalError", problem.detail,
               problem);
}

}  // namespace troupe::api::dashscope
