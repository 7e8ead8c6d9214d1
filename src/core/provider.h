// A provider as the operator sets it up and sees it. Its key goes in and never comes out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"

namespace troupe {

inline constexpr size_t kProviderKeyBytesMax = 4096;

struct ProviderSummary {
  std::string name;      ///< "venice", "my-vllm"
  std::string kind;      ///< whose API it speaks
  std::string base_url;  ///< the one that is used
  bool has_key = false;
  std::string key_hint;  ///< the key's last characters; "" = none, or too short to tell any
  Time created, updated;
  bool operator==(const ProviderSummary&) const = default;
};

/// What is to be set; what is not given stays as it was, or is the usual for a new one.
struct ProviderChange {
  std::optional<std::string> kind;      ///< "" = the one of the provider's name
  std::optional<std::string> base_url;  ///< "" = the usual one of the kind
  std::optional<std::string> key;       ///< "" = none any more
};

}  // namespace troupe
