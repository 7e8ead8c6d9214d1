#include "http/wire.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace troupe::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr size_t kDroppedMax = 64 << 10;     // input on a connection that only listens
constexpr size_t kLingerBytesMax = 4 << 20;  // of a body that was refused
constexpr int kUnsentLowBytes = 128 << 10;   // so that progress is seen in steps of this

asio::redirect_error_t<asio::use_awaitable_t<>> into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

}  // namespace

// Cancels the socket's operations when time is up. One lives at a time.
class Wire::Deadline {
 public:
  Deadline(Wire& wire, Steady::time_point until) : wire_(wire) {
    wire.timed_out_ = false;
    wire.timer_.expires_at(until);
    wire.timer_.async_wait([self = wire.shared_from_this(), number = ++wire.deadlines_](error_code error) {
      if (error || number != self->deadlines_) return;
      self->timed_out_ = true;
      error_code ignored;
      self->socket_.cancel(ignored);
    });
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() {
    ++wire_.deadlines_;
    wire_.timer_.cancel();
  }

  Outcome outcome(const error_code& error) const {
    if (!error) return Outcome::ok;
    if (error != asio::error::operation_aborted) return Outcome::closed;
    if (wire_.timed_out_) return Outcome::timed_out;
    return wire_.gone_ ? Outcome::closed : Outcome::interrupted;
  }

 private:
  Wire& wire_;
};

Wire::Wire(tcp::socket socket) : socket_(std::move(socket)), timer_(socket_.get_executor()) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.native_non_blocking(true, ignored);
  setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsentLowBytes,
             sizeof kUnsentLowBytes);
}

asio::awaitable<Wire::Outcome> Wire::wait_readable(Steady::time_point until) {
  if (interrupted_) {
    interrupted_ = false;
    co_return Outcome::interrupted;
  }
  Deadline deadline(*this, until);
  error_code error;
  waiting_ = true;
  co_await socket_.async_wait(tcp::socket::wait_read, into(error));
  waiting_ = false;
  interrupted_ = false;
  co_return deadline.outcome(error);
}

asio::awaitable<Wire::Outcome> Wire::wait_writable(Steady::time_point until) {
  Deadline deadline(*this, until);
  error_code error;
  co_await socket_.async_wait(tcp::socket::wait_write, into(error));
  co_return deadline.outcome(error);
}

asio::awaitable<Wire::Received> Wire::read(std::span<char> into_here, Steady::time_point until) {
  Deadline deadline(*this, until);
  error_code error;
  Received received;
  received.count =
      co_await socket_.async_read_some(asio::buffer(into_here.data(), into_here.size()), into(error));
  received.outcome = deadline.outcome(error);
  co_return received;
}

asio::awaitable<bool> Wire::write(std::array<std::string_view, 3> parts, std::chrono::milliseconds patience) {
  while (true) {
    std::array<asio::const_buffer, 3> buffers;
    size_t left = 0;
    for (size_t i = 0; i < parts.size(); ++i) {
      buffers[i] = asio::const_buffer(parts[i].data(), parts[i].size());
      left += parts[i].size();
    }
    if (left == 0) co_return true;
    Deadline deadline(*this, Steady::now() + patience);
    error_code error;
    size_t sent = co_await socket_.async_write_some(buffers, into(error));
    if (error) co_return false;
    for (std::string_view& part : parts) {
      const size_t of_this = std::min(sent, part.size());
      part.remove_prefix(of_this);
      sent -= of_this;
    }
  }
}

asio::awaitable<void> Wire::sleep(Steady::time_point until) {
  if (!interrupted_) {
    error_code ignored;
    timer_.expires_at(until);
    sleeping_ = true;
    co_await timer_.async_wait(into(ignored));
    sleeping_ = false;
  }
  interrupted_ = false;
}

void Wire::interrupt() {
  interrupted_ = true;
  error_code ignored;
  if (sleeping_) timer_.cancel();
  if (waiting_) socket_.cancel(ignored);
}

void Wire::post_interrupt() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->interrupt(); });
}

void Wire::post_abort() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    // Not close(): another thread may be sending a file, and the descriptor's number would be given anew.
    error_code ignored;
    self->gone_ = true;
    self->socket_.shutdown(tcp::socket::shutdown_both, ignored);
    self->socket_.cancel(ignored);
    self->interrupt();
  });
}

void Wire::watch_peer(bool drop_input) {
  watching_ = true;
  const int watch = ++watches_;
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this(), watch, drop_input](error_code error) {
                       if (!error && watch == self->watches_) self->look_at_peer(watch, drop_input);
                     });
}

bool Wire::drop_some() {
  char dropped[512];
  const ssize_t count = recv(socket_.native_handle(), dropped, sizeof dropped, MSG_DONTWAIT);
  if (count <= 0) return false;
  dropped_bytes_ += static_cast<size_t>(count);
  return dropped_bytes_ <= kDroppedMax;
}

void Wire::look_at_peer(int watch, bool drop_input) {
  char next;
  const ssize_t count = recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
  const bool nothing_yet = count < 0 && (errno == EAGAIN || errno == EINTR);
  if (count > 0 && !drop_input) return;
  if (nothing_yet || (count > 0 && drop_some())) {
    if (watch == watches_) watch_peer(drop_input);
    return;
  }
  gone_ = true;
  interrupt();
}

void Wire::stop_watching() {
  if (!watching_) return;
  watching_ = false;
  ++watches_;
  error_code ignored;
  socket_.cancel(ignored);
}

asio::awaitable<void> Wire::linger(Steady::time_point until) {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  char dropped[4096];
  for (size_t total = 0; !ignored && total < kLingerBytesMax;) {
    const Received received = co_await read(dropped, until);
    if (received.outcome != Outcome::ok) break;
    total += received.count;
  }
  close();
}

void Wire::close() {
  gone_ = true;
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace troupe::http
