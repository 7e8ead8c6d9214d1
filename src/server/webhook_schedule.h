// What follows from one attempt to deliver a webhook: done, once more later, or given up.
// Source: Standard Webhooks 1.0 (standardwebhooks.com), "deliverability and reliability".
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "core/library.h"

namespace troupe::server {

/// From the n-th failed attempt to the next one; the last failed attempt is final. 75 hours in all.
inline constexpr std::array<std::chrono::seconds, 9> kWebhookDelays = {
    std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
    std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
    std::chrono::hours(14),  std::chrono::hours(20),  std::chrono::hours(24)};
inline constexpr int kWebhookAttemptsMax = static_cast<int>(kWebhookDelays.size()) + 1;
/// A receiver can't ask to be left alone for longer.
inline constexpr std::chrono::seconds kRetryAfterMax = std::chrono::hours(24);

/// The header Retry-After: whole seconds, or a date as HTTP prints it ("Sun, 06 Nov 1994 08:49:37 GMT"), from
/// 0 (a date that has passed) to kRetryAfterMax (whatever is more). None if it is neither. Any bytes may be
/// given. Source: RFC 9110 sections 5.6.7 and 10.2.3; the two obsolete forms of dates are not read.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Time now);

/// One attempt, as it went.
struct WebhookAttempt {
  int number = 1;  ///< 1 … kWebhookAttemptsMax; larger ones count as the last
  int status = 0;  ///< of the reply; 0 = none came
  std::optional<std::chrono::seconds> retry_after;
};

struct WebhookVerdict {
  WebhookDelivery::State state = WebhookDelivery::State::pending;
  std::optional<Time> next_attempt;  ///< while pending
  bool disable_endpoint = false;     ///< the receiver is gone for good
  bool operator==(const WebhookVerdict&) const = default;
};

/// 2xx is success; 410 is the end, for the endpoint too; everything else (3xx as well: redirects are not
/// followed) is tried again after its delay of kWebhookDelays ±10 %, or after `retry_after` where that is
/// longer. `random` keeps what failed together from coming back together.
WebhookVerdict judge(const WebhookAttempt& attempt, Time now, Random& random);

}  // namespace troupe::server
