#include "http/connection.h"

#include <exception>
#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "http/fields.h"
#include "http/receive_body.h"
#include "http/waker.h"

namespace troupe::http {

namespace asio = boost::asio;

namespace {

constexpr size_t kHeadReadBytes = 4 << 10;
constexpr size_t kLargeAnswerBytes =
    64 << 10;  // smaller ones are not counted: their number is that of connections
constexpr std::chrono::milliseconds kLingerTime{2000}, kLingerTimeStopping{100};
constexpr int kPeerLeft = 499;  // what logs call an answer that nobody waited for

std::string request_id_of(const Headers& headers) {
  const std::string_view given = headers.get("X-Request-Id");
  return is_request_id(given) ? std::string(given) : new_id("req", SystemClock().now());
}

}  // namespace

// One request on its way to its answer.
struct Connection::Exchange {
  RequestHead head;
  Router::Match match;
  std::optional<Response> answer;
  bool keep_alive = false;
  bool peer_gone = false;
  Steady::time_point start = Steady::now();

  Request& request() { return head.request; }
};

Connection::Connection(ServerCore& core, std::shared_ptr<Wire> wire, std::string peer)
    : core_(core), wire_(std::move(wire)), peer_(std::move(peer)) {}

asio::awaitable<void> Connection::run() {
  bool more = true;
  while (more) more = co_await serve_one();
  if (!wire_->is_gone()) {
    const auto patience = core_.stopping ? kLingerTimeStopping : kLingerTime;
    co_await wire_->linger(Steady::now() + patience);
  }
  wire_->close();
}

asio::awaitable<bool> Connection::serve_one() {
  const bool begun = co_await wait_for_request();
  if (!begun) co_return false;
  Exchange exchange;
  const bool whole = co_await read_head(exchange);
  if (!whole) co_return false;
  first_ = false;
  ++core_.requests_total;
  if (!exchange.answer) co_await answer(exchange);
  const bool more = co_await send(exchange);
  co_return more;
}

// Between requests a connection holds no buffer.
asio::awaitable<bool> Connection::wait_for_request() {
  if (!input_.empty()) co_return true;
  input_.shrink_to_fit();
  const ServerLimits& limits = core_.options.limits;
  const auto until = Steady::now() + (first_ ? limits.header_time : limits.idle_time);
  while (!core_.stopping) {
    const Wire::Outcome outcome = co_await wire_->wait_readable(until);
    if (outcome == Wire::Outcome::ok) co_return true;
    if (outcome != Wire::Outcome::interrupted) break;
  }
  wire_->close();
  co_return false;
}

// False: there is nobody to answer. A head that is refused has its answer already.
asio::awaitable<bool> Connection::read_head(Exchange& exchange) {
  HeadScanner scanner(core_.options.limits.header_bytes_max);
  const auto until = exchange.start + core_.options.limits.header_time;
  while (!exchange.answer) {
    const HeadScanner::Found found = scanner.scan(input_);
    if (found == HeadScanner::Found::refused) refuse(exchange, scanner.refusal());
    if (found == HeadScanner::Found::whole) {
      parse_head(exchange, scanner.head(input_));
      input_.erase(0, scanner.end());
      co_return true;
    }
    if (found == HeadScanner::Found::more) co_await read_more_head(exchange, until);
    if (exchange.peer_gone) {
      wire_->close();
      co_return false;
    }
  }
  co_return true;
}

asio::awaitable<void> Connection::read_more_head(Exchange& exchange, Steady::time_point until) {
  const size_t before = input_.size();
  input_.resize(before + kHeadReadBytes);
  const std::span<char> room(input_.data() + before, kHeadReadBytes);
  const Wire::Received received = co_await wire_->read(room, until);
  input_.resize(before + received.count);
  if (received.outcome == Wire::Outcome::timed_out)
    refuse(exchange, {408, "the header took too long to come"});
  else if (received.outcome != Wire::Outcome::ok)
    exchange.peer_gone = true;
}

void Connection::parse_head(Exchange& exchange, std::string_view text) {
  auto parsed = parse_request_head(text);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return refuse(exchange, *refusal);
  exchange.head = std::get<RequestHead>(std::move(parsed));
  Request& request = exchange.request();
  request.peer = peer_;
  request.request_id = request_id_of(request.headers);
  exchange.keep_alive = exchange.head.keep_alive;
  exchange.match = core_.router.match(request.method, request.path);
  request.path_values = exchange.match.path_values;
}

void Connection::refuse(Exchange& exchange, const Refusal& refusal) {
  Request& request = exchange.request();
  if (request.request_id.empty()) {
    request.peer = peer_;
    request.request_id = request_id_of(request.headers);
  }
  exchange.answer = make_refusal(core_, refusal, request);
  if (refusal.status == 503 && !exchange.answer->headers.has("Retry-After"))
    exchange.answer->headers.add("Retry-After", "1");
}

void Connection::refuse_unmatched(Exchange& exchange) {
  if (exchange.match.allowed.empty()) {
    refuse(exchange, {404, "there is nothing at " + exchange.request().path});
    return;
  }
  std::string allowed;
  for (const std::string& method : exchange.match.allowed) allowed += (allowed.empty() ? "" : ", ") + method;
  refuse(exchange, {405, exchange.request().path + " takes only " + allowed});
  exchange.answer->headers.set("Allow", allowed);
}

// On a handler thread, as the next.
void Connection::ask_before(Exchange& exchange) {
  if (!core_.options.before) return;
  try {
    exchange.answer = core_.options.before(exchange.request(), exchange.match.route);
    if (exchange.answer) ++core_.refused_total;
  } catch (const std::exception& e) {
    refuse(exchange, {500, "the server failed to check this request"});
    exchange.answer->note = e.what();
  }
}

void Connection::call_handler(Exchange& exchange) {
  try {
    exchange.answer = exchange.match.route->handler(exchange.request());
  } catch (const std::exception& e) {
    refuse(exchange, {500, "the server failed to answer this request"});
    exchange.answer->note = e.what();
  }
}

asio::awaitable<void> Connection::answer(Exchange& exchange) {
  const Route* route = exchange.match.route;
  const bool has_body = exchange.head.has_body();
  const std::function<void()> begin = [&] {
    ask_before(exchange);
    if (!exchange.answer && route && !has_body) call_handler(exchange);
  };
  const auto if_room = BlockingPool::Admission::while_there_is_room;
  const bool begun = co_await run_blocking(core_.handlers, if_room, *wire_, begin);
  if (!begun) refuse(exchange, {503, "the server has too much to do; try again later"});
  if (!exchange.answer && !route) refuse_unmatched(exchange);
  if (exchange.answer && has_body) exchange.keep_alive = false;  // its body stays unread
  if (!exchange.answer) {
    ReceivedBody received =
        co_await receive_body(core_, *wire_, input_, exchange.head, route->body_bytes_max);
    exchange.peer_gone = received.peer_gone;
    if (received.refusal) {
      refuse(exchange, *received.refusal);
      exchange.keep_alive = false;
    } else if (!received.peer_gone) {
      exchange.request().body = std::move(received.body);
      const std::function<void()> handle = [&] { call_handler(exchange); };
      const bool handled =
          co_await run_blocking(core_.handlers, BlockingPool::Admission::always, *wire_, handle);
      if (!handled) refuse(exchange, {503, "the server is stopping; try again later"});
    }
  }
  if (exchange.answer && std::holds_alternative<std::shared_ptr<Later>>(exchange.answer->body))
    co_await wait_for_answer(exchange);
}

asio::awaitable<void> Connection::wait_for_answer(Exchange& exchange) {
  const std::shared_ptr<Later> later = std::get<std::shared_ptr<Later>>(exchange.answer->body);
  const auto until = Steady::now() + later->until;
  const Waker waker(wire_);
  std::optional<Response> response;
  bool listening = false, last = false, failed = false;
  // The first time at once: what was waited for may have come before anybody listened.
  const std::function<void()> ask = [&] {
    try {
      if (!listening) later->on_ready(waker.function());
      listening = true;
      response = later->poll(last);
    } catch (const std::exception&) {
      failed = true;
    }
  };
  wire_->watch_peer(false);
  while (!response && !last && !failed && !wire_->is_gone()) {
    last = core_.stopping || Steady::now() >= until;
    if (last || !listening || waker.take()) {
      const bool ran = co_await run_blocking(core_.handlers, BlockingPool::Admission::always, *wire_, ask);
      failed = failed || !ran;
    } else {
      co_await wire_->sleep(until);
    }
  }
  wire_->stop_watching();
  exchange.peer_gone = wire_->is_gone();
  if (response && std::holds_alternative<std::shared_ptr<Later>>(response->body)) response.reset();
  exchange.answer = std::move(response);
  if (!exchange.answer) refuse(exchange, {500, "the server failed to answer this request in time"});
}

asio::awaitable<bool> Connection::send(Exchange& exchange) {
  if (exchange.peer_gone || !exchange.answer) {
    tell_finished(exchange, kPeerLeft, "");
    wire_->close();
    co_return false;
  }
  BodyMemory::Share share(core_.answer_memory);
  if (const auto* text = std::get_if<std::string>(&exchange.answer->body);
      text && text->size() > kLargeAnswerBytes) {
    if (core_.answer_memory.over()) {
      refuse(exchange, {503, "too many large answers are being sent; try again later"});
    } else {
      share.hold(static_cast<int64_t>(text->size()));
    }
  }
  Outgoing out;
  out.response = *std::move(exchange.answer);
  out.head_only = exchange.request().method == "HEAD";
  out.is_http_1_0 = exchange.head.is_http_1_0;
  out.keep_alive = exchange.keep_alive && !core_.stopping;
  out.request_id = exchange.request().request_id;
  if (input_.empty()) input_.shrink_to_fit();  // a stream may last for days
  const bool sent = co_await send_answer(core_, *wire_, out, exchange.request());
  tell_finished(exchange, out.response.status, out.response.note);
  if (!sent) wire_->close();
  co_return sent&& out.keep_alive;
}

void Connection::tell_finished(const Exchange& exchange, int status, const std::string& note) {
  if (!core_.options.finished) return;
  const double seconds = std::chrono::duration<double>(Steady::now() - exchange.start).count();
  const Route* route = exchange.match.route;
  try {
    core_.options.finished(exchange.head.request, route ? route->pattern : std::string(), status, seconds,
                           note);
  } catch (const std::exception&) {  // a log that fails is no reason to drop a connection
  }
}

}  // namespace troupe::http
