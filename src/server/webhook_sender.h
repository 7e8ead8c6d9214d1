// Sends webhooks as they come due: the threads around WebhookCourier.
#pragma once

#include <cstdint>
#include <memory>

#include "server/webhook_courier.h"
#include "server/webhook_outbox.h"

namespace troupe::server {

struct WebhookSenderOptions {
  int parallel = 8;              ///< attempts at once, 1 …
  int parallel_per_account = 4;  ///< of those, for one account; one URL gets one at a time
};

/// Delivers at least once: after a crash in the middle of an attempt the message comes again, with the same
/// webhook-id, kWebhookClaim later. Several senders, in several processes, may share a store. Threads sleep
/// while nothing is due.
/// Thread-safety: safe but for start() and stop(), which one thread calls.
class WebhookSender final : public WebhookOutbox {
 public:
  /// `store` and `clock` outlive it.
  WebhookSender(jobs::JobStore& store, const Clock& clock, WebhookPost post, WebhookIdentity identity,
                const WebhookSenderOptions& options = {});
  ~WebhookSender() override;  ///< stop()
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

  /// Starts the threads, once. What wake(), send_test() or send_again() came with before is not lost.
  void start();

  /// Something may be due: events were committed. Returns at once and doesn't touch the store, so that an
  /// event log's listener may call it.
  void wake();

  Result<WebhookDelivery> send_test(const WebhookEndpoint& endpoint) override;
  Result<WebhookDelivery> send_again(const WebhookDelivery& old) override;

  /// Cancels the attempts under way (they are due again at once, for the next sender) and waits for them.
  /// Without start(), and when called again, it does nothing.
  void stop();

  WebhookCounts counts() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How long a claimed delivery is left to its sender.
inline constexpr std::chrono::seconds kWebhookClaim{60};
static_assert(kWebhookClaim > 2 * kWebhookPostMax);

/// How long a sender sleeps at most: deliveries that other processes wrote, and clocks that were set, are
/// noticed then.
inline constexpr std::chrono::seconds kWebhookLookAgain{30};

}  // namespace troupe::server
