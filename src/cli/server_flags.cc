#include "cli/server_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

namespace troupe::cli {

void add_server_flags(CLI::App& command, ServerFlags& flags, std::initializer_list<std::string_view> names) {
  command.add_option("--config", flags.config_file, "TOML file of settings (also TROUPE_CONFIG)")
      ->type_name("FILE");
  for (const server::Setting& setting : server::known_settings()) {
    if (names.size() > 0 && std::find(names.begin(), names.end(), setting.name) == names.end()) continue;
    std::string help = setting.help;
    if (!setting.value.empty()) help += " (default " + setting.value + ")";
    const auto store = [&flags, name = setting.name](const std::string& value) {
      flags.values[name] = value;
    };
    command.add_option_function<std::string>("--" + setting.name, store, help)->type_name("VALUE");
  }
}

Result<server::Config> config_of(const ServerFlags& flags) {
  std::optional<std::filesystem::path> file;
  if (!flags.config_file.empty()) file = flags.config_file;
  return server::load_config(flags.values, server::process_environment(), file);
}

}  // namespace troupe::cli
