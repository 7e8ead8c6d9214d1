#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/server_flags.h"

namespace troupe::cli {
namespace {

struct ConfigFlags {
  ServerFlags server;
  bool origin = false, json = false;
};

constexpr const char* kConfigExamples =
    "Examples:\n"
    "  troupe config show --origin\n"
    "  TROUPE_WORKERS=2 troupe config show --json";

// Folders and addresses as they are in force, defaults that depend on others included.
std::string shown_value(const server::Setting& setting, const server::Config& config) {
  if (setting.name == "data") return config.data.string();
  if (setting.name == "weights") return config.weights.string();
  if (setting.name == "hub") return config.hub;
  return setting.secret && !setting.value.empty() ? "(set)" : setting.value;
}

int show(const ConfigFlags& flags) {
  const Result<server::Config> config = config_of(flags.server);
  if (!config) {
    std::cerr << "troupe: " << to_string(config.error()) << "\n";
    return kUsage;
  }
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const server::Setting& setting : config->settings) {
    const std::string value = shown_value(setting, *config);
    if (flags.json) {
      json[setting.name] = {{"value", value}, {"origin", setting.origin}};
    } else {
      std::cout << setting.name << " = \"" << value << "\"" << (flags.origin ? "  # " + setting.origin : "")
                << "\n";
    }
  }
  if (flags.json) std::cout << json.dump(2) << "\n";
  return kOk;
}

}  // namespace

void add_config(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("config", "The server's settings");
  command->require_subcommand(1);
  CLI::App* shown = command->add_subcommand("show", "Print every setting as it is in force");
  auto flags = std::make_shared<ConfigFlags>();
  add_server_flags(*shown, flags->server);
  shown->add_flag("--origin", flags->origin, "Say where each value comes from");
  shown->add_flag("--json", flags->json, "Print one JSON object");
  command->footer(kConfigExamples);
  shown->footer(kConfigExamples);
  shown->callback([flags, &exit_code] { exit_code = show(*flags); });
}

}  // namespace troupe::cli
