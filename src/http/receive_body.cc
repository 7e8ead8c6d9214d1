#include "http/receive_body.h"

#include <algorithm>
#include <memory>

#include "http/body_decoder.h"
#include "http/body_store.h"

namespace troupe::http {

namespace asio = boost::asio;

namespace {

constexpr size_t kReadBytes = 64 << 10;

// A sender must bring its share in every window of time.
class RateWatch {
 public:
  explicit RateWatch(const ServerLimits& limits) : limits_(limits), window_(limits.body_rate_time) {
    expect(0);
    restart();
  }
  /// A body of so many bytes may not take longer than body_time_max.
  void expect(uint64_t size_bytes) {
    const auto patience = std::max<int64_t>(limits_.body_time_max.count(), 1);
    const auto in_time = static_cast<int64_t>(size_bytes) / patience * 1000;
    bytes_min_ = std::max(limits_.body_bytes_per_second_min, in_time) * window_.count() / 1000;
  }
  void restart() {
    until_ = Steady::now() + window_;
    bytes_ = 0;
  }
  Steady::time_point until() const { return until_; }
  /// False: too slow.
  bool add(size_t count) {
    bytes_ += static_cast<int64_t>(count);
    if (Steady::now() < until_) return true;
    if (bytes_ < std::max<int64_t>(bytes_min_, 1)) return false;
    restart();
    return true;
  }

 private:
  const ServerLimits& limits_;
  std::chrono::milliseconds window_;
  int64_t bytes_min_ = 0;
  int64_t bytes_ = 0;
  Steady::time_point until_;
};

Refusal too_long(uint64_t size_bytes_max) {
  return {413, "the body is longer than the " + std::to_string(size_bytes_max) + " bytes taken here"};
}

class BodyReceiver {
 public:
  BodyReceiver(ServerCore& core, Wire& wire, std::string& input, const RequestHead& head)
      : core_(core),
        wire_(wire),
        input_(input),
        decoder_(head),
        store_(core.options.limits.body_in_memory_max, core.options.temporary_folder),
        rate_(core.options.limits) {}

  asio::awaitable<void> run(const RequestHead& head, uint64_t size_bytes_max) {
    if (head.content_length > size_bytes_max) co_return refuse(too_long(size_bytes_max));
    size_bytes_most_ = head.chunked ? size_bytes_max : head.content_length;
    if (!head.chunked) rate_.expect(size_bytes_most_);
    if (head.expects_continue && input_.empty()) {
      const bool sent = co_await wire_.write({"HTTP/1.1 100 Continue\r\n\r\n", "", ""}, limits().write_time);
      if (!sent) co_return leave();
    }
    const size_t block_bytes =
        head.chunked ? kReadBytes : std::min<uint64_t>(head.content_length, kReadBytes);
    while (!ended()) {
      block_.resize(block_bytes);
      const BodyDecoder::Step step = decoder_.read(input_, block_);
      input_.erase(0, step.consumed);
      if (step.refusal) co_return refuse(*step.refusal);
      if (store_.size_bytes() + step.produced > size_bytes_max) co_return refuse(too_long(size_bytes_max));
      store_.add(std::string_view(block_).substr(0, step.produced));
      share_->hold(static_cast<int64_t>(store_.memory_bytes()));
      if (store_.full() || (core_.body_memory.over() && !store_.in_file())) co_await flush();
      if (step.done) break;
      if (input_.empty()) co_await read();
    }
    if (!ended()) co_await take();
  }

  ReceivedBody result;

 private:
  const ServerLimits& limits() const { return core_.options.limits; }
  bool ended() const { return result.refusal || result.peer_gone; }
  void refuse(Refusal refusal) { result.refusal = std::move(refusal); }
  void leave() { result.peer_gone = true; }

  // Whoever waits holds no buffer but what came.
  asio::awaitable<void> read() {
    block_ = std::string();
    input_.shrink_to_fit();
    const Wire::Outcome ready = co_await wire_.wait_readable(rate_.until());
    if (ready == Wire::Outcome::interrupted) co_return;
    if (ready == Wire::Outcome::timed_out) co_return count(0);
    const size_t before = input_.size();
    input_.resize(before + kReadBytes);
    const std::span<char> room(input_.data() + before, kReadBytes);
    const Wire::Received received = co_await wire_.read(room, rate_.until());
    const bool came = received.outcome == Wire::Outcome::ok;
    input_.resize(before + (came ? received.count : 0));
    if (!came && received.outcome != Wire::Outcome::timed_out) co_return leave();
    count(came ? received.count : 0);
  }

  void count(size_t bytes) {
    if (!rate_.add(bytes)) refuse({408, "the body comes too slowly; send it again over a better line"});
  }

  // The first time, waits until few enough other bodies are in files.
  asio::awaitable<void> flush() {
    if (!ticket_) {
      const auto wake = [wire = wire_.shared_from_this()] { wire->post_interrupt(); };
      ticket_ = std::make_unique<BodySlots::Ticket>(core_.body_slots, wake);
    }
    const auto until = Steady::now() + limits().body_wait_time;
    while (!ticket_->has_slot()) {
      if (wire_.is_gone()) co_return leave();
      if (Steady::now() >= until) co_return refuse({503, "too many large bodies come in; try again later"});
      co_await wire_.sleep(until);
    }
    co_await on_disk([this]() -> Result<void> { return store_.flush(); });
    share_->hold(0);
    rate_.expect(size_bytes_most_);  // now that it takes one of the few places
    rate_.restart();                 // what was waited for here is not the sender's fault
  }

  asio::awaitable<void> take() {
    const auto take = [this]() -> Result<void> {
      TROUPE_TRY(result.body, store_.take(std::move(share_)));
      return {};
    };
    if (store_.in_file()) {
      co_await on_disk(take);
    } else if (!take()) {
      leave();
    }
  }

  asio::awaitable<void> on_disk(std::function<Result<void>()> work) {
    Result<void> outcome;
    const std::function<void()> job = [&] { outcome = work(); };
    const bool ran = co_await run_blocking(core_.disk, BlockingPool::Admission::always, wire_, job);
    if (!ran || !outcome) refuse({503, "there is no room for the body now; try again later"});
  }

  ServerCore& core_;
  Wire& wire_;
  std::string& input_;
  BodyDecoder decoder_;
  BodyStore store_;
  std::shared_ptr<BodyMemory::Share> share_ = std::make_shared<BodyMemory::Share>(core_.body_memory);
  RateWatch rate_;
  std::unique_ptr<BodySlots::Ticket> ticket_;
  uint64_t size_bytes_most_ = 0;  // that may come
  std::string block_;             // decoded, before it is stored
};

}  // namespace

asio::awaitable<ReceivedBody> receive_body(ServerCore& core, Wire& wire, std::string& input,
                                           const RequestHead& head, uint64_t size_bytes_max) {
  BodyReceiver receiver(core, wire, input, head);
  co_await receiver.run(head, size_bytes_max);
  co_return std::move(receiver.result);
}

}  // namespace troupe::http
