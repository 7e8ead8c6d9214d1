#include "http/listener.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/connection.h"

namespace troupe::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kAcceptPause{50};  // after a failure: no descriptors, say
constexpr std::chrono::milliseconds kTurnAwayTime{1000};
constexpr int kTurnedAwayMax = 128;  // told why at once; more are just closed

struct Listed {
  Listed(ServerCore& core, const Wire* wire) : core_(core), wire_(wire) {}
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() { core_.connections.remove(wire_); }
  ServerCore& core_;
  const Wire* wire_;
};

asio::awaitable<void> serve(ServerCore& core, std::shared_ptr<Wire> wire, std::string peer) {
  const Listed listed(core, wire.get());
  Connection connection(core, wire, std::move(peer));
  co_await connection.run();
}

asio::awaitable<void> turn_away(ServerCore& core, std::shared_ptr<Wire> wire,
                                std::shared_ptr<std::atomic<int>> count) {
  const Request nothing;
  Outgoing out;
  out.response = make_refusal(core, {503, "the server has too many connections; try again later"}, nothing);
  out.response.headers.set("Retry-After", "1");
  const bool sent = co_await send_answer(core, *wire, out, nothing);
  if (sent) co_await wire->linger(Steady::now() + kTurnAwayTime);
  wire->close();
  --*count;
}

}  // namespace

Listener::Listener(ServerCore& core)
    : core_(core),
      acceptor_(asio::make_strand(core.io)),
      pause_(acceptor_.get_executor()),
      turned_away_(std::make_shared<std::atomic<int>>(0)) {}

Result<void> Listener::open() {
  error_code error;
  const std::string& text = core_.options.address;
  const auto address = asio::ip::make_address(text, error);
  if (error) {
    return make_error(
        ErrorCode::invalid_argument,
        "\"" + text + "\" is not an address to listen on; write 127.0.0.1, 0.0.0.0 or [::] as ::");
  }
  const tcp::endpoint endpoint(address, core_.options.port);
  const auto failed = [&](const char* what) {
    return make_error(ErrorCode::unavailable, std::string(what) + " " + text + " port " +
                                                  std::to_string(endpoint.port()) + ": " + error.message());
  };
  if (acceptor_.open(endpoint.protocol(), error)) return failed("cannot open a socket for");
  acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (acceptor_.bind(endpoint, error)) return failed("cannot listen on");
  if (acceptor_.listen(asio::socket_base::max_listen_connections, error)) return failed("cannot listen on");
  port_ = acceptor_.local_endpoint(error).port();
  return {};
}

void Listener::start() { asio::co_spawn(acceptor_.get_executor(), accept_all(), asio::detached); }

void Listener::post_close() {
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
}

asio::awaitable<void> Listener::accept_all() {
  while (acceptor_.is_open()) {
    error_code error;
    tcp::socket socket(asio::make_strand(core_.io));
    tcp::endpoint peer;
    co_await acceptor_.async_accept(socket, peer, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      take(std::move(socket), peer.address());
    } else if (acceptor_.is_open() && error != asio::error::connection_aborted) {
      error_code ignored;
      pause_.expires_after(kAcceptPause);
      co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }
}

void Listener::take(tcp::socket socket, const asio::ip::address& peer) {
  const auto executor = socket.get_executor();
  const auto user_timeout = static_cast<unsigned>(core_.options.limits.write_time.count());
  // Streams to peers that vanished without a word end when nothing is acknowledged for that long.
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout, sizeof user_timeout);
  const auto wire = std::make_shared<Wire>(std::move(socket));
  const std::string name = peer_of(peer);
  if (core_.connections.add(wire, name)) {
    asio::co_spawn(executor, serve(core_, wire, peer.to_string()), asio::detached);
  } else if (turned_away_->fetch_add(1) < kTurnedAwayMax) {
    asio::co_spawn(executor, turn_away(core_, wire, turned_away_), asio::detached);
  } else {
    --*turned_away_;
    ++core_.refused_total;
  }
}

}  // namespace troupe::http
