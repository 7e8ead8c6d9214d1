// What a decode worker gives up before it looks at a stranger's bytes.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace troupe::work {

struct JailLimits {
  uint64_t memory_bytes_max = 0;  ///< on top of what the program has mapped by now
  int64_t cpu_seconds_max = 0;
};

/// What of it this machine, or this build, could not do is false. All the rest holds always: no descriptor
/// can be opened, so no file and no socket (but in builds with a sanitizer, which needs some), no core is
/// dumped, no privilege can be gained, processor time is bounded, and the process dies with its parent.
struct JailReport {
  bool system_calls = false;  ///< all but a handful of system calls kill the process
  bool network = false;       ///< the process has a network of its own, with nothing in it
  bool memory = false;        ///< memory is bounded
  bool operator==(const JailReport&) const = default;
};

/// Locks this process up, for good. Afterwards it may compute, take and give back memory, write into
/// `answer_descriptor` and end. REQUIRES that it has one thread. Errors: internal.
Result<JailReport> enter_jail(const JailLimits& limits, int answer_descriptor);

}  // namespace troupe::work
