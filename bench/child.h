// Measuring in a process of its own, so that one measurement's memory is not another's.
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"

namespace troupe::bench {

struct ChildReport {
  std::string text;        ///< what the function returned
  int64_t peak_bytes = 0;  ///< most memory resident at once, of the whole child
};

/// Runs `work` in a forked child and waits for it. REQUIRES that this process has one thread.
/// Errors: the work's own message; internal, if the child died.
Result<ChildReport> run_in_child(const std::function<Result<std::string>()>& work);

/// Seconds that this process's threads have spent on processors so far.
double processor_seconds();

}  // namespace troupe::bench
