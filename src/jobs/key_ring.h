// API keys, stored by hash.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/account.h"

namespace troupe::jobs {

/// Errors and thread-safety as JobQueue; texts as jobs/text_rules.h (invalid_argument, over_limit).
class KeyRing {
 public:
  virtual ~KeyRing() = default;
  /// `secret_hash` is hex SHA-256 of the secret (128 random bits or more, so no slow hash is needed).
  /// Errors: conflict (id or secret is taken); invalid_argument (a hash that is none, a negative bound).
  virtual Result<void> add(const ApiKey& key, const std::string& secret_hash) = 0;
  virtual Result<std::optional<ApiKey>> find(const std::string& id) = 0;
  virtual Result<std::optional<ApiKey>> find_by_hash(const std::string& secret_hash) = 0;
  /// Oldest first, revoked ones too.
  virtual Result<std::vector<ApiKey>> list() = 0;
  /// A revoked key stays so, from the first time on. Errors: not_found.
  virtual Result<void> revoke(const std::string& id, Time now) = 0;
  /// Written at most once a minute for each key; an unknown one is passed over.
  virtual Result<void> mark_used(const std::string& id, Time now) = 0;
};

}  // namespace troupe::jobs
