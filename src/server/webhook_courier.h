// One attempt to deliver one webhook: sign, send, judge, write down.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "fetch/fetcher.h"
#include "jobs/job_store.h"

namespace troupe::server {

/// The type of a delivery that only tries an endpoint out.
inline constexpr std::string_view kWebhookTestType = "webhook.test";

/// Sends a POST without following redirects; every status is a result. Called from several threads at once.
using WebhookPost = std::function<Result<fetch::HttpReply>(const std::string& url,
                                                           const std::map<std::string, std::string>& headers,
                                                           ByteView body, const CancelToken& cancel)>;

/// Guarded as the fetcher is, given up after kWebhookPostMax. The fetcher outlives it.
WebhookPost post_through(fetch::Fetcher& fetcher);
inline constexpr std::chrono::seconds kWebhookPostMax{20};

struct WebhookIdentity {
  std::string server_secret;  ///< what account_webhook_secret() derives from; not empty
  std::string base_url;       ///< public URL of the server, for links to jobs
  uint64_t seed = 0;          ///< of the jitter
};

/// Thread-safety: safe, as its store and its post are.
class WebhookCourier {
 public:
  /// `store` and `clock` outlive it.
  WebhookCourier(jobs::JobStore& store, const Clock& clock, WebhookPost post, WebhookIdentity identity);

  /// Makes the next attempt of a pending delivery and stores how it went. What goes to an endpoint is signed
  /// with its secret, what goes to a job's own URL with the account's (account_webhook_secret()), or is its
  /// dialect's own message (vendor_callback()). An endpoint
  /// that is gone or disabled fails the delivery unsent (a test is sent all the same); a reply of 410
  /// disables the endpoint. A cancelled attempt doesn't count: the delivery is due again at once. Returns the
  /// delivery as it is stored. Blocks for kWebhookPostMax at most, and the store. Errors: the store's; then
  /// the delivery stands as it did and comes again.
  Result<WebhookDelivery> attempt(WebhookDelivery delivery, const CancelToken& cancel);

 private:
  Result<std::string> secret_for(const WebhookDelivery& delivery, std::string& refusal);
  /// What is sent, signed as of now.
  struct Message {
    std::string body;
    std::map<std::string, std::string> headers;
  };
  Result<Message> message_of(WebhookDelivery& delivery, const std::string& secret);
  Result<void> send(WebhookDelivery& delivery, const Message& message, const CancelToken& cancel);

  jobs::JobStore& store_;
  const Clock& clock_;
  WebhookPost post_;
  WebhookIdentity identity_;
};

}  // namespace troupe::server
