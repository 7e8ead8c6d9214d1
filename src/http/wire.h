// One connection's socket with time-outs, and the place where its coroutine sleeps.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <span>
#include <string_view>

namespace troupe::http {

using Steady = std::chrono::steady_clock;

/// Thread-safety: all on the socket's executor (a strand) but executor() and post_*().
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  explicit Wire(boost::asio::ip::tcp::socket socket);

  boost::asio::any_io_executor executor() { return socket_.get_executor(); }
  int native_handle() { return socket_.native_handle(); }

  enum class Outcome { ok, closed, timed_out, interrupted };
  struct Received {
    Outcome outcome = Outcome::closed;
    size_t count = 0;
  };
  /// Waits for input without a buffer to hold it. interrupt() ends it.
  boost::asio::awaitable<Outcome> wait_readable(Steady::time_point until);
  boost::asio::awaitable<Outcome> wait_writable(Steady::time_point until);
  boost::asio::awaitable<Received> read(std::span<char> into, Steady::time_point until);
  /// Sends all parts in order; false if the peer is gone or takes nothing for `patience`.
  boost::asio::awaitable<bool> write(std::array<std::string_view, 3> parts,
                                     std::chrono::milliseconds patience);

  /// Until then, or until interrupted: also by an interrupt that came before, so ask again what there is.
  boost::asio::awaitable<void> sleep(Steady::time_point until);
  void interrupt();
  void post_interrupt();
  /// Makes every operation fail from now on; the coroutine is still the one to close.
  void post_abort();

  /// While the coroutine sleeps: notices that the peer has closed, and interrupts. Input is dropped (up to a
  /// bound) if `drop_input`, else it stays unread and ends the watch.
  void watch_peer(bool drop_input);
  void stop_watching();
  bool is_gone() const { return gone_; }

  /// Says that nothing more comes and reads what is still under way, so that the last answer is not lost to
  /// a reset; then closes.
  boost::asio::awaitable<void> linger(Steady::time_point until);
  void close();

 private:
  class Deadline;
  void look_at_peer(int watch, bool drop_input);
  /// True if input was there and dropped.
  bool drop_some();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;  ///< of the sleep or the operation under way: there is one at a time
  int deadlines_ = 0;                ///< tells a time-out that comes late from one that counts
  int watches_ = 0;
  size_t dropped_bytes_ = 0;
  bool timed_out_ = false, sleeping_ = false, waiting_ = false, interrupted_ = false, gone_ = false,
       watching_ = false;
};

}  // namespace troupe::http
