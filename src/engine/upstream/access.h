// How a provider is reached. Values only.
#pragma once

#include <string>

namespace troupe::upstream {

/// A provider as the operator set it up.
struct Access {
  std::string kind;      ///< whose API it speaks: one of provider_names()
  std::string base_url;  ///< without a slash at its end; "" = the usual one of that kind
  std::string key;       ///< "" = none is sent (a server in one's own house)
};

}  // namespace troupe::upstream
