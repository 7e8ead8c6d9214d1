#include "server/answers.h"

#include <algorithm>
#include <charconv>

#include "server/dialects.h"

namespace troupe::server {

http::Response json_reply(int status, std::string json) {
  return http::reply(status, "application/json", std::move(json));
}

http::Response empty_reply(int status) {
  http::Response response;
  response.status = status;
  return response;
}

void label(http::Response& response, const Job& job) {
  if (job.draft) response.headers.set("X-Troupe-Draft", "true");
  if (!job.engine.empty()) response.headers.set("X-Troupe-Engine", job.engine);
  for (const Take& take : job.takes)
    if (!take.model.empty()) response.headers.set("X-Troupe-Model", take.model);
}

http::Response problem_reply(const http::Request& request, api::Problem problem,
                             std::chrono::seconds retry_after) {
  problem.request_id = request.request_id;
  const Dialect& dialect = dialect_of_path(request.path);
  api::Answer answer = dialect.print_problem(problem);
  http::Response response = http::reply(answer.status, dialect.content_type, std::move(answer.json));
  if (retry_after.count() > 0) response.headers.set("Retry-After", std::to_string(retry_after.count()));
  if (problem.status == 401) response.headers.set("WWW-Authenticate", "Bearer");
  return response;
}

http::Response error_reply(const http::Request& request, const Error& error) {
  http::Response response = problem_reply(request, api::problem_of(error));
  // What the caller isn't told, the log is.
  if (response.status >= 500) response.note = to_string(error);
  return response;
}

http::Response body_reply(const http::Request& request, const std::vector<Error>& errors) {
  api::Problem problem = api::problem_of(errors);
  const bool in_fields =
      std::any_of(errors.begin(), errors.end(), [](const Error& error) { return !error.field.empty(); });
  if (!in_fields || problem.status >= 500) return problem_reply(request, std::move(problem));
  // A field over its bound is no body over its bound.
  api::Problem invalid = api::make_problem("invalid_request", problem.detail);
  invalid.errors = std::move(problem.errors);
  return problem_reply(request, std::move(invalid));
}

http::Response not_found(const http::Request& request, std::string_view what) {
  return problem_reply(request,
                       api::make_problem("not_found", "There is no such " + std::string(what) + "."));
}

Result<int> query_number(const http::Request& request, const std::string& name, int fallback, int least,
                         int most) {
  const std::string_view text = request.query_value(name);
  if (text.empty()) return fallback;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most) {
    return make_error(
        ErrorCode::invalid_argument,
        name + " must be a whole number of " + std::to_string(least) + " to " + std::to_string(most) + ".",
        name);
  }
  return number;
}

Result<bool> query_flag(const http::Request& request, const std::string& name, bool fallback) {
  if (!request.query.contains(name)) return fallback;
  const std::string_view text = request.query_value(name);
  if (text == "true" || text == "false") return text == "true";
  return make_error(ErrorCode::invalid_argument, name + " must be true or false.", name);
}

}  // namespace troupe::server
