#include <CLI/CLI.hpp>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/report.h"

namespace troupe::cli {
namespace {

struct ModelsFlags {
  std::string id;
  bool json = false;
};

int list(const catalog::Catalog& catalog, bool json) {
  if (json) {
    auto models = nlohmann::ordered_json::array();
    for (const catalog::Model& model : catalog.models()) {
      models.push_back(nlohmann::ordered_json::parse(catalog::model_json(model)));
    }
    std::cout << nlohmann::ordered_json{{"models", models}}.dump(2) << "\n";
    return kOk;
  }
  size_t widest = 0;
  for (const catalog::Model& model : catalog.models()) widest = std::max(widest, model.id.size());
  for (const catalog::Model& model : catalog.models()) {
    std::cout << std::left << std::setw(static_cast<int>(widest) + 2) << model.id << model.summary << "\n";
  }
  return kOk;
}

int show(const catalog::Catalog& catalog, const ModelsFlags& flags) {
  const Result<const catalog::Model*> model = catalog.find(flags.id);
  if (!model) {
    if (flags.json) {
      std::cout << error_json(model.error());
    } else {
      std::cerr << "troupe: " << to_string(model.error()) << "\n";
    }
    return kRefused;
  }
  std::string text = flags.json ? catalog::model_json(**model) : catalog::describe(**model);
  if (!text.ends_with('\n')) text += '\n';
  std::cout << text;
  return kOk;
}

}  // namespace

void add_models(CLI::App& app, const Program& program, int& exit_code) {
  CLI::App* command = app.add_subcommand("models", "List the models, or show one with its limits and price");
  auto flags = std::make_shared<ModelsFlags>();
  command->add_option("ID", flags->id, "A model's id or any name a provider gives it");
  command->add_flag("--json", flags->json, "Print JSON");
  command->footer("Examples:\n  troupe models\n  troupe models kling-o3-pro-reference-to-video --json");
  command->callback([flags, &program, &exit_code] {
    exit_code = flags->id.empty() ? list(program.catalog, flags->json) : show(program.catalog, *flags);
  });
}

}  // namespace troupe::cli
