// Where the weights of the neural engine are kept.
#pragma once

#include <filesystem>
#include <string>

#include "server/config.h"

namespace troupe::cli {

/// `flag` (--weights) if it is not empty, else TROUPE_WEIGHTS, else DATA/weights.
std::filesystem::path weights_folder(const std::string& flag, const server::Config& config,
                                     const server::Environment& environment = server::process_environment());

}  // namespace troupe::cli
