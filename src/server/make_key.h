// New API keys.
#pragma once

#include <string>

#include "base/clock.h"
#include "jobs/key_ring.h"

namespace troupe::server {

struct NewKey {
  ApiKey key;
  std::string secret;  ///< "trp_sk_…": told once
};

/// Stores `key` (its name, scopes, budgets, limits) with a new id and secret. Errors: invalid_argument (a
/// scope that there is not); the store's.
Result<NewKey> make_key(jobs::KeyRing& keys, ApiKey key, Time now);

}  // namespace troupe::server
