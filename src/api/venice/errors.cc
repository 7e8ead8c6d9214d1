#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "api/failure.h"
#include "api/vendor_json.h"
#include "api/venice/wire.h"

namespace troupe::api::venice {
namespace {

using Json = nlohmann::ordered_json;

struct Code {
  std::string_view problem, venice;
  int status;
};
constexpr std::array<Code, 19> kCodes{{{"unauthorised", "AUTHENTICATION_FAILED", 401},
                                       {"over_budget", "INSUFFICIENT_BALANCE", 402},
                                       {"no_credit", "INSUFFICIENT_BALANCE", 402},
                                       {"moderated", "CONTENT_POLICY_VIOLATION", 422},
                                       {"unknown_outcome", "INFERENCE_FAILED", 500},
                                       {"forbidden", "UNAUTHORIZED", 403},
                                       {"not_found", "MEDIA_NOT_FOUND", 404},
                                       {"method_not_allowed", "METHOD_NOT_ALLOWED", 405},
                                       {"conflict", "CONFLICT", 409},
                                       {"over_limit", "PAYLOAD_TOO_LARGE", 413},
                                       {"too_large", "PAYLOAD_TOO_LARGE", 413},
                                       {"idempotency_mismatch", "INVALID_REQUEST", 422},
                                       {"rate_limited", "RATE_LIMIT_EXCEEDED", 429},
                                       {"queue_full", "MODEL_AT_CAPACITY", 503},
                                       {"account_queue_full", "RATE_LIMIT_EXCEEDED", 429},
                                       {"internal", "INFERENCE_FAILED", 500},
                                       {"unavailable", "MODEL_AT_CAPACITY", 503},
                                       {"overloaded", "MODEL_AT_CAPACITY", 503},
                                       {"timeout", "INFERENCE_FAILED", 504}}};

Code code_of(const Problem& problem) {
  for (const Code& code : kCodes)
    if (code.problem == problem.code) return code;
  const bool of_request = problem.status >= 400 && problem.status < 500;
  return {problem.code, of_request ? "INVALID_REQUEST" : "INFERENCE_FAILED", of_request ? 400 : 500};
}

// Not 429, which to a client that polls means to poll less often.
Code code_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::request:
    case FailureKind::rejected:
      return {"", "INVALID_REQUEST", 422};
    case FailureKind::over_limit:
      return {"", "MODEL_AT_CAPACITY", 503};
    case FailureKind::no_credit:
      return {"", "INSUFFICIENT_BALANCE", 402};
    case FailureKind::cancelled:
      return {"", "MEDIA_NOT_FOUND", 404};
    default:
      return {"", "INFERENCE_FAILED", 500};
  }
}

Answer refused_content(const Job& job) {
  return {422, print_json(Json{{"error",
                                {{"message", failure_text(job)},
                                 {"type", "provider_content_policy"},
                                 {"credits_refunded", job.charged.micros == 0}}}})};
}

// The two that Venice's guide names are told in its words; the fields' own texts say what the limit is.
std::string headline(const std::vector<catalog::Violation>& errors) {
  const catalog::Violation& first = errors.front();
  constexpr std::array<std::string_view, 7> kTooMany{
      "too_many_visual_inputs", "too_many_elements", "too_many_scenes", "too_many_images",
      "too_many_references",    "too_many_angles",   "too_many_clips"};
  if (std::find(kTooMany.begin(), kTooMany.end(), first.code) != kTooMany.end())
    return "Number of images exceeds the limit";
  if (first.code == "visual_input_missing") return "At least one reference image is required";
  std::string text = "Invalid request parameters";
  if (!first.field.empty()) text += ": " + dotted(first.field);
  return text + ": " + first.rule + (first.fix.empty() ? "" : " " + first.fix);
}

// {"_errors": […], "field": {"_errors": […]}}
void add_detail(Json& details, const catalog::Violation& error) {
  Json* place = &details;
  for (const std::string& step : pointer_steps(error.field)) {
    if (step == "_errors") break;  // a field of that name is told of at what holds it
    place = &(*place)[step];
    if (!place->contains("_errors")) (*place)["_errors"] = Json::array();
  }
  (*place)["_errors"].push_back(error.rule + (error.fix.empty() ? "" : " " + error.fix));
}

Json issue_json(const catalog::Violation& error) {
  Json path = Json::array();
  for (std::string& step : pointer_steps(error.field)) path.push_back(std::move(step));
  return {{"code", error.code}, {"path", std::move(path)}, {"message", error.rule}, {"fix", error.fix}};
}

}  // namespace

Answer print_problem(const Problem& problem) {
  const Code code = code_of(problem);
  if (problem.errors.empty() || problem.status >= 500)
    return {code.status, print_json(Json{{"code", code.venice}, {"error", problem.detail}})};
  if (const catalog::Violation* model = model_error(problem)) {
    const bool unknown = model->code == "not_found";
    return {unknown ? 404 : 503, print_json(Json{{"code", unknown ? "MODEL_NOT_FOUND" : "MODEL_AT_CAPACITY"},
                                                 {"error", model->rule}})};
  }
  Json details{{"_errors", Json::array()}}, issues = Json::array();
  for (const catalog::Violation& error : problem.errors) {
    add_detail(details, error);
    issues.push_back(issue_json(error));
  }
  return {code.status == 422 ? 400 : code.status, print_json(Json{{"code", code.venice},
                                                                  {"error", headline(problem.errors)},
                                                                  {"details", std::move(details)},
                                                                  {"issues", std::move(issues)}})};
}

Answer print_failure(const Job& job) {
  const FailureKind kind = failure_kind(job);
  if (kind == FailureKind::moderated) return refused_content(job);
  const Code code = code_of(kind);
  return {code.status, print_json(Json{{"code", code.venice}, {"error", failure_text_with_class(job)}})};
}

}  // namespace troupe::api::venice
