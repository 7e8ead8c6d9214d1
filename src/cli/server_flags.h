// The server's settings as flags, shared by serve, keys and config.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "server/config.h"

namespace CLI {
class App;
}

namespace troupe::cli {

struct ServerFlags {
  std::map<std::string, std::string> values;  ///< by setting name; only what was given
  std::string config_file;
};

/// Registers --config and every setting; with `only_data` --config and --data alone. `flags` outlives
/// `command`.
void add_server_flags(CLI::App& command, ServerFlags& flags, bool only_data = false);
Result<server::Config> config_of(const ServerFlags& flags);

}  // namespace troupe::cli
