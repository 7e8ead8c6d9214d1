#include "api/problem.h"

#include <algorithm>
#include <array>

namespace troupe::api {
namespace {

constexpr std::array<ProblemKind, 24> kKinds{{
    {"invalid_request", 400, "The request cannot be meant", false},
    {"bad_request", 400, "Not a proper HTTP request", false},
    {"unauthorised", 401, "No valid API key", false},
    {"over_budget", 402, "The budget does not allow it", true},
    {"no_credit", 402, "The operator's account at the provider is empty or closed", false},
    {"forbidden", 403, "The key may not do this", false},
    {"not_found", 404, "There is no such thing", false},
    {"method_not_allowed", 405, "Not with this method", false},
    {"conflict", 409, "It is in another state", true},
    {"over_limit", 413, "A bound was passed", false},
    {"too_large", 413, "The body is too large", false},
    {"corrupt_input", 422, "The bytes are not what they claim to be", false},
    {"unsupported", 422, "Not something that can be done here", false},
    {"moderated", 422, "Refused for its content", false},
    {"rejected", 422, "The provider does not take this request", false},
    {"idempotency_mismatch", 422, "The idempotency key was used for another request", false},
    {"unknown_outcome", 424, "What the provider made of it is not known", false},
    {"rate_limited", 429, "Too many requests", true},
    {"queue_full", 429, "The queue is full", true},
    {"account_queue_full", 429, "Too many of your jobs are waiting", true},
    {"internal", 500, "A defect of the server", true},
    {"unavailable", 503, "Something is missing or down", true},
    {"overloaded", 503, "Too busy", true},
    {"timeout", 504, "It took too long", true},
}};

const ProblemKind& kind_of(std::string_view code) {
  const auto named = [&](const ProblemKind& kind) { return kind.code == code; };
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), named);
  return found == kKinds.end() ? kind_of("internal") : *found;
}

std::string_view problem_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_request";
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::over_limit:
    case ErrorCode::corrupt_input:
    case ErrorCode::unsupported:
    case ErrorCode::unavailable:
    case ErrorCode::timeout:
    case ErrorCode::moderated:
    case ErrorCode::rejected:
    case ErrorCode::no_credit:
    case ErrorCode::unknown_outcome:
      return name(code);
    default:
      return "internal";
  }
}

/// "/spec/duration: must be …", so that the sentence alone says what is meant.
std::string sentence(const Error& error) {
  return error.field.empty() ? error.message : error.field + ": " + error.message;
}

}  // namespace

std::span<const ProblemKind> problem_kinds() { return kKinds; }

Problem make_problem(std::string_view code, std::string detail) {
  const ProblemKind& kind = kind_of(code);
  return {kind.status, std::string(kind.code), std::string(kind.title), std::move(detail), kind.retryable, {},
          ""};
}

Problem problem_of(const Error& error) { return problem_of(std::span(&error, 1)); }

Problem problem_of(std::span<const Error> errors) {
  const Error& first = errors.front();
  const std::string_view code = problem_code(first.code);
  if (code == "internal")
    return make_problem(code,
                        "Something went wrong inside the server; its log says what, by the request id.");
  std::string detail = sentence(first);
  if (errors.size() > 1) detail += " (and " + std::to_string(errors.size() - 1) + " more)";
  Problem problem = make_problem(code, std::move(detail));
  for (const Error& error : errors)
    if (errors.size() > 1 || !error.field.empty())
      problem.errors.push_back({error.field, std::string(name(error.code)), error.message, ""});
  return problem;
}

Problem problem_of(std::span<const catalog::Violation> violations, const FieldMap& fields) {
  const bool one = violations.size() == 1;
  const std::string count =
      one ? "One rule of the model is" : std::to_string(violations.size()) + " rules of the model are";
  Problem problem = make_problem("invalid_request", count + " broken; errors names each with its fix.");
  problem.errors.assign(violations.begin(), violations.end());
  for (catalog::Violation& error : problem.errors) error.field = fields.in_body(error.field);
  return problem;
}

}  // namespace troupe::api
