// Getting ready to serve: settings, folder, keys.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/command.h"
#include "cli/server_flags.h"
#include "cli/serving.h"
#include "server/engine_routes.h"
#include "server/make_key.h"

namespace troupe::cli {
namespace {

constexpr const char* kServeExamples =
    "Examples:\n"
    "  troupe serve\n"
    "  troupe serve --listen 127.0.0.1:9000 --data ./troupe-data --workers 2\n"
    "  troupe keys create --name team && troupe serve --listen :8080 --public-url https://video.example.org";

bool is_valid(const ApiKey& key, Time now) { return !key.revoked && !(key.expires && *key.expires <= now); }

// Nobody is let in without a key; on this machine alone the first one is made as a matter of course.
Result<void> see_to_a_key(const server::Config& config, jobs::KeyRing& keys, const Clock& clock) {
  TROUPE_TRY(const std::vector<ApiKey> all, keys.list());
  for (const ApiKey& key : all) {
    if (is_valid(key, clock.now())) return {};
  }
  if (!config.loopback()) {
    return make_error(ErrorCode::invalid_argument,
                      "There is no API key yet, and " + config.address +
                          " can be reached from elsewhere. Make one first: troupe keys create --data " +
                          config.data.string());
  }
  ApiKey first;
  first.name = "first start";
  first.scopes = {"admin"};
  TROUPE_TRY(const server::NewKey made, server::make_key(keys, first, clock.now()));
  std::cerr << "This is the first start, so here is a key. It is shown only now:\n\n  " << made.secret
            << "\n\n";
  return {};
}

// Each connection is a descriptor: the usual 1024 are for programs that have a few.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

jobs::SqliteOptions store_options(const server::Config& config) {
  jobs::SqliteOptions options;
  options.bounds.queued_max = config.queue_max;
  options.bounds.queued_per_account_max = config.queue_per_key_max;
  return options;
}

// The built-in models, with the operator's own over them.
Result<catalog::Catalog> catalog_of(const catalog::Catalog& builtin, const server::Config& config) {
  if (config.catalog.empty()) return builtin;
  TROUPE_TRY(const Bytes json, read_file(config.catalog, catalog::kCatalogTextBytesMax));
  const std::string_view text(reinterpret_cast<const char*>(json.data()), json.size());
  return builtin.with({config.catalog.string(), text});
}

int serve(const Program& program, const ServerFlags& flags) {
  const Result<server::Config> config = config_of(flags);
  if (!config) return refuse(config.error(), kUsage);
  const Result<catalog::Catalog> catalog = catalog_of(program.catalog, *config);
  if (!catalog) return refuse(catalog.error(), kUsage);
  Result<server::ModelRoutes> routes = server::check_routes(config->routes, *catalog);
  if (!routes) return refuse(routes.error(), kUsage);
  const Result<server::FolderLock> lock = server::FolderLock::take(config->data);
  if (!lock) return refuse(lock.error(), kFailed);
  Result<server::DataFolder> folder = server::open_data_folder(config->data, store_options(*config));
  if (!folder) return refuse(folder.error(), kFailed);
  raise_descriptor_limit();
  server::clear_scratch(*folder);
  // The folder's lock says that no worker is alive: what a killed server worked on is taken up at once.
  // If it can't be written down, they pass by themselves.
  if (const auto expired = folder->jobs->queue().expire_leases(SystemClock().now()); !expired)
    log("leases of an earlier server stay until they pass: " + to_string(expired.error()));
  if (const auto key = see_to_a_key(*config, folder->jobs->keys(), SystemClock()); !key)
    return refuse(key.error(), key.error().code == ErrorCode::invalid_argument ? kUsage : kFailed);
  const Result<int64_t> last_event = folder->jobs->events().last_id();
  if (!last_event) return refuse(last_event.error(), kFailed);
  return run_server(program, *config, *catalog, std::move(*routes), std::move(*folder), *last_event);
}

}  // namespace

void add_serve(CLI::App& app, const Program& program, int& exit_code) {
  CLI::App* command = app.add_subcommand("serve", "Serve the HTTP API: durable jobs, for programs and teams");
  auto flags = std::make_shared<ServerFlags>();
  add_server_flags(*command, *flags);
  command->footer(kServeExamples);
  command->callback([flags, &program, &exit_code] { exit_code = serve(program, *flags); });
}

}  // namespace troupe::cli
