#include "cli/serving.h"

#include <chrono>
#include <cstring>
#include <iostream>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/ids.h"
#include "base/task_queue.h"
#include "base/version.h"
#include "cli/local_models.h"
#include "cli/terminal.h"
#include "engine/upstream/upstream_engine.h"
#include "fetch/fetcher.h"
#include "server/api_server.h"
#include "server/providers.h"
#include "server/source_links.h"
#include "server/sweeper.h"
#include "server/webhook_sender.h"
#include "work/runner.h"
#include "work/sandboxed_decoder.h"
#include "work/source_reader.h"

namespace troupe::cli {
namespace {

constexpr std::chrono::milliseconds kLookForSignal{100};

// Everything that lives while the server runs. Members are made from top to bottom and end from bottom to
// top.
class Serving {
 public:
  Serving(const Program& program, const server::Config& config, const catalog::Catalog& catalog,
          server::ModelRoutes routes, server::DataFolder folder, int64_t last_event)
      : program_(program),
        config_(config),
        catalog_(catalog),
        folder_(std::move(folder)),
        providers_(folder_.jobs->providers(), folder_.secret, clock_),
        local_(config.weights, {engine_options(config), {}, {}, {}}),
        engines_(
            config.drafts, std::move(routes), [this] { return usable_providers(); },
            [this](const std::string& model) { return local_.ready(model); }),
        hub_(last_event),
        fetcher_(fetch_options(config)),
        upstream_([this](const std::string& name) { return providers_.access(name); }, fetcher_,
                  upstream_options()),
        runner_(runner_parts(), runner_options()),
        local_runner_(local_parts(), local_runner_options()),
        upstream_runner_(upstream_parts(), upstream_runner_options()),
        sender_(*folder_.jobs, clock_, server::post_through(fetcher_), webhook_identity()),
        api_(api_parts(), api_options()),
        sweeper_(*folder_.jobs, *folder_.objects, *folder_.partials, clock_, {}, log) {
    folder_.jobs->events().set_listener([this](const std::vector<JobEvent>& events) {
      hub_.publish(events);
      for (const JobEvent& event : events)
        if (event.type == "job.cancel_requested") look_at(event.job);
      runner_.wake();
      local_runner_.wake();
      upstream_runner_.wake();
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
    local_runner_.start();
    upstream_runner_.start();
    sender_.start();
    log("troupe " + std::string(version()) + " serves " + api_.url() + " from " + folder_.root.string() +
        "; docs at " + api_.url() + "/docs");
    while (!program_.cancel.cancelled()) std::this_thread::sleep_for(kLookForSignal);
    log("stopping: running jobs have " + std::to_string(config_.drain.count()) + " s");
    // Providers go on without us; only an order that is on its way is waited for, beside the drafts.
    // A neural take would go on for an hour: its next run goes on from its last step.
    std::thread others([this] {
      upstream_runner_.stop(std::chrono::milliseconds(0));
      local_runner_.stop(std::chrono::milliseconds(0));
    });
    runner_.stop(config_.drain);
    others.join();
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

  // Without workers for them no model is theirs: a job would wait for ever.
  std::map<std::string, std::string> usable_providers() const {
    if (config_.upstream_jobs == 0) return {};
    return providers_.kinds();
  }

  void look_at(const std::string& job) {
    runner_.look_at(job);
    local_runner_.look_at(job);
    upstream_runner_.look_at(job);
  }

  work::RunnerParts shared_parts() {
    work::RunnerParts parts{
        folder_.jobs->queue(), *folder_.objects, catalog_, clock_, {}, decoder_, {}, {}, log};
    parts.reader = [this](const Job& job, const CancelToken& cancel) -> std::unique_ptr<work::MediaReader> {
      work::SourceWays ways;
      ways.upload = [this, account = job.account](const std::string& id, uint64_t size_bytes_max) {
        return read_upload(account, id, size_bytes_max);
      };
      ways.url = work::fetch_by(fetcher_);
      return std::make_unique<work::SourceReader>(std::move(ways), cancel);
    };
    return parts;
  }

  work::RunnerParts runner_parts() {
    work::RunnerParts parts = shared_parts();
    parts.engines["stage"] = &program_.stage;
    parts.preview = show_preview();
    return parts;
  }

  // Neural takes come one after the other, with all of the machine; no draft waits behind them.
  work::RunnerParts local_parts() {
    work::RunnerParts parts = shared_parts();
    if (local_.engine() != nullptr) parts.engines[engine::wan::kEngineName] = local_.engine();
    parts.preview = show_preview();
    return parts;
  }

  std::function<void(const Job&, const Bytes&)> show_preview() {
    return [this](const Job& job, const Bytes& jpeg) {
      hub_.show_preview(job.account, job.id, to_base64(jpeg));
    };
  }

  // Jobs at providers wait most of the time: they have workers of their own, so that no draft waits behind
  // them.
  work::RunnerParts upstream_parts() {
    work::RunnerParts parts = shared_parts();
    parts.remote = &upstream_;
    parts.routes = [this](const catalog::Model& model) { return engines_.remote_routes(model); };
    parts.link = [this](const Job& job, const std::string& uri) {
      return server::source_link({config_.public_url, folder_.secret}, folder_.jobs->library(), job.account,
                                 uri, job.created);
    };
    return parts;
  }

  work::RunnerOptions upstream_runner_options() const {
    work::RunnerOptions options = runner_options();
    options.worker += "-upstream";
    options.workers = config_.upstream_jobs;
    return options;
  }

  work::RunnerOptions local_runner_options() const {
    work::RunnerOptions options = runner_options();
    options.worker += "-local";
    options.workers = local_.engine() != nullptr && config_.workers > 0 ? 1 : 0;
    options.threads = config_.threads > 0 ? config_.threads : available_threads();
    return options;
  }

  static upstream::UpstreamOptions upstream_options() {
    upstream::UpstreamOptions options;
    options.user_agent = "Troupe/" + std::string(version());
    return options;
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
    return {*folder_.jobs, *folder_.objects, *folder_.partials, catalog_, engines_,    hub_,
            clock_,        sender_,          folder_.secret,    log,      &providers_, &upstream_};
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
  server::Providers providers_;
  LocalModels local_;
  server::EngineRoutes engines_;
  server::EventHub hub_;
  fetch::Fetcher fetcher_;
  upstream::UpstreamEngine upstream_;
  work::SandboxedDecoder decoder_;
  work::Runner runner_, local_runner_, upstream_runner_;
  server::WebhookSender sender_;
  server::ApiServer api_;
  server::Sweeper sweeper_;
};

}  // namespace

void log(const std::string& text) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cerr << print_time(SystemClock().now()) << "  " << text << std::endl;
}

int refuse(const Error& error, int code) {
  std::cerr << colored("troupe: ", "31") << to_string(error) << "\n";
  return code;
}

int run_server(const Program& program, const server::Config& config, const catalog::Catalog& catalog,
               server::ModelRoutes routes, server::DataFolder folder, int64_t last_event) {
  return Serving(program, config, catalog, std::move(routes), std::move(folder), last_event).run();
}

}  // namespace troupe::cli
