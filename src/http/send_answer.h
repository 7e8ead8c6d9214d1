// Sends one answer: text, part of a file, or a stream.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "http/server_core.h"

namespace troupe::http {

struct Outgoing {
  Response response;  ///< not a Later
  bool head_only = false;
  bool is_http_1_0 = false;
  bool keep_alive = false;
  std::string request_id;
};

/// False: the connection cannot be used any more. An answer that cannot be sent as it is (a file that is not
/// there, a field with a line break) becomes a 500 in `out`.
boost::asio::awaitable<bool> send_answer(ServerCore& core, Wire& wire, Outgoing& out, const Request& request);

}  // namespace troupe::http
