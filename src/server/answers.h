// Answers that every route gives alike. Private to server/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/native/wire.h"
#include "base/result.h"
#include "http/message.h"

namespace troupe::server {

inline constexpr uint64_t kSmallBodyMax = api::kSmallBodyBytesMax + 1;  // so that its parser refuses it

http::Response json_reply(int status, std::string json);
http::Response empty_reply(int status);

/// Says in the answer what made the job's takes, and that they are drafts.
void label(http::Response& response, const Job& job);

/// In the form of the dialect that owns the path, with Retry-After where a wait helps.
http::Response problem_reply(const http::Request& request, api::Problem problem,
                             std::chrono::seconds retry_after = std::chrono::seconds(0));
http::Response error_reply(const http::Request& request, const Error& error);
/// Everything that is wrong with a body.
http::Response body_reply(const http::Request& request, const std::vector<Error>& errors);
http::Response not_found(const http::Request& request, std::string_view what);

/// A number of a query: `fallback` where it is not given. Errors: invalid_argument, field = the name.
Result<int> query_number(const http::Request& request, const std::string& name, int fallback, int least,
                         int most);

/// "true" or "false" of a query. Errors: invalid_argument, field = the name.
Result<bool> query_flag(const http::Request& request, const std::string& name, bool fallback);

/// TROUPE_REPLY(auto x, f()): x = value of f(), or answer f()'s error to `request`.
#define TROUPE_REPLY(target, expression, request) \
  TROUPE_REPLY_INNER(TROUPE_CONCAT(troupe_reply_, __LINE__), target, expression, request)
#define TROUPE_REPLY_INNER(temporary, target, expression, request)                  \
  auto temporary = (expression);                                                    \
  if (!temporary) return ::troupe::server::error_reply(request, temporary.error()); \
  target = std::move(temporary).value()

/// TROUPE_BODY(auto x, request, api::native::parse_element): x = the small body as a value, or answer all
/// that is wrong with it.
#define TROUPE_BODY(target, request, parse)                                                         \
  TROUPE_BODY_INNER(TROUPE_CONCAT(troupe_text_, __LINE__), TROUPE_CONCAT(troupe_errors_, __LINE__), \
                    TROUPE_CONCAT(troupe_value_, __LINE__), target, request, parse)
#define TROUPE_BODY_INNER(body_text, body_errors, body_value, target, request, parse)     \
  TROUPE_REPLY(const std::string body_text, (request).body.read(kSmallBodyMax), request); \
  std::vector<Error> body_errors;                                                         \
  auto body_value = parse(body_text, &body_errors);                                       \
  if (!body_value) return ::troupe::server::body_reply(request, body_errors);             \
  target = std::move(body_value).value()

/// TROUPE_REPLY_OK(f(), request): answer f()'s error, if it has one.
#define TROUPE_REPLY_OK(expression, request)             \
  if (auto troupe_status = (expression); !troupe_status) \
  return ::troupe::server::error_reply(request, troupe_status.error())

}  // namespace troupe::server
