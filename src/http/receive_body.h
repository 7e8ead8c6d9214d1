// Takes in the body of one request, within all limits.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "http/server_core.h"

namespace troupe::http {

struct ReceivedBody {
  Body body;
  std::optional<Refusal> refusal;
  bool peer_gone = false;
};

/// `input`: bytes that came already; what does not belong to the body stays there. Asks for the body if the
/// head expects that. Slow senders get 408, long bodies 413.
boost::asio::awaitable<ReceivedBody> receive_body(ServerCore& core, Wire& wire, std::string& input,
                                                  const RequestHead& head, uint64_t size_bytes_max);

}  // namespace troupe::http
