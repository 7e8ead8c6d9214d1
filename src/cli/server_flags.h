// The server's settings as flags, shared by serve, keys and config.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

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

/// Registers --config and the settings of these names; without names every one. `flags` outlives `command`.
void add_server_flags(CLI::App& command, ServerFlags& flags,
                      std::initializer_list<std::string_view> names = {});
Result<server::Config> config_of(const ServerFlags& flags);

}  // namespace troupe::cli
