// Running another program on some text and keeping what it prints.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"

namespace troupe::stage {

struct ChildLimits {
  std::chrono::milliseconds time{10000};  ///< from the start to the exit
  size_t output_bytes_max = 1 << 20;      ///< at this size reading stops and the program is killed
};

struct ChildOutput {
  std::vector<uint8_t> bytes;  ///< what it wrote to its standard output, at most output_bytes_max
  int exit_code = 0;           ///< -1 if a signal ended it
  bool cut = false;            ///< it wanted to write more than output_bytes_max; exit_code means nothing
};

/// Starts argv[0], looked for along PATH, with argv as it is (no shell reads it), `input` as its standard
/// input and its standard error thrown away. Blocks until it exits; it never outlives the call, nor do
/// processes that it started in its group. Errors: unavailable (cannot be started), timeout, cancelled
/// (looked at every 20 ms), io. Thread-safety: safe. REQUIRES argv not empty.
Result<ChildOutput> run_child(const std::vector<std::string>& argv, std::string_view input,
                              const ChildLimits& limits, const CancelToken& cancel);

}  // namespace troupe::stage
