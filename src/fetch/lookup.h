// Name look-ups that can be given up: the system's cannot be stopped, only left behind.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "fetch/address.h"

namespace troupe::fetch {

/// How long anybody waits for a name.
inline constexpr std::chrono::milliseconds kLookupWait{3000};
/// How many look-ups, left-behind ones included, may run at once.
inline constexpr int kLookupThreadsMax = 32;

/// Calls getaddrinfo() for addresses of both kinds. Blocks for as long as that takes.
/// Errors: not_found, unavailable.
Result<std::vector<Address>> look_up(const std::string& host);

/// Runs look-ups in threads of their own. One that is left behind ends by itself and its answer is dropped;
/// it keeps a copy of the resolver, not of this object. Thread-safety: safe.
class LookupThreads {
 public:
  explicit LookupThreads(int threads_max = kLookupThreadsMax);
  ~LookupThreads();

  /// Errors: those of `resolver`; timeout (at `deadline`); cancelled; unavailable (too many run already, or
  /// the resolver threw).
  Result<std::vector<Address>> run(const Resolver& resolver, const std::string& host,
                                   std::chrono::steady_clock::time_point deadline,
                                   const CancelToken& cancel = {});

 private:
  struct Running;
  std::shared_ptr<Running> running_;
};

}  // namespace troupe::fetch
