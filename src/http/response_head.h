// The head of an answer as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"

namespace troupe::http {

/// What the server itself says of an answer.
struct AnswerFrame {
  std::optional<uint64_t> content_length;  ///< none: no such field
  bool chunked = false;
  bool keep_alive = false;
  std::string_view request_id, server_name;
  Time now;
};

/// Status line, the answer's own fields, the server's, and the security fields that the answer does not set.
/// Content-Length, Transfer-Encoding, Connection, Date, Server and X-Request-Id are the server's alone: an
/// answer's own are left out. Errors: internal (a field that would break the head).
Result<std::string> print_response_head(const Response& response, const AnswerFrame& frame);

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string print_http_date(Time time);

}  // namespace troupe::http
