#include "server/webhook_courier.h"

#include <utility>

#include "base/random.h"
#include "server/deleted_job.h"
#include "server/vendor_callback.h"
#include "server/webhook_payload.h"
#include "server/webhook_schedule.h"
#include "server/webhook_signature.h"

namespace troupe::server {
namespace {

using State = WebhookDelivery::State;

constexpr size_t kErrorTextMax = 500;
constexpr int kEventsLookedAt = 1000;  // of one job: the last tells that it was deleted

/// What a stranger's reply or host made us say, fit to be stored and shown anywhere.
std::string printable(std::string text) {
  if (text.size() > kErrorTextMax) text.resize(kErrorTextMax);
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

void fail(WebhookDelivery& delivery, std::string why) {
  delivery.state = State::failed;
  delivery.next_attempt.reset();
  delivery.last_error = std::move(why);
}

/// How the attempt went, as `delivery` keeps it.
WebhookAttempt note(WebhookDelivery& delivery, const Result<fetch::HttpReply>& reply, Time now) {
  WebhookAttempt attempt{++delivery.attempts, 0, {}};
  delivery.last_status = 0;
  if (!reply) {
    delivery.last_error = printable(reply.error().message);
    return attempt;
  }
  attempt.status = delivery.last_status = reply->status;
  const auto header = reply->headers.find("retry-after");
  if (header != reply->headers.end()) attempt.retry_after = parse_retry_after(header->second, now);
  const bool done = reply->status >= 200 && reply->status < 300;
  delivery.last_error = done ? "" : "the receiver answered with HTTP status " + std::to_string(reply->status);
  return attempt;
}

}  // namespace

WebhookPost post_through(fetch::Fetcher& fetcher) {
  fetch::FetchLimits limits;
  limits.total = kWebhookPostMax;
  limits.size_bytes_max = 1 << 20;  // of a reply that nobody reads
  limits.redirects_max = 0;
  return [&fetcher, limits](const std::string& url, const std::map<std::string, std::string>& headers,
                            ByteView body, const CancelToken& cancel) {
    return fetcher.post(url, headers, body, limits, cancel);
  };
}

WebhookCourier::WebhookCourier(jobs::JobStore& store, const Clock& clock, WebhookPost post,
                               WebhookIdentity identity)
    : store_(store), clock_(clock), post_(std::move(post)), identity_(std::move(identity)) {}

Result<std::string> WebhookCourier::secret_for(const WebhookDelivery& delivery, std::string& refusal) {
  if (delivery.endpoint.empty()) return account_webhook_secret(identity_.server_secret, delivery.account);
  TROUPE_TRY(const auto endpoint, store_.webhooks().find_endpoint(delivery.account, delivery.endpoint));
  if (!endpoint) {
    refusal = "the endpoint was removed";
  } else if (!endpoint->enabled && delivery.type != kWebhookTestType) {
    refusal = "the endpoint is disabled";
  }
  return endpoint ? endpoint->secret : std::string();
}

Result<WebhookCourier::Message> WebhookCourier::message_of(WebhookDelivery& delivery,
                                                           const std::string& secret) {
  const Time now = clock_.now();
  std::optional<Job> job, deleted;
  JobEvent event{.id = delivery.event,
                 .time = delivery.created,
                 .account = delivery.account,
                 .job = delivery.job,
                 .type = delivery.type,
                 .data_json = ""};
  if (!delivery.job.empty()) {
    TROUPE_TRY(const auto events,
               store_.events().since(delivery.event - 1, {{}, delivery.job}, kEventsLookedAt));
    if (!events.empty() && events.front().id == delivery.event) event = events.front();
    TROUPE_TRY(job, store_.queue().find(delivery.job));
    if (!job && !events.empty()) deleted = deleted_job(events.back());
  }
  std::optional<VendorCallback> own;
  const std::optional<Job>& told = job ? job : deleted;
  if (told && delivery.endpoint.empty())
    own = vendor_callback(*told, identity_.server_secret, identity_.base_url, now);
  if (own && !own->standard) return Message{std::move(own->body), std::move(own->headers)};
  const auto key = webhook_key(secret);
  if (!key) {
    fail(delivery, "the endpoint's secret is none: remove the endpoint and add it again");
    return Message();
  }
  Message message{own ? own->body : webhook_payload(event, job ? &*job : nullptr, identity_.base_url), {}};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  message.headers = {{"webhook-id", delivery.id},
                     {"webhook-timestamp", std::to_string(seconds)},
                     {"webhook-signature", sign_webhook({&*key, 1}, delivery.id, now, message.body)}};
  return message;
}

Result<void> WebhookCourier::send(WebhookDelivery& delivery, const Message& message,
                                  const CancelToken& cancel) {
  std::map<std::string, std::string> headers = message.headers;
  headers["content-type"] = "application/json";
  const auto reply = cancel.cancelled()
                         ? Result<fetch::HttpReply>(make_error(ErrorCode::cancelled, "stopped"))
                         : post_(delivery.url, headers, as_bytes(message.body), cancel);
  const Time now = clock_.now();
  if (!reply && reply.error().code == ErrorCode::cancelled) {
    delivery.next_attempt = now;
    return {};
  }
  const WebhookAttempt attempt = note(delivery, reply, now);
  Random random(derive_seed(identity_.seed, delivery.id + std::to_string(attempt.number)));
  const WebhookVerdict verdict = judge(attempt, now, random);
  delivery.state = verdict.state;
  delivery.next_attempt = verdict.next_attempt;
  if (!verdict.disable_endpoint || delivery.endpoint.empty()) return {};
  delivery.last_error += ": the endpoint is disabled";
  const auto disabled = store_.webhooks().set_enabled(delivery.account, delivery.endpoint, false);
  // Whoever removed it meanwhile has done more than that.
  return !disabled && disabled.error().code != ErrorCode::not_found ? disabled : Result<void>();
}

Result<WebhookDelivery> WebhookCourier::attempt(WebhookDelivery delivery, const CancelToken& cancel) {
  std::string refusal;
  TROUPE_TRY(const std::string secret, secret_for(delivery, refusal));
  if (!refusal.empty()) {
    fail(delivery, refusal);
  } else {
    TROUPE_TRY(const Message message, message_of(delivery, secret));
    if (delivery.state == State::pending) {
      TROUPE_CHECK_OK(send(delivery, message, cancel));
    }
  }
  TROUPE_CHECK_OK(store_.webhooks().record(delivery));
  return delivery;
}

}  // namespace troupe::server
