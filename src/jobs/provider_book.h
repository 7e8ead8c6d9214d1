// The providers that an operator set up, each with its key, which is sealed before it comes here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace troupe::jobs {

inline constexpr int kProvidersMax = 64;
inline constexpr size_t kProviderNameBytesMax = 64;

/// A provider as the operator set it up. The key is sealed: the store never sees it.
struct ProviderEntry {
  std::string name;        ///< "venice", "my-vllm": 1 … 64 of [a-z0-9_-], unique
  std::string kind;        ///< whose API it speaks; opaque here, not empty
  std::string base_url;    ///< "" = the usual one of the kind
  std::string sealed_key;  ///< opaque text; "" = none
  std::string key_hint;    ///< the last characters of the key, for people
  Time created, updated;
  bool operator==(const ProviderEntry&) const = default;
};

/// Whether `name` may name a provider: 1 … kProviderNameBytesMax of [a-z0-9_-].
bool is_provider_name(std::string_view name);

/// Errors and thread-safety as JobQueue; texts as jobs/text_rules.h (invalid_argument, over_limit).
class ProviderBook {
 public:
  virtual ~ProviderBook() = default;
  /// Adds the entry or replaces the one of its name, whose `created` stays. True: it was added. Errors:
  /// over_limit (kProvidersMax, whether it is full or a text is too long); invalid_argument (a name that is
  /// none, no kind, a text).
  virtual Result<bool> put(const ProviderEntry& entry) = 0;
  virtual Result<std::optional<ProviderEntry>> find(const std::string& name) = 0;
  /// By name, byte by byte.
  virtual Result<std::vector<ProviderEntry>> list() = 0;
  /// Errors: not_found.
  virtual Result<void> remove(const std::string& name) = 0;
};

}  // namespace troupe::jobs
