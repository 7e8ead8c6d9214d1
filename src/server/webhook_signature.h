// Signing of webhooks so that receivers can tell ours from forged and replayed ones.
// Source: Standard Webhooks 1.0 (standardwebhooks.com), symmetric signatures "v1".
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace troupe::server {

/// How far a message's timestamp may be from the receiver's clock.
inline constexpr std::chrono::seconds kWebhookTolerance = std::chrono::minutes(5);
inline constexpr size_t kWebhookSignatureHeaderBytesMax = 8192;
inline constexpr size_t kWebhookKeyBytesMin = 24, kWebhookKeyBytesMax = 64;

/// "whsec_" and base 64 of 24 random bytes. Thread-safe.
std::string new_webhook_secret();

/// The secret that signs what goes to the URLs that an account's jobs name themselves: HMAC-SHA256 of the
/// account under `server_secret`, so that it needs no storing and tells nothing of another account's.
/// A new server secret changes every account's. REQUIRES: `server_secret` is not empty.
std::string account_webhook_secret(std::string_view server_secret, std::string_view account);

/// The key bytes of a "whsec_…" secret. Errors: invalid_argument; the text never quotes the secret.
Result<Bytes> webhook_key(std::string_view secret);

/// The value of the header webhook-signature: for each key "v1," and base 64 of the HMAC-SHA256 of
/// "id.timestamp.body" (timestamp in whole seconds since 1970), separated by spaces. Several keys let a
/// receiver change its secret without missing a message.
std::string sign_webhook(std::span<const Bytes> keys, std::string_view id, Time timestamp,
                         std::string_view body);

/// Headers as they came, from anybody.
struct WebhookHeaders {
  std::string_view id, timestamp, signature;
};

/// The receiving side: ok if a signature of version v1 is that of one of the keys and the timestamp is at
/// most kWebhookTolerance from `now`. Signatures of other versions are passed over. Compares in time that
/// does not depend on where they differ.
/// Errors: invalid_argument with the header's name as field; over_limit (a signature header that is too
/// long).
Result<void> verify_webhook(std::span<const Bytes> keys, const WebhookHeaders& headers, std::string_view body,
                            Time now);

}  // namespace troupe::server
