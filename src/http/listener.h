// Takes connections in, or turns them away quickly when there are too many.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "http/server_core.h"

namespace troupe::http {

/// Thread-safety: open() and port() from one thread, before run(); post_close() from any.
class Listener {
 public:
  explicit Listener(ServerCore& core);

  /// Errors: invalid_argument (no address literal), unavailable (in use, not allowed).
  Result<void> open();
  uint16_t port() const { return port_; }
  /// Begins to accept.
  void start();
  void post_close();

 private:
  boost::asio::awaitable<void> accept_all();
  void take(boost::asio::ip::tcp::socket socket, const boost::asio::ip::address& peer);

  ServerCore& core_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<std::atomic<int>> turned_away_;  ///< connections that are being told so
  uint16_t port_ = 0;
};

}  // namespace troupe::http
