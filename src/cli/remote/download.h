// One file of a finished job, fetched whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "cli/remote/session.h"
#include "cli/terminal.h"

namespace troupe::cli::remote {

/// Connections in a row that bring nothing, after which a download is given up.
inline constexpr int kFruitlessMax = 5;

struct Wanted {
  std::string job;
  std::string part = "video";  ///< or "thumbnail", "last-frame", "spritesheet"
  int take = 0;                ///< from 0
  std::filesystem::path output;
};

/// Whether `output` can be written: to be asked before anything is spent on it. Errors: io.
Result<void> check_output(const std::filesystem::path& output);

/// Writes a hidden file beside `output`, which takes its name when it is whole; what was there is replaced.
/// A connection that breaks off is made again for the rest. Blocks. The answer is empty, or a problem.
/// Errors: as Session::ask(); io, unavailable (given up).
Result<Answer> download(Session& session, const Wanted& wanted, ProgressBar& bar);

}  // namespace troupe::cli::remote
