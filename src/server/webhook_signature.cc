#include "server/webhook_signature.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/ids.h"

namespace troupe::server {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::string_view kVersionPrefix = "v1,";
constexpr size_t kTimestampDigitsMax = 12;  // until the year 33658

std::string signature(const Bytes& key, std::string_view id, std::string_view timestamp,
                      std::string_view body) {
  std::string text;
  text.reserve(id.size() + timestamp.size() + body.size() + 2);
  text.append(id).append(1, '.').append(timestamp).append(1, '.').append(body);
  return to_base64(hmac_sha256(key, text));
}

Error refuse(std::string message, std::string field) {
  return make_error(ErrorCode::invalid_argument, std::move(message), std::move(field));
}

Result<void> check_timestamp(std::string_view text, Time now) {
  int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool digits_only = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits_only || text.size() > kTimestampDigitsMax || failure != std::errc{}) {
    return refuse("the timestamp must be whole seconds since 1970, digits only", "webhook-timestamp");
  }
  const auto distance = std::chrono::abs(now - Time(std::chrono::seconds(seconds)));
  if (distance > kWebhookTolerance) {
    return refuse(
        "the timestamp is more than 5 minutes from now: an old message sent again, or a wrong clock",
        "webhook-timestamp");
  }
  return {};
}

bool is_any_of(std::string_view given, const std::vector<std::string>& expected) {
  for (const std::string& one : expected) {
    if (equal_secrets(given, one)) return true;
  }
  return false;
}

}  // namespace

std::string new_webhook_secret() {
  return std::string(kSecretPrefix) + to_base64(random_bytes(kWebhookKeyBytesMin));
}

std::string account_webhook_secret(std::string_view server_secret, std::string_view account) {
  const std::string purpose = "webhook secret of account " + std::string(account);
  return std::string(kSecretPrefix) + to_base64(hmac_sha256(as_bytes(server_secret), purpose));
}

Result<Bytes> webhook_key(std::string_view secret) {
  if (!secret.starts_with(kSecretPrefix)) {
    return refuse("a webhook secret starts with \"whsec_\"", "secret");
  }
  auto key = from_base64(secret.substr(kSecretPrefix.size()));
  if (!key) return refuse("after \"whsec_\" a webhook secret is base 64", "secret");
  if (key->size() < kWebhookKeyBytesMin || key->size() > kWebhookKeyBytesMax) {
    return refuse(
        "a webhook secret is 24 to 64 bytes in base 64; this one has " + std::to_string(key->size()),
        "secret");
  }
  return key;
}

std::string sign_webhook(std::span<const Bytes> keys, std::string_view id, Time timestamp,
                         std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(timestamp).time_since_epoch().count();
  std::string header;
  for (const Bytes& key : keys) {
    if (!header.empty()) header += ' ';
    header.append(kVersionPrefix).append(signature(key, id, std::to_string(seconds), body));
  }
  return header;
}

Result<void> verify_webhook(std::span<const Bytes> keys, const WebhookHeaders& headers, std::string_view body,
                            Time now) {
  if (headers.id.empty()) return refuse("the message has no id", "webhook-id");
  // With a point in it "id.timestamp" could be cut in another place than the signer did.
  if (headers.id.find('.') != std::string_view::npos) return refuse("an id has no points", "webhook-id");
  TROUPE_CHECK_OK(check_timestamp(headers.timestamp, now));
  std::string_view rest = headers.signature;
  if (rest.size() > kWebhookSignatureHeaderBytesMax) {
    return make_error(ErrorCode::over_limit, "the signatures are longer than 8192 bytes",
                      "webhook-signature");
  }
  std::vector<std::string> expected;
  for (const Bytes& key : keys) expected.push_back(signature(key, headers.id, headers.timestamp, body));
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!one.starts_with(kVersionPrefix)) continue;
    if (is_any_of(one.substr(kVersionPrefix.size()), expected)) return {};
  }
  return refuse("no signature of version v1 fits the message and a known secret", "webhook-signature");
}

}  // namespace troupe::server
