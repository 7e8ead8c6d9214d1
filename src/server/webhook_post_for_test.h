// A receiver of webhooks that answers as a test wants, and a store with one job's end to tell.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "jobs/store_for_test.h"
#include "server/webhook_courier.h"
#include "server/webhook_signature.h"

namespace troupe::server {

struct SentWebhook {
  std::string url, body;
  std::map<std::string, std::string> headers;
};

/// Thread-safety: safe.
class FakeReceiver {
 public:
  using Answer = std::function<Result<fetch::HttpReply>(const SentWebhook&, const CancelToken&)>;

  explicit FakeReceiver(Answer answer) : answer_(std::move(answer)) {}
  explicit FakeReceiver(int status)
      : answer_([status](const SentWebhook&, const CancelToken&) { return with_status(status); }) {}

  static Result<fetch::HttpReply> with_status(int status, std::map<std::string, std::string> headers = {}) {
    fetch::HttpReply reply;
    reply.status = status;
    reply.headers = std::move(headers);
    return reply;
  }

  WebhookPost post() {
    return [this](const std::string& url, const std::map<std::string, std::string>& headers, ByteView body,
                  const CancelToken& cancel) {
      const SentWebhook sent{url, std::string(body.begin(), body.end()), headers};
      {
        const std::lock_guard lock(mutex_);
        sent_.push_back(sent);
      }
      arrived_.notify_all();
      return answer_(sent, cancel);
    };
  }

  /// Blocks until so many have arrived.
  std::vector<SentWebhook> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return sent_.size() >= count; });
    return sent_;
  }
  std::vector<SentWebhook> sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
  }

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<SentWebhook> sent_;
};

inline const WebhookIdentity kTestIdentity{"server secret", "https://troupe.example", 1};

/// As a receiver checks it.
inline Result<void> verify_sent(const SentWebhook& sent, const std::string& secret, Time now) {
  TROUPE_TRY(const Bytes key, webhook_key(secret));
  return verify_webhook({&key, 1},
                        {sent.headers.at("webhook-id"), sent.headers.at("webhook-timestamp"),
                         sent.headers.at("webhook-signature")},
                        sent.body, now);
}

}  // namespace troupe::server
