// Two servers in one test: "there" plays the provider, "here" sends it jobs, and what goes between can go
// wrong.
#pragma once

#include <condition_variable>
#include <thread>

#include "core/spec_json.h"
#include "engine/upstream/upstream_engine.h"
#include "fetch/fetcher.h"
#include "fetch/test_http_server.h"
#include "server/test_service.h"

namespace troupe::server {

/// What happens to one request on its way there or to its answer.
enum class Fault {
  none,
  lost,         ///< it arrives, its answer does not
  truncated,    ///< half of its answer arrives
  too_many,     ///< 429 with Retry-After, never forwarded
  broken,       ///< 500 with an error of the provider's own, never forwarded
  broken_page,  ///< 502 with a page of somebody on the way, after it arrived
  timed_out,    ///< 504 in JSON of somebody on the way, after it arrived
  busy,         ///< 503, never forwarded
  html,         ///< it arrives, and a page comes back with 200
  swallowed,    ///< neither it nor an answer arrives
  gone,         ///< 404, never forwarded
  twice,        ///< it arrives twice
};

/// Forwards to `port` what it is sent, one connection after the other.
class FaultyWay {
 public:
  /// Which fault a request meets: asked in order of arrival.
  using Plan = std::function<Fault(const std::string& request)>;

  FaultyWay(uint16_t port, Plan plan)
      : port_(port),
        plan_(std::move(plan)),
        server_([this](const auto& connection, const std::string& request) { handle(connection, request); }) {
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  uint16_t port() const { return server_.port(); }

 private:
  void handle(const fetch::test::Connection& connection, const std::string& request) {
    using fetch::test::reply;
    switch (plan_(request)) {
      case Fault::too_many:
        connection.send(reply(429, R"({"error":{"message":"slow down"},"message":"slow down"})",
                              "Content-Type: application/json\r\nRetry-After: 1\r\n"));
        return;
      case Fault::broken:
        connection.send(reply(500, R"({"error":{"message":"broken"},"message":"broken"})",
                              "Content-Type: application/json\r\n"));
        return;
      case Fault::busy:
        connection.send(reply(503, "busy"));
        return;
      case Fault::gone:
        connection.send(reply(404, R"({"detail":"gone"})", "Content-Type: application/json\r\n"));
        return;
      case Fault::swallowed:
        return;
      case Fault::lost:
        forward(request);
        return;
      case Fault::broken_page:
        forward(request);
        connection.send(reply(502, "<html>bad gateway</html>", "Content-Type: text/html\r\n"));
        return;
      case Fault::timed_out:
        forward(request);
        connection.send(
            reply(504, R"({"message":"Endpoint request timed out"})", "Content-Type: application/json\r\n"));
        return;
      case Fault::html:
        forward(request);
        connection.send(reply(200, "<html>welcome</html>", "Content-Type: text/html\r\n"));
        return;
      case Fault::truncated: {
        http::Answer answer = forward(request);
        answer.body.resize(answer.body.size() / 2);
        connection.send(printed(answer));
        return;
      }
      case Fault::twice:
        forward(request);
        [[fallthrough]];
      case Fault::none:
        connection.send(printed(forward(request)));
    }
  }

  http::Answer forward(const std::string& request) const {
    http::TestClient client(port_);
    client.send(request);
    return client.read_answer(request.starts_with("HEAD "));
  }

  static std::string printed(const http::Answer& answer) {
    std::string fields;
    for (const char* name : {"Content-Type", "Retry-After", "openai-poll-after-ms", "Location"})
      if (answer.headers.has(name))
        fields += std::string(name) + ": " + std::string(answer.headers.get(name)) + "\r\n";
    return fetch::test::reply(answer.status, answer.body, fields);
  }

  uint16_t port_;
  Plan plan_;
  fetch::test::HttpServer server_;
};

/// The server that sends: a store and a runner, no HTTP of its own.
class Here {
 public:
  Here(const std::filesystem::path& root, const catalog::Catalog& catalog) : catalog_(catalog) {
    folder_ = std::make_unique<DataFolder>(std::move(*open_data_folder(root)));
    ApiKey key;
    key.scopes = {"jobs:write"};
    account_ = make_key(folder_->jobs->keys(), key, clock_.now())->key.id;
  }
  ~Here() { stop(); }

  /// Providers by name, in the order in which they are tried.
  std::vector<std::pair<engine::RemoteRoute, upstream::Access>> providers;
  fetch::FetchOptions fetch_options;
  int patience_rounds = 2;
  std::map<std::string, std::string> only_of = {};  ///< the one model that a provider makes

  void start() {
    fetcher_ = std::make_unique<fetch::Fetcher>(fetch_options);
    upstream_ = std::make_unique<upstream::UpstreamEngine>(
        [this](const std::string& name) -> Result<upstream::Access> {
          for (const auto& [route, access] : providers)
            if (route.provider == name) return access;
          return make_error(ErrorCode::not_found, "no such provider");
        },
        *fetcher_);
    work::RunnerParts parts{
        folder_->jobs->queue(), *folder_->objects, catalog_, clock_, {}, decoder_, {}, {}, {}};
    parts.reader = [](const Job&, const CancelToken& cancel) -> std::unique_ptr<work::MediaReader> {
      return std::make_unique<work::SourceReader>(work::SourceWays(), cancel);
    };
    parts.remote = upstream_.get();
    parts.routes = [this](const catalog::Model& model) {
      std::vector<engine::RemoteRoute> routes;
      for (const auto& [route, access] : providers) {
        const auto only = only_of.find(route.provider);
        if (only == only_of.end() || only->second == model.id) routes.push_back(route);
      }
      return routes;
    };
    work::RunnerOptions options;
    options.worker = "here";
    options.scratch = folder_->scratch;
    options.lease = std::chrono::minutes(30);
    options.progress_every = std::chrono::milliseconds(10);
    options.patience.pace = 0.01;
    options.patience.rounds = patience_rounds;
    options.patience.silent_answers_max = 40;
    runner_ = std::make_unique<work::Runner>(std::move(parts), options);
    folder_->jobs->events().set_listener([this](const std::vector<JobEvent>& events) {
      for (const JobEvent& event : events)
        if (event.type == "job.cancel_requested") runner_->look_at(event.job);
      runner_->wake();
      const std::lock_guard lock(mutex_);
      changed_.notify_all();
    });
    runner_->start();
  }

  void stop() {
    if (!runner_) return;
    runner_->stop(std::chrono::milliseconds(0));
    folder_->jobs->events().set_listener({});
    runner_.reset();
  }

  /// A job of `spec`.
  std::string submit(const GenerationSpec& spec, int64_t price_micros = 1'000'000) {
    jobs::NewJob job;
    job.job.id = new_id("job", clock_.now());
    job.job.account = account_;
    job.job.dialect = "native";
    job.job.model = spec.model;
    job.job.engine = "upstream";
    job.job.prompt = spec.prompt;
    job.job.spec_json = print_spec(spec);
    job.job.spec_hash = "hash";
    job.job.price = {price_micros, Currency::usd};
    const auto submitted = folder_->jobs->queue().submit(job, clock_.now());
    EXPECT_TRUE(submitted) << (submitted ? "" : submitted.error().message);
    return job.job.id;
  }

  Job find(const std::string& id) { return **folder_->jobs->queue().find(id); }

  /// Blocks until the job rests, final or parked.
  Job wait(const std::string& id) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    std::unique_lock lock(mutex_);
    while (std::chrono::steady_clock::now() < end) {
      const Job job = find(id);
      if (is_final(job.state) || job.state == JobState::parked) return job;
      changed_.wait_for(lock, std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "the job does not rest: " << to_json(find(id));
    return find(id);
  }

  int64_t held() const {
    const auto balances = folder_->jobs->ledger().balances(account_, days());
    return balances && !balances->empty() ? balances->front().held_micros : 0;
  }

  DataFolder& folder() { return *folder_; }
  upstream::UpstreamEngine& upstream() { return *upstream_; }

 private:
  int64_t days() const {
    return std::chrono::floor<std::chrono::days>(clock_.now()).time_since_epoch().count();
  }
  static std::string to_json(const Job& job) {
    return std::string(name(job.state)) + " " + job.provider_task;
  }

  const catalog::Catalog& catalog_;
  SystemClock clock_;
  work::InProcessDecoder decoder_;
  std::unique_ptr<DataFolder> folder_;
  std::unique_ptr<fetch::Fetcher> fetcher_;
  std::unique_ptr<upstream::UpstreamEngine> upstream_;
  std::unique_ptr<work::Runner> runner_;
  std::string account_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace troupe::server
