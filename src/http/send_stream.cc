#include "http/send_stream.h"

#include <charconv>
#include <exception>

#include "http/sse.h"
#include "http/waker.h"

namespace troupe::http {

namespace asio = boost::asio;

namespace {

void leave(Stream& stream) {
  try {
    stream.on_gone();
  } catch (const std::exception&) {  // nobody is left to be told
  }
}

constexpr size_t kLargePiece = 64 << 10;  // counts as a large answer

struct Counted {
  explicit Counted(std::atomic<int64_t>& counter) : counter_(counter) { ++counter_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --counter_; }
  std::atomic<int64_t>& counter_;
};

// A stream that throws has ended.
std::optional<std::string> poll(Stream& stream) {
  try {
    return stream.poll();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// Calls it where it may block, if it does; false: nobody could be found to.
asio::awaitable<bool> call(ServerCore& core, Wire& wire, bool may_block, std::function<void()> job) {
  if (!may_block) {
    job();
    co_return true;
  }
  const bool ran = co_await run_blocking(core.handlers, BlockingPool::Admission::always, wire, job);
  co_return ran;
}

bool listen(Stream& stream, const Waker& waker) {
  try {
    stream.on_ready(waker.function());
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

asio::awaitable<bool> send_piece(Wire& wire, std::string_view piece, bool chunked,
                                 std::chrono::milliseconds patience) {
  char size[20] = "";
  size_t digits = 0;
  if (chunked) {
    char* end = std::to_chars(size, size + 16, piece.size(), 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    digits = static_cast<size_t>(end - size);
  }
  const std::array<std::string_view, 3> parts{std::string_view(size, digits), piece, chunked ? "\r\n" : ""};
  const bool sent = co_await wire.write(parts, patience);
  co_return sent;
}

}  // namespace

asio::awaitable<void> leave_stream(ServerCore& core, Wire& wire, Stream& stream) {
  if (core.stopping) co_return;
  const std::function<void()> gone = [&] { leave(stream); };
  co_await call(core, wire, stream.may_block(), gone);
}

asio::awaitable<bool> send_stream(ServerCore& core, Wire& wire, Stream& stream, bool chunked) {
  const Counted counted(core.streams);
  const ServerLimits& limits = core.options.limits;
  const Waker waker(wire.shared_from_this());
  bool open = listen(stream, waker), ended = false;
  wire.watch_peer(true);
  auto heartbeat = Steady::now() + limits.heartbeat;
  while (open && !core.stopping && !wire.is_gone()) {
    waker.take();  // before the poll: a wake during it is not lost
    std::optional<std::string> piece;
    const std::function<void()> ask = [&] { piece = poll(stream); };
    const bool asked = co_await call(core, wire, stream.may_block(), ask);
    if (!asked || !piece) {
      ended = true;
      break;
    }
    const bool beat = piece->empty() && Steady::now() >= heartbeat;
    if (beat) piece = sse_comment("");
    if (piece->empty()) {
      // What woke it during a poll that blocked has used up its interrupt.
      if (!waker.take()) co_await wire.sleep(heartbeat);
      continue;
    }
    BodyMemory::Share share(core.answer_memory);
    if (piece->size() > kLargePiece) share.hold(static_cast<int64_t>(piece->size()));
    open = co_await send_piece(wire, *piece, chunked, limits.write_time);
    heartbeat = Steady::now() + limits.heartbeat;
  }
  wire.stop_watching();
  if (!ended) co_await leave_stream(core, wire, stream);
  if (!open || wire.is_gone()) co_return false;
  const bool sent = co_await wire.write({chunked ? "0\r\n\r\n" : "", "", ""}, limits.write_time);
  co_return sent;
}

}  // namespace troupe::http
