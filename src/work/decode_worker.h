// The process that SandboxedDecoder starts.
#pragma once

#include <string>
#include <vector>

namespace troupe::work {

/// As the first argument: this is no command of a user's but a decode worker.
inline constexpr const char* kDecodeWorkerFlag = "--decode-worker";

/// Does what `arguments` (those after the flag) say with the descriptors that SandboxedDecoder gave, locked
/// up before the first byte of the file is looked at. REQUIRES to be called before the program has started a
/// thread. Ends the process.
[[noreturn]] void run_decode_worker(const std::vector<std::string>& arguments);

}  // namespace troupe::work
