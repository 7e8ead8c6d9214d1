// Answers that every route gives alike. Private to server/.
#pragma once

#include <string>
#include <string_view>

#include "api/native/wire.h"
#include "base/result.h"
#include "http/message.h"

namespace troupe::server {

http::Response json_reply(int status, std::string json);
http::Response empty_reply(int status);

/// application/problem+json, with Retry-After where a wait helps.
http::Response problem_reply(const http::Request& request, api::native::Problem problem,
                             std::chrono::seconds retry_after = std::chrono::seconds(0));
http::Response error_reply(const http::Request& request, const Error& error);
http::Response not_found(const http::Request& request, std::string_view what);

/// A number of a query: `fallback` where it is not given. Errors: invalid_argument, field = the name.
Result<int> query_number(const http::Request& request, const std::string& name, int fallback, int least,
                         int most);

/// TROUPE_REPLY(auto x, f()): x = value of f(), or answer f()'s error to `request`.
#define TROUPE_REPLY(target, expression, request) \
  TROUPE_REPLY_INNER(TROUPE_CONCAT(troupe_reply_, __LINE__), target, expression, request)
#define TROUPE_REPLY_INNER(temporary, target, expression, request)                  \
  auto temporary = (expression);                                                    \
  if (!temporary) return ::troupe::server::error_reply(request, temporary.error()); \
  target = std::move(temporary).value()

/// TROUPE_REPLY_OK(f(), request): answer f()'s error, if it has one.
#define TROUPE_REPLY_OK(expression, request)             \
  if (auto troupe_status = (expression); !troupe_status) \
  return ::troupe::server::error_reply(request, troupe_status.error())

}  // namespace troupe::server
