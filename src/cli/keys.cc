#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/server_flags.h"
#include "server/data_folder.h"
#include "server/identity.h"
#include "server/make_key.h"

namespace troupe::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kKeysExamples =
    "Examples:\n"
    "  troupe keys create --name studio --budget 50 --budget-per-day 5\n"
    "  troupe keys create --name ci --scope jobs:read --scope jobs:write --expires-days 30\n"
    "  troupe keys list\n"
    "  troupe keys revoke key_01JB2M4Z9C6Q0S8W5V7X3Y1T2R";

struct KeysFlags {
  ServerFlags server;
  std::string name, id;
  std::vector<std::string> scopes;
  double budget = -1, budget_per_day = -1;
  int rate = 0, expires_days = 0;
  bool json = false;
};

int fail(const Error& error, bool json) {
  tell_error(error, json);
  return error.code == ErrorCode::invalid_argument ? kUsage : kFailed;
}

int64_t micros(double dollars) { return std::llround(dollars * 1e6); }

ApiKey key_of(const KeysFlags& flags, Time now) {
  ApiKey key;
  key.name = flags.name;
  key.scopes = flags.scopes;
  if (key.scopes.empty()) {
    for (const std::string_view scope : server::all_scopes()) {
      if (scope != server::kScopeAdmin) key.scopes.emplace_back(scope);
    }
  }
  if (flags.budget >= 0 || flags.budget_per_day >= 0) {
    Budget budget;
    if (flags.budget >= 0) budget.total_micros = micros(flags.budget);
    if (flags.budget_per_day >= 0) budget.day_micros = micros(flags.budget_per_day);
    key.budgets.push_back(budget);
  }
  key.requests_per_minute = flags.rate;
  if (flags.expires_days > 0) key.expires = now + std::chrono::hours(24) * flags.expires_days;
  return key;
}

Json json_of(const ApiKey& key) {
  Json json = {{"id", key.id},
               {"name", key.name},
               {"scopes", key.scopes},
               {"requests_per_minute", key.requests_per_minute},
               {"created_at", print_time(key.created)}};
  if (key.expires) json["expires_at"] = print_time(*key.expires);
  if (key.revoked) json["revoked_at"] = print_time(*key.revoked);
  if (key.last_used) json["last_used_at"] = print_time(*key.last_used);
  for (const Budget& budget : key.budgets) {
    Json one = {{"currency", budget.currency == Currency::usd ? "usd" : "credits"}};
    if (budget.total_micros) one["total_micros"] = *budget.total_micros;
    if (budget.day_micros) one["day_micros"] = *budget.day_micros;
    json["budgets"].push_back(std::move(one));
  }
  return json;
}

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string line_of(const ApiKey& key, Time now) {
  std::string scopes;
  for (const std::string& scope : key.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
  std::string state = key.revoked ? "revoked" : key.expires && *key.expires <= now ? "expired" : "valid";
  return key.id + "  " + state + "  " + (key.name.empty() ? "-" : key.name) + "  " + scopes + "\n";
}

int create(const KeysFlags& flags, server::DataFolder& folder) {
  const Time now = SystemClock().now();
  const Result<server::NewKey> made = server::make_key(folder.jobs->keys(), key_of(flags, now), now);
  if (!made) return fail(made.error(), flags.json);
  if (flags.json) {
    Json json = json_of(made->key);
    json["secret"] = made->secret;
    std::cout << dumped(json);
    return kOk;
  }
  std::cerr << "key " << made->key.id << "; the secret is shown only now:\n";
  std::cout << made->secret << "\n";
  return kOk;
}

int list(const KeysFlags& flags, server::DataFolder& folder) {
  const Result<std::vector<ApiKey>> keys = folder.jobs->keys().list();
  if (!keys) return fail(keys.error(), flags.json);
  Json json = Json::array();
  for (const ApiKey& key : *keys) {
    if (flags.json) {
      json.push_back(json_of(key));
    } else {
      std::cout << line_of(key, SystemClock().now());
    }
  }
  if (flags.json) std::cout << dumped({{"keys", json}});
  return kOk;
}

int revoke(const KeysFlags& flags, server::DataFolder& folder) {
  const Result<void> revoked = folder.jobs->keys().revoke(flags.id, SystemClock().now());
  if (!revoked) return fail(revoked.error(), flags.json);
  if (!flags.json) std::cerr << flags.id << " is revoked; servers that run notice within seconds.\n";
  return kOk;
}

int with_folder(const KeysFlags& flags, int (*run)(const KeysFlags&, server::DataFolder&)) {
  const Result<server::Config> config = config_of(flags.server);
  if (!config) return fail(config.error(), flags.json);
  Result<server::DataFolder> folder = server::open_data_folder(config->data);
  if (!folder) return fail(folder.error(), flags.json);
  return run(flags, *folder);
}

}  // namespace

void add_keys(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("keys", "API keys of the server");
  command->require_subcommand(1);
  command->footer(kKeysExamples);
  auto flags = std::make_shared<KeysFlags>();
  const auto add = [&](const char* name, const char* help,
                       int (*run)(const KeysFlags&, server::DataFolder&)) {
    CLI::App* one = command->add_subcommand(name, help);
    add_server_flags(*one, flags->server, {"data"});
    one->add_flag("--json", flags->json, "Print one JSON object");
    one->footer(kKeysExamples);
    one->callback([flags, run, &exit_code] { exit_code = with_folder(*flags, run); });
    return one;
  };
  CLI::App* created = add("create", "Make a key and print its secret, once", create);
  created->add_option("--name", flags->name, "Who or what it is for")->type_name("TEXT");
  created->add_option("--scope", flags->scopes, "What it may do; repeat (default: everything but admin)")
      ->type_name("SCOPE");
  created->add_option("--budget", flags->budget, "US dollars that it may spend in all")
      ->type_name("USD")
      ->check(CLI::Range(0.0, 1e9));
  created->add_option("--budget-per-day", flags->budget_per_day, "US dollars that it may spend a day (UTC)")
      ->type_name("USD")
      ->check(CLI::Range(0.0, 1e9));
  created->add_option("--rate", flags->rate, "Requests a minute")
      ->type_name("N")
      ->check(CLI::Range(0, 1000000));
  created->add_option("--expires-days", flags->expires_days, "Days until it ends")
      ->type_name("N")
      ->check(CLI::Range(1, 36500));
  add("list", "Print every key", list);
  CLI::App* revoked = add("revoke", "Make a key useless", revoke);
  revoked->add_option("id", flags->id, "The key's id: key_…")->required();
}

}  // namespace troupe::cli
