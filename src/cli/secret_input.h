// Secrets as people and programs hand them over: never as an argument, which other users of the machine can
// see.
#pragma once

#include <cstddef>
#include <string>

#include "base/cancel.h"
#include "base/result.h"

namespace troupe::cli {

/// One line typed at `terminal` (a descriptor of one), which shows `prompt` but not what is typed; without
/// its end. Blocks; `cancel` is looked at several times a second, and the terminal shows again what is typed
/// whatever happens. Errors: cancelled; over_limit; io (no terminal).
Result<std::string> read_hidden_line(int terminal, const std::string& prompt, size_t size_bytes_max,
                                     const CancelToken& cancel);

/// All of `file` (a descriptor) up to its end, without white space around it. Blocks. Errors: over_limit; io.
Result<std::string> read_secret(int file, size_t size_bytes_max);

}  // namespace troupe::cli
