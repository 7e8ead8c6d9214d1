// Who asks: API keys, their scopes, and how often they may.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "core/account.h"
#include "http/message.h"
#include "jobs/key_ring.h"

namespace troupe::server {

/// What a route asks for. `open` routes need no key.
inline constexpr std::string_view kScopeOpen = "open";
/// Of an address that is good by itself, for whoever was given it.
inline constexpr std::string_view kScopeSigned = "signed";
/// Every scope that a key may have; "admin" includes all, over everybody's things.
const std::vector<std::string_view>& all_scopes();
inline constexpr std::string_view kScopeAdmin = "admin";

bool has_scope(const ApiKey& key, std::string_view scope);

/// A new key: "trp_sk_" and 43 characters (256 random bits); told once, stored as its hash.
std::string new_secret();
std::string hash_secret(std::string_view secret);

/// The secret a request carries: "Authorization: Bearer …" (or "Token …", "Key …", "Key id:…", or the secret
/// alone, as vendors' programs send theirs) or "X-Api-Key"; "" if none.
std::string_view secret_of(const http::Headers& headers);

/// What a key may still ask for.
struct Allowance {
  int limit = 0;  ///< requests a minute; 0 = no bound
  int remaining = 0;
  std::chrono::seconds reset{0};  ///< until all of it is there again
};

/// Thread-safety: safe.
class Authenticator {
 public:
  Authenticator(jobs::KeyRing& keys, const Clock& clock) : keys_(keys), clock_(clock) {}

  /// The key of a secret: known, not revoked, not expired. Looked up again kFresh after it was last; a key
  /// revoked elsewhere is refused by then. Errors: not_found (no such key, for whatever reason); the store's.
  Result<ApiKey> identify(std::string_view secret);

  /// Seconds until the key may ask again; 0 = it may now, and this request is counted.
  std::chrono::seconds admit(const ApiKey& key);

  Allowance allowance(const ApiKey& key);

  /// Forgets what was looked up: keys were changed.
  void forget();

 private:
  static constexpr std::chrono::milliseconds kFresh{2000};
  static constexpr size_t kKnownMax = 10000;  // keys remembered; past it all are forgotten

  struct Known {
    ApiKey key;
    Time looked_up;
  };
  struct Bucket {
    double tokens = 0;
    Time filled;
  };
  jobs::KeyRing& keys_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;     // by hash
  std::map<std::string, Bucket> buckets_;  // by key id
};

}  // namespace troupe::server
