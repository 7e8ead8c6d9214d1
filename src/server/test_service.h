// For tests: a whole server on loopback over a folder of its own, with an engine that counts.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "base/ids.h"
#include "http/test_client.h"
#include "media/image_file.h"
#include "server/api_server.h"
#include "server/data_folder.h"
#include "server/identity.h"
#include "server/make_key.h"
#include "server/providers.h"
#include "server/webhook_sender.h"
#include "work/runner.h"
#include "work/source_reader.h"

namespace troupe::server {

/// Makes frames of one grey; can be held up before the first.
class GreyEngine final : public engine::Engine {
 public:
  engine::EngineInfo info() const override { return {"stage", "test", true}; }
  Result<engine::RenderReport> plan(const engine::RenderRequest&) const override {
    return engine::RenderReport{};
  }
  Result<engine::RenderReport> render(const engine::RenderRequest& request, Output& output,
                                      const engine::RunContext& run) override {
    {
      std::unique_lock lock(mutex_);
      ++begun_;
      changed_.notify_all();
      // The wait looks at the token now and then: nobody notifies of a cancel.
      while (held_ && !run.cancel.cancelled()) changed_.wait_for(lock, std::chrono::milliseconds(5));
    }
    {
      const std::lock_guard lock(mutex_);
      if (failure_) return *failure_;
    }
    int64_t frames = 0, done = 0;
    for (const int64_t count : request.shot_frames) frames += count;
    for (; done < frames; ++done) {
      if (run.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
      TROUPE_CHECK_OK(output.video(Frame(request.size)));
      if (run.progress) run.progress({"render", static_cast<double>(done + 1) / frames, done + 1, frames});
    }
    if (request.audio) {
      const std::vector<float> silence(
          static_cast<size_t>(frames * kAudioRate * request.rate.denominator / request.rate.numerator) * 2);
      TROUPE_CHECK_OK(output.audio(silence));
    }
    engine::RenderReport report;
    report.understood = {"grey"};
    return report;
  }

  void hold() { set_held(true); }
  /// From now on every render ends with this.
  void fail_with(Error error) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(error);
  }
  void let_go() { set_held(false); }
  /// Blocks until `count` renders have begun.
  void wait_begun(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= count; });
  }

 private:
  void set_held(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int begun_ = 0;
  std::optional<Error> failure_;
};

class TestService : public ::testing::Test {
 protected:
  using Json = nlohmann::json;

  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = std::filesystem::path(::testing::TempDir()) /
            (std::string("service_") + info->name() + "_" + std::to_string(::getpid()));
    std::filesystem::remove_all(root_);
    catalog_ = models();
    open();
    secret_ = key({"jobs:read", "jobs:write", "library:read", "library:write", "models:read", "account:read",
                   "webhooks:read", "webhooks:write"});
  }
  void TearDown() override {
    engine_.let_go();
    close();
    std::filesystem::remove_all(root_);
  }

  /// What the server knows.
  virtual catalog::Catalog models() const { return std::move(*catalog::load_builtin()); }

  /// As if the program had been started.
  void open() {
    folder_ = std::make_unique<DataFolder>(std::move(*open_data_folder(root_)));
    hub_ = std::make_unique<EventHub>(*folder_->jobs->events().last_id());
    work::RunnerParts parts{
        folder_->jobs->queue(), *folder_->objects, catalog_, clock_, {}, decoder_, {}, {}, {}};
    parts.engines["stage"] = &engine_;
    parts.reader = [this](const Job& job, const CancelToken& cancel) -> std::unique_ptr<work::MediaReader> {
      work::SourceWays ways;
      ways.upload = [this, account = job.account](const std::string& id, uint64_t most) -> Result<Bytes> {
        TROUPE_TRY(const auto upload, folder_->jobs->library().find_upload(account, id));
        if (!upload) return make_error(ErrorCode::not_found, "there is no such upload");
        return folder_->objects->read(upload->object, most);
      };
      return std::make_unique<work::SourceReader>(std::move(ways), cancel);
    };
    parts.preview = [this](const Job& job, const Bytes& jpeg) {
      hub_->show_preview(job.account, job.id, to_base64(jpeg));
    };
    work::RunnerOptions options;
    options.worker = "test";
    options.scratch = folder_->scratch;
    options.progress_every = std::chrono::milliseconds(10);
    options.lease = std::chrono::minutes(30);  // what waits for its renewal fails
    runner_ = std::make_unique<work::Runner>(std::move(parts), options);
    folder_->jobs->events().set_listener([this](const std::vector<JobEvent>& events) {
      hub_->publish(events);
      for (const JobEvent& event : events)
        if (event.type == "job.cancel_requested") runner_->look_at(event.job);
      runner_->wake();
    });
    ApiOptions api;
    api.port = 0;
    api.public_url = public_url_;
    api.temporary_folder = folder_->scratch.string();
    api.provider_test_time = provider_test_time_;
    providers_ = std::make_unique<Providers>(folder_->jobs->providers(), folder_->secret, clock_);
    // Never started: what is to be sent stays in the store.
    sender_ = std::make_unique<WebhookSender>(*folder_->jobs, clock_, WebhookPost(),
                                              WebhookIdentity{folder_->secret, "http://test", 1});
    server_ = std::make_unique<ApiServer>(
        ApiParts{*folder_->jobs, *folder_->objects, *folder_->partials, catalog_, engines_, *hub_, clock_,
                 *sender_, folder_->secret, [this](const std::string& line) { log(line); }, providers_.get(),
                 remote_},
        api);
    ASSERT_TRUE(server_->start());
    runner_->start();
  }

  /// As if it had been stopped.
  void close() {
    runner_->stop(std::chrono::milliseconds(0));
    server_->stop();
    folder_->jobs->events().set_listener({});
    server_.reset();
    providers_.reset();
    sender_.reset();
    runner_.reset();
    hub_.reset();
    folder_.reset();
  }

  /// What the server has logged so far.
  std::string logged() {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }

  std::string key(std::vector<std::string> scopes, std::vector<Budget> budgets = {}, int rate = 0) {
    ApiKey key;
    key.scopes = std::move(scopes);
    key.budgets = std::move(budgets);
    key.requests_per_minute = rate;
    return make_key(folder_->jobs->keys(), key, clock_.now())->secret;
  }

  static std::string bearer(const std::string& secret) { return "Authorization: Bearer " + secret + "\r\n"; }

  http::Answer get(const std::string& target, const std::string& more = "") {
    return http::TestClient(server_->port()).ask("GET", target, bearer(secret_) + more);
  }
  http::Answer send(const std::string& method, const std::string& target, const std::string& body,
                    const std::string& more = "") {
    http::TestClient client(server_->port());
    client.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n" + bearer(secret_) + more + "\r\n" + body);
    return client.read_answer();
  }
  http::Answer post(const std::string& target, const std::string& body, const std::string& more = "") {
    return send("POST", target, body, more);
  }

  /// A job that is parked, with a task at a provider that nobody here asks.
  std::string parked_job() {
    jobs::JobQueue& queue = folder_->jobs->queue();
    jobs::NewJob job;
    job.job.id = new_id("job", clock_.now());
    const auto keys = folder_->jobs->keys().list();
    for (const ApiKey& one : *keys)
      if (has_scope(one, "jobs:write")) job.job.account = one.id;
    job.job.dialect = "native";
    job.job.model = "kling-o3-pro-reference-to-video";
    job.job.engine = "upstream";
    job.job.spec_json = "{}";
    job.job.price = {1'000'000, Currency::usd};
    EXPECT_TRUE(queue.submit(job, clock_.now()));
    const auto lease = queue.lease({"w", {"upstream"}, std::chrono::minutes(1)}, clock_.now());
    EXPECT_TRUE(lease && *lease);
    EXPECT_TRUE(queue.mark_submitted(
        **lease, R"({"takes":[{"provider":"fal","model":"m","task":"t","sent":1}]})", clock_.now()));
    jobs::Outcome outcome;
    outcome.kind = jobs::Outcome::Kind::parked;
    outcome.error = make_error(ErrorCode::unknown_outcome, "It gives no answer.");
    EXPECT_TRUE(queue.finish(**lease, outcome, clock_.now()));
    return job.job.id;
  }

  /// Until the job has ended: under a sanitizer a vendor's shortest video takes longer than one answer waits.
  void wait_until_ended(const std::string& job) {
    for (int round = 0; round < 10; ++round) {
      const Json state = json(get("/v1/jobs/" + job, "Prefer: wait=60\r\n"))["state"];
      if (state != "queued" && state != "running") return;
    }
    FAIL() << "job " << job << " does not end";
  }

  /// The body; the test fails if it is no JSON.
  static Json json(const http::Answer& answer) {
    Json parsed = Json::parse(answer.body, nullptr, false);
    EXPECT_FALSE(parsed.is_discarded()) << answer.status << " " << answer.body;
    return parsed;
  }

  static std::string small_spec(const std::string& prompt = "a park") {
    return Json{{"prompt", prompt}, {"duration", 1}, {"resolution", "320x180"}, {"fps", 12}}.dump();
  }

  /// A PNG of one colour, as it is sent.
  static std::string picture(int side = 400, uint8_t red = 200) {
    Image image(side, side);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const uint8_t pixel[4] = {red, uint8_t(x), uint8_t(y), 255};
        std::copy_n(pixel, 4, image.at(x, y));
      }
    }
    const Bytes png = *media::encode_png(image);
    return {png.begin(), png.end()};
  }

  void log(const std::string& line) {
    const std::lock_guard lock(log_mutex_);
    log_ += line + "\n";
  }

  std::filesystem::path root_;
  std::string public_url_;  // before open()
  std::mutex log_mutex_;
  std::string log_;
  catalog::Catalog catalog_;
  SystemClock clock_;
  GreyEngine engine_;
  work::InProcessDecoder decoder_;
  EngineRoutes engines_{true};
  std::unique_ptr<DataFolder> folder_;
  std::unique_ptr<EventHub> hub_;
  std::unique_ptr<work::Runner> runner_;
  std::unique_ptr<WebhookSender> sender_;
  std::unique_ptr<Providers> providers_;
  engine::RemoteEngine* remote_ = nullptr;  ///< asks them; set before SetUp() or open()
  std::chrono::milliseconds provider_test_time_{std::chrono::minutes(1)};
  std::unique_ptr<ApiServer> server_;
  std::string secret_;
};

}  // namespace troupe::server
