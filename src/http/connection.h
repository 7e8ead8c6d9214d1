// One client's connection: requests in order, each answered before the next is read.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "http/send_answer.h"
#include "http/server_core.h"

namespace troupe::http {

/// Lives inside the coroutine that runs it.
class Connection {
 public:
  Connection(ServerCore& core, std::shared_ptr<Wire> wire, std::string peer);

  /// Until either side ends it.
  boost::asio::awaitable<void> run();

 private:
  struct Exchange;

  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> read_head(Exchange& exchange);
  boost::asio::awaitable<void> read_more_head(Exchange& exchange, Steady::time_point until);
  void parse_head(Exchange& exchange, std::string_view text);
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<void> answer(Exchange& exchange);
  boost::asio::awaitable<void> wait_for_answer(Exchange& exchange);
  boost::asio::awaitable<bool> send(Exchange& exchange);

  void ask_before(Exchange& exchange);
  void call_handler(Exchange& exchange);
  void refuse(Exchange& exchange, const Refusal& refusal);
  void refuse_unmatched(Exchange& exchange);
  void tell_finished(const Exchange& exchange, int status, const std::string& note);

  ServerCore& core_;
  std::shared_ptr<Wire> wire_;
  std::string peer_;
  std::string input_;  ///< came, but is not read yet
  bool first_ = true;  ///< no request was answered yet
};

}  // namespace troupe::http
