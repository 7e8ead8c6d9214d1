#include "tests/chaos/place.h"

#include <fstream>
#include <stdexcept>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "server/data_folder.h"
#include "server/make_key.h"

namespace troupe::chaos {
namespace {

// The stage model, once for each of our prices.
std::string catalog_json() {
  const auto builtin = catalog::load_builtin();
  std::string models;
  for (const PricedModel& priced : kModels) {
    catalog::Model model = **builtin->find("stage");
    if (model.id != priced.id) model.aliases.clear();
    model.id = priced.id;
    model.price.rates.front().micros_per_second = priced.micros_per_second;
    models += (models.empty() ? "" : ",\n") + catalog::model_json(model);
  }
  return "{\"models\": [" + models + "]}\n";
}

Purse purse(server::DataFolder& folder, std::vector<std::string> scopes, std::vector<Budget> budgets) {
  ApiKey key;
  key.scopes = std::move(scopes);
  key.budgets = std::move(budgets);
  const auto made = server::make_key(folder.jobs->keys(), key, SystemClock().now());
  return {made->key.id, made->secret};
}

}  // namespace

Place::Place(std::filesystem::path data, std::filesystem::path beside)
    : data_(std::move(data)), beside_(std::move(beside)) {
  std::ofstream(beside_ / "catalog.json") << catalog_json();
  auto folder = server::open_data_folder(data_);
  if (!folder) throw std::runtime_error(to_string(folder.error()));
  const std::vector<std::string> scopes{"jobs:read", "jobs:write", "library:read", "library:write"};
  admin_ = purse(*folder, {"admin"}, {});
  rich_ = purse(*folder, scopes, {{Currency::usd, 1'000'000'000, {}}});
  poor_ = purse(*folder, scopes, {{Currency::usd, kPoorBudgetMicros, {}}});
}

ServerCommand Place::server(const std::vector<std::string>& environment) const {
  ServerCommand command;
  command.arguments = {"serve",
                       "--listen",
                       "127.0.0.1:0",
                       "--data",
                       data_,
                       "--catalog",
                       (beside_ / "catalog.json").string(),
                       "--workers",
                       "2",
                       "--threads",
                       "1",
                       "--lease",
                       std::to_string(kLease.count())};
  command.environment = environment;
  command.log = beside_ / "server.log";
  return command;
}

}  // namespace troupe::chaos
