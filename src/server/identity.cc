#include "server/identity.h"

#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "base/ids.h"
#include "core/short_text.h"

namespace troupe::server {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kSecretLengthMax = 256;

bool valid(const ApiKey& key, Time now) {
  return !(key.revoked && *key.revoked <= now) && !(key.expires && *key.expires <= now);
}

Error no_such_key() {
  return make_error(ErrorCode::not_found, "the API key is not known here, or not valid any more");
}

}  // namespace

const std::vector<std::string_view>& all_scopes() {
  static const std::vector<std::string_view> scopes = {"jobs:read",      "jobs:write",    "library:read",
                                                       "library:write",  "models:read",   "account:read",
                                                       "webhooks:write", "webhooks:read", kScopeAdmin};
  return scopes;
}

bool has_scope(const ApiKey& key, std::string_view scope) {
  return std::any_of(key.scopes.begin(), key.scopes.end(),
                     [&](const std::string& own) { return own == scope || own == kScopeAdmin; });
}

std::string new_secret() {
  std::string text = to_base64(random_bytes(kSecretBytes));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (!text.empty() && text.back() == '=') text.pop_back();
  return "trp_sk_" + text;
}

std::string hash_secret(std::string_view secret) { return sha256_hex(as_bytes(secret)); }

std::string_view secret_of(const http::Headers& headers) {
  const std::string_view given = trim(headers.get("Authorization"));
  if (given.empty()) return headers.get("X-Api-Key");
  const size_t space = given.find(' ');
  if (space == std::string_view::npos) return given;
  const std::string_view scheme = given.substr(0, space), secret = trim(given.substr(space));
  if (equal_ignoring_case(scheme, "Bearer") || equal_ignoring_case(scheme, "Token")) return secret;
  if (!equal_ignoring_case(scheme, "Key")) return headers.get("X-Api-Key");
  // "Key id:secret": of ours, which has no id, one may stand in front.
  const size_t colon = secret.rfind(':');
  return colon == std::string_view::npos ? secret : secret.substr(colon + 1);
}

Result<ApiKey> Authenticator::identify(std::string_view secret) {
  if (secret.empty() || secret.size() > kSecretLengthMax) return no_such_key();
  const std::string hash = hash_secret(secret);
  const Time now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    const auto it = known_.find(hash);
    // A clock that was set back makes everything look fresh for long: then it is looked up again.
    const bool fresh =
        it != known_.end() && now - it->second.looked_up < kFresh && now >= it->second.looked_up;
    if (fresh) return valid(it->second.key, now) ? Result<ApiKey>(it->second.key) : no_such_key();
  }
  TROUPE_TRY(const std::optional<ApiKey> key, keys_.find_by_hash(hash));
  if (!key || !valid(*key, now)) return no_such_key();
  // Only for people's information: a store that can't write it now must not keep anybody out.
  (void)keys_.mark_used(key->id, now).has_value();
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kKnownMax) known_.clear();
  known_[hash] = {*key, now};
  return *key;
}

std::chrono::seconds Authenticator::admit(const ApiKey& key) {
  if (key.requests_per_minute <= 0) return std::chrono::seconds(0);
  const double rate = key.requests_per_minute / 60.0, room = std::max(1.0, rate * 10);
  const Time now = clock_.now();
  const std::lock_guard lock(mutex_);
  auto [it, fresh] = buckets_.try_emplace(key.id, Bucket{room, now});
  Bucket& bucket = it->second;
  const double passed = std::max(0.0, std::chrono::duration<double>(now - bucket.filled).count());
  bucket.tokens = std::min(room, bucket.tokens + passed * rate);
  bucket.filled = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::chrono::seconds(0);
  }
  return std::chrono::seconds(static_cast<int64_t>(std::ceil((1 - bucket.tokens) / rate)));
}

Allowance Authenticator::allowance(const ApiKey& key) {
  Allowance allowance{key.requests_per_minute, 0, std::chrono::seconds(0)};
  if (key.requests_per_minute <= 0) return allowance;
  const double rate = key.requests_per_minute / 60.0, room = std::max(1.0, rate * 10);
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(key.id);
  const double tokens = found == buckets_.end() ? room : found->second.tokens;
  allowance.remaining = static_cast<int>(tokens);
  allowance.reset = std::chrono::seconds(static_cast<int64_t>(std::ceil((room - tokens) / rate)));
  return allowance;
}

void Authenticator::forget() {
  const std::lock_guard lock(mutex_);
  known_.clear();
}

}  // namespace troupe::server
