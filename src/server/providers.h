// The providers that the operator set up: their keys sealed in the store, and opened for a call.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "core/provider.h"
#include "engine/upstream/access.h"
#include "jobs/provider_book.h"

namespace troupe::server {

/// Thread-safety: safe. Calls block on the store; errors as well: the store's. No message ever holds a key.
class Providers {
 public:
  /// Both outlive it. `server_secret`: DataFolder::secret.
  Providers(jobs::ProviderBook& book, std::string server_secret, const Clock& clock);

  /// How a provider is reached, with its key. Errors: not_found: none of that name is set up; unavailable:
  /// its key can't be opened, since the folder's secret is another one than when it was set.
  Result<upstream::Access> access(const std::string& name) const;

  /// Whether one of that name is set up. From memory: what another program changed is known kFresh later, and
  /// while the store can't be read the last answer stands.
  bool has(const std::string& name) const;
  /// Every one that is set up, name → kind; as has().
  std::map<std::string, std::string> kinds() const;

  /// By name.
  Result<std::vector<ProviderSummary>> list() const;
  /// Errors: not_found.
  Result<ProviderSummary> find(const std::string& name) const;

  struct Set {
    ProviderSummary provider;
    bool added = false;
  };
  /// Adds or changes the provider `name`. A stored key stays only while it goes to the same scheme, host and
  /// port: one that could be sent elsewhere could be read there. Errors, with the field: invalid_argument:
  /// the name; a kind that is none of upstream::provider_names(); a base URL that is not http or https, or
  /// has a user name, a query or a fragment; a key that is not 1 … kProviderKeyBytesMax printable ASCII
  /// characters without spaces; no key where the usual base URL is used; a stored key that would go
  /// elsewhere. over_limit: too many providers.
  Result<Set> set(const std::string& name, const ProviderChange& change);

  /// Errors: not_found.
  Result<void> remove(const std::string& name);

  static constexpr std::chrono::seconds kFresh{5};

 private:
  Result<jobs::ProviderEntry> entry_of(const std::string& name) const;
  Result<std::string> key_of(const jobs::ProviderEntry& entry) const;
  void forget() const;

  jobs::ProviderBook& book_;
  const std::string server_secret_;
  const Clock& clock_;
  std::mutex setting_;  // one change at a time: each reads what it changes

  mutable std::mutex mutex_;                          // guards the rest
  mutable std::map<std::string, std::string> kinds_;  // by name
  mutable std::optional<Time> looked_up_;             // none = since the last change here
  mutable int64_t changes_ = 0;                       // made here
};

}  // namespace troupe::server
