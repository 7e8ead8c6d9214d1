// Sends an endless answer for as long as it and its peer last.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "http/server_core.h"

namespace troupe::http {

/// Tells the stream that its peer left before the end, unless the server stops.
boost::asio::awaitable<void> leave_stream(ServerCore& core, Wire& wire, Stream& stream);

/// After the head. False: the peer left, or takes nothing any more.
boost::asio::awaitable<bool> send_stream(ServerCore& core, Wire& wire, Stream& stream, bool chunked);

}  // namespace troupe::http
