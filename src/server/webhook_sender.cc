#include "server/webhook_sender.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/ids.h"

namespace troupe::server {
namespace {

/// After the store failed: long enough not to pester it.
constexpr std::chrono::seconds kAfterStoreError{5};

}  // namespace

struct WebhookSender::State {
  State(jobs::JobStore& of, const Clock& at, WebhookPost post, WebhookIdentity identity,
        const WebhookSenderOptions& with)
      : store(of), clock(at), courier(of, at, std::move(post), std::move(identity)), options(with) {}

  void dispatch();
  void deliver();
  void hand_over(WebhookDelivery delivery);
  void attempt(const WebhookDelivery& delivery);
  Result<WebhookDelivery> add(WebhookDelivery delivery);
  void count(const WebhookDelivery& before, const Result<WebhookDelivery>& after);
  std::optional<std::chrono::milliseconds> sleep_for(const jobs::BusyReceivers& busy);
  jobs::BusyReceivers busy() const;
  void sleep(std::unique_lock<std::mutex>& lock, uint64_t seen, std::chrono::milliseconds at_most);

  jobs::JobStore& store;
  const Clock& clock;
  WebhookCourier courier;
  const WebhookSenderOptions options;
  CancelSource cancel;
  std::vector<std::thread> threads;

  mutable std::mutex mutex;  // of all below
  std::condition_variable changed, handed_over;
  bool stopping = false, dispatched_all = false;
  uint64_t wakes = 0;  // how often something may have come due or become free
  std::deque<WebhookDelivery> waiting;
  std::multimap<std::string, std::string> in_flight;  // URL → account, of those waiting too
  WebhookCounts counts;
};

jobs::BusyReceivers WebhookSender::State::busy() const {
  jobs::BusyReceivers receivers;
  std::map<std::string, int> accounts;
  for (const auto& [url, account] : in_flight) {
    receivers.urls.push_back(url);
    if (++accounts[account] == options.parallel_per_account) receivers.accounts.push_back(account);
  }
  return receivers;
}

void WebhookSender::State::sleep(std::unique_lock<std::mutex>& lock, uint64_t seen,
                                 std::chrono::milliseconds at_most) {
  changed.wait_for(lock, at_most, [&] { return stopping || wakes != seen; });
}

/// How long nothing will be due; none if the store failed.
std::optional<std::chrono::milliseconds> WebhookSender::State::sleep_for(
    const jobs::BusyReceivers& receivers) {
  const auto next = store.webhooks().next_due(receivers);
  if (!next) return std::nullopt;
  const std::chrono::milliseconds most = kWebhookLookAgain;
  return *next
             ? std::clamp<std::chrono::milliseconds>(**next - clock.now(), std::chrono::milliseconds(1), most)
             : most;
}

void WebhookSender::State::hand_over(WebhookDelivery delivery) {
  in_flight.emplace(delivery.url, delivery.account);
  waiting.push_back(std::move(delivery));
  handed_over.notify_one();
}

/// The one thread that looks for what is due.
void WebhookSender::State::dispatch() {
  std::unique_lock lock(mutex);
  while (!stopping) {
    // Read before the store is: what comes in between is noticed.
    const uint64_t seen = wakes;
    if (in_flight.size() >= static_cast<size_t>(options.parallel)) {
      sleep(lock, seen, kWebhookLookAgain);
      continue;
    }
    const jobs::BusyReceivers receivers = busy();
    lock.unlock();
    const Time now = clock.now();
    auto claimed = store.webhooks().claim(now, now + kWebhookClaim, receivers);
    const bool idle = claimed && !*claimed;
    const auto pause = idle ? sleep_for(receivers) : std::optional<std::chrono::milliseconds>();
    lock.lock();
    if (claimed && *claimed) {
      hand_over(std::move(**claimed));
    } else if (pause) {
      sleep(lock, seen, *pause);
    } else {
      ++counts.store_errors;
      sleep(lock, seen, kAfterStoreError);
    }
  }
  dispatched_all = true;
  handed_over.notify_all();
}

/// What each of the other threads does.
void WebhookSender::State::deliver() {
  std::unique_lock lock(mutex);
  while (true) {
    handed_over.wait(lock, [&] { return dispatched_all || !waiting.empty(); });
    // What was claimed before stop() is put back by an attempt that is cancelled from the start.
    if (waiting.empty()) return;
    const WebhookDelivery delivery = std::move(waiting.front());
    waiting.pop_front();
    lock.unlock();
    attempt(delivery);
    lock.lock();
    const auto [first, last] = in_flight.equal_range(delivery.url);
    in_flight.erase(
        std::find_if(first, last, [&](const auto& one) { return one.second == delivery.account; }));
    ++wakes;
    changed.notify_one();
  }
}

void WebhookSender::State::attempt(const WebhookDelivery& delivery) {
  Result<WebhookDelivery> result = make_error(ErrorCode::internal, "not attempted");
  try {
    result = courier.attempt(delivery, cancel.token());
  } catch (const std::exception& failure) {  // a thread's main: the delivery comes again when its claim ends
    result = make_error(ErrorCode::internal, failure.what());
  }
  const std::lock_guard lock(mutex);
  count(delivery, result);
}

void WebhookSender::State::count(const WebhookDelivery& before, const Result<WebhookDelivery>& after) {
  if (!after) {
    ++counts.store_errors;
  } else if (after->state == WebhookDelivery::State::delivered) {
    ++counts.delivered;
  } else if (after->state == WebhookDelivery::State::failed) {
    ++counts.given_up;
  } else if (after->attempts > before.attempts) {
    ++counts.failed_attempts;
  }
}

WebhookSender::WebhookSender(jobs::JobStore& store, const Clock& clock, WebhookPost post,
                             WebhookIdentity identity, const WebhookSenderOptions& options)
    : state_(std::make_unique<State>(store, clock, std::move(post), std::move(identity), options)) {}

void WebhookSender::start() {
  State* state = state_.get();
  state->threads.emplace_back([state] { state->dispatch(); });
  for (int i = 0; i < state->options.parallel; ++i)
    state->threads.emplace_back([state] { state->deliver(); });
}

WebhookSender::~WebhookSender() { stop(); }

void WebhookSender::wake() {
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->wakes;
  }
  state_->changed.notify_one();
}

Result<WebhookDelivery> WebhookSender::State::add(WebhookDelivery delivery) {
  delivery.created = clock.now();
  delivery.next_attempt = delivery.created;
  delivery.id = new_id("msg", delivery.created);
  TROUPE_CHECK_OK(store.webhooks().add_delivery(delivery));
  return delivery;
}

Result<WebhookDelivery> WebhookSender::send_test(const WebhookEndpoint& endpoint) {
  WebhookDelivery test;
  test.account = endpoint.account;
  test.endpoint = endpoint.id;
  test.url = endpoint.url;
  test.type = kWebhookTestType;
  TROUPE_TRY(WebhookDelivery delivery, state_->add(std::move(test)));
  wake();
  return delivery;
}

Result<WebhookDelivery> WebhookSender::send_again(const WebhookDelivery& old) {
  WebhookDelivery again;
  again.account = old.account;
  again.endpoint = old.endpoint;
  again.url = old.url;
  again.event = old.event;
  again.type = old.type;
  again.job = old.job;
  TROUPE_TRY(WebhookDelivery delivery, state_->add(std::move(again)));
  wake();
  return delivery;
}

void WebhookSender::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->cancel.cancel();
  state_->changed.notify_all();
  for (std::thread& thread : state_->threads) {
    if (thread.joinable()) thread.join();
  }
}

WebhookCounts WebhookSender::counts() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counts;
}

}  // namespace troupe::server
