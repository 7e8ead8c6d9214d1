// The server's object graph, top to bottom, and its life.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstring>
#include <iostream>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/ids.h"
#include "base/task_queue.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/server_flags.h"
#include "cli/terminal.h"
#include "fetch/fetcher.h"
#include "server/api_server.h"
#include "server/data_folder.h"
#include "server/make_key.h"
#include "server/sweeper.h"
#include "server/webhook_sender.h"
#include "work/runner.h"
#include "work/sandboxed_decoder.h"
#include "work/source_reader.h"

namespace troupe::cli {
namespace {

constexpr const char* kServeExamples =
    "Examples:\n"
    "  troupe serve\n"
    "  troupe serve --listen 127.0.0.1:9000 --data ./troupe-data --workers 2\n"
    "  troupe keys create --name team && troupe serve --listen :8080 --public-url https://video.example.org";

constexpr std::chrono::milliseconds kLookForSignal{100};

// One line each, whoever writes.
void log(const std::string& text) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cerr << print_time(SystemClock().now()) << "  " << text << std::endl;
}

int refuse(const Error& error, int code) {
  std::cerr << colored("troupe: ", "31") << to_string(error) << "\n";
  return code;
}

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

// Everything that lives while the server runs. Members are made from top to bottom and end from bottom to
// top.
class Serving {
 public:
  Serving(const Program& program, const server::Config& config, const catalog::Catalog& catalog,
          server::DataFolder folder, int64_t last_event)
      : program_(program),
        config_(config),
        catalog_(catalog),
        folder_(std::move(folder)),
        engines_(config.drafts),
        hub_(last_event),
        fetcher_(fetch_options(config)),
        runner_(runner_parts(), runner_options()),
        sender_(*folder_.jobs, clock_, server::post_through(fetcher_), webhook_identity()),
        api_(api_parts(), api_options()),
        sweeper_(*folder_.jobs, *folder_.objects, *folder_.partials, clock_, {}, log) {
    folder_.jobs->events().set_listener([this](const std::vector<JobEvent>& events) {
      hub_.publish(events);
      for (const JobEvent& event : events)
        if (event.type == "job.cancel_requested") runner_.look_at(event.job);
      runner_.wake();
      sender_.wake();
    });
  }
  ~Serving() { folder_.jobs->events().set_listener({}); }

  int run() {
    if (const Result<std::string> held = decoder_.protections(); held) {
      log("media are decoded apart: " + *held);
    } else {
      return refuse(held.error(), kFailed);
    }
    if (const Result<void> started = api_.start(); !started) return refuse(started.error(), kFailed);
    runner_.start();
    sender_.start();
    log("troupe " + std::string(version()) + " serves " + api_.url() + " from " + folder_.root.string() +
        "; docs at " + api_.url() + "/docs");
    while (!program_.cancel.cancelled()) std::this_thread::sleep_for(kLookForSignal);
    log("stopping: running jobs have " + std::to_string(config_.drain.count()) + " s");
    runner_.stop(config_.drain);
    sender_.stop();
    api_.stop();
    log("stopped");
    return kOk;
  }

 private:
  static fetch::FetchOptions fetch_options(const server::Config& config) {
    fetch::FetchOptions options;
    options.allow_private = config.allow_private_urls;
    options.user_agent = "Troupe/" + std::string(version());
    return options;
  }

  Result<Bytes> read_upload(const std::string& account, const std::string& id, uint64_t size_bytes_max) {
    TROUPE_TRY(const std::optional<Upload> upload, folder_.jobs->library().find_upload(account, id));
    if (!upload) return make_error(ErrorCode::not_found, "there is no upload " + id);
    if (upload->object.empty())
      return make_error(ErrorCode::not_found, "the upload " + id + " is not complete");
    if (upload->size_bytes > size_bytes_max) {
      return make_error(ErrorCode::over_limit, "the upload " + id + " has " +
                                                   std::to_string(upload->size_bytes) + " bytes; at most " +
                                                   std::to_string(size_bytes_max) + " can be read here");
    }
    return folder_.objects->read(upload->object, size_bytes_max);
  }

  work::RunnerParts runner_parts() {
    work::RunnerParts parts{
        folder_.jobs->queue(), *folder_.objects, catalog_, clock_, {}, decoder_, {}, {}, log};
    parts.engines["stage"] = &program_.stage;
    parts.reader = [this](const Job& job, const CancelToken& cancel) -> std::unique_ptr<work::MediaReader> {
      work::SourceWays ways;
      ways.upload = [this, account = job.account](const std::string& id, uint64_t size_bytes_max) {
        return read_upload(account, id, size_bytes_max);
      };
      ways.url = work::fetch_by(fetcher_);
      return std::make_unique<work::SourceReader>(std::move(ways), cancel);
    };
    parts.preview = [this](const Job& job, const Bytes& jpeg) {
      hub_.show_preview(job.account, job.id, to_base64(jpeg));
    };
    return parts;
  }

  work::RunnerOptions runner_options() const {
    work::RunnerOptions options;
    options.worker = new_id("wrk", clock_.now());
    options.workers = config_.workers;
    const int share = available_threads() / std::max(1, config_.workers);
    options.threads = config_.threads > 0 ? config_.threads : std::max(1, share);
    options.scratch = folder_.scratch;
    options.lease = config_.lease;
    return options;
  }

  server::WebhookIdentity webhook_identity() const {
    const std::string here = "http://" + config_.address + ":" + std::to_string(config_.port);
    const Bytes seed = random_bytes(sizeof(uint64_t));
    server::WebhookIdentity identity;
    identity.server_secret = folder_.secret;
    identity.base_url = config_.public_url.empty() ? here : config_.public_url;
    std::memcpy(&identity.seed, seed.data(), seed.size());
    return identity;
  }

  server::ApiParts api_parts() {
    return {*folder_.jobs, *folder_.objects, *folder_.partials, catalog_,       engines_,
            hub_,          clock_,           sender_,           folder_.secret, log};
  }

  server::ApiOptions api_options() const {
    server::ApiOptions options;
    options.address = config_.address;
    options.port = config_.port;
    options.public_url = config_.public_url;
    options.metrics_token = config_.metrics_token;
    options.temporary_folder = folder_.scratch.string();
    return options;
  }

  const Program& program_;
  const server::Config& config_;
  const catalog::Catalog& catalog_;
  server::DataFolder folder_;
  SystemClock clock_;
  server::EngineRoutes engines_;
  server::EventHub hub_;
  fetch::Fetcher fetcher_;
  work::SandboxedDecoder decoder_;
  work::Runner runner_;
  server::WebhookSender sender_;
  server::ApiServer api_;
  server::Sweeper sweeper_;
};

int serve(const Program& program, const ServerFlags& flags) {
  const Result<server::Config> config = config_of(flags);
  if (!config) return refuse(config.error(), kUsage);
  const Result<catalog::Catalog> catalog = catalog_of(program.catalog, *config);
  if (!catalog) return refuse(catalog.error(), kUsage);
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
  return Serving(program, *config, *catalog, std::move(*folder), *last_event).run();
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
