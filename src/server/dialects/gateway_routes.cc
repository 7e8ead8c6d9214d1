// Vercel's AI Gateway: /v3/ai/…, /v4/ai/…, and its side routes at the origin.
#include "api/gateway/wire.h"
#include "base/ids.h"
#include "http/sse.h"
#include "server/answers.h"
#include "server/find_job.h"
#include "server/rest_watch.h"
#include "server/submissions.h"
#include "server/take_files.h"
#include "server/vendor_callback.h"

namespace troupe::server {
namespace {

namespace gateway = api::gateway;

Result<std::vector<gateway::Video>> videos_of(const Service& service, const Job& job) {
  TROUPE_TRY(std::vector<std::string> texts, fetchable_videos(service, job));
  std::vector<gateway::Video> videos;
  for (std::string& text : texts) {
    gateway::Video video{text.starts_with("data:"), std::move(text)};
    if (video.base64) video.text.erase(0, video.text.find(',') + 1);
    videos.push_back(std::move(video));
  }
  return videos;
}

// The one event that a client waits for. A client that leaves before has no way to ask for the video: the
// job is cancelled, unless it may come again with its idempotency key.
class ResultStream final : public http::Stream {
 public:
  ResultStream(const Service& service, Job job, std::vector<std::string> ignored, bool may_come_again)
      : service_(service),
        job_(std::move(job)),
        ignored_(std::move(ignored)),
        may_come_again_(may_come_again) {}

  bool may_block() const override { return true; }
  void on_ready(std::function<void()> wake) override {
    watch_ = watch_job(service_, job_.id, std::move(wake));
  }
  void on_gone() override {
    refresh(service_, job_);
    if (!may_come_again_ && !at_rest(job_))
      (void)service_.store.queue().cancel(job_.id, service_.clock.now());
  }

  std::optional<std::string> poll() override {
    if (told_) return std::nullopt;
    refresh(service_, job_);
    if (!at_rest(job_)) return std::exchange(begun_, true) ? std::string() : http::sse_comment("");
    told_ = true;
    if (job_.state != JobState::succeeded) return http::sse_event(0, "", gateway::print_failure_event(job_));
    const auto videos = videos_of(service_, job_);
    if (!videos) {
      job_.error = make_error(ErrorCode::internal, "The video cannot be read.");
      return http::sse_event(0, "", gateway::print_failure_event(job_));
    }
    return http::sse_event(0, "", gateway::print_result({job_, ignored_}, *videos));
  }

 private:
  const Service& service_;
  Job job_;
  std::vector<std::string> ignored_;
  std::unique_ptr<EventHub::Subscription> watch_;
  bool may_come_again_, begun_ = false, told_ = false;
};

// The model is in a header only.
ParseSubmission parse_for(const http::Request& request) {
  return
      [model = std::string(request.headers.get("ai-model-id"))](
          std::string_view json, std::vector<Error>* all) { return gateway::parse_video(json, model, all); };
}

std::variant<Accepted, http::Response> accept_video(const Service& service, Asked& asked) {
  auto read = read_submission(service, asked, gateway::kDialect, parse_for(asked.request), true);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  Read& request = std::get<Read>(read);
  request.fingerprint += "\n" + std::string(asked.request.headers.get("ai-model-id"));
  return accept(service, asked, gateway::kDialect, std::move(request));
}

http::Response generate(const Service& service, Asked& asked) {
  auto accepted = accept_video(service, asked);
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  auto& [submitted, ignored] = std::get<Accepted>(accepted);
  http::Response response;
  response.headers.set("Content-Type", "text/event-stream");
  response.headers.set("Cache-Control", "no-cache");
  response.headers.set("X-Accel-Buffering", "no");
  label(response, submitted.job);
  response.body = std::shared_ptr<http::Stream>(
      std::make_shared<ResultStream>(service, std::move(submitted.job), std::move(ignored),
                                     !asked.request.headers.get("Idempotency-Key").empty()));
  return response;
}

http::Response start(const Service& service, Asked& asked) {
  auto accepted = accept_video(service, asked);
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const auto& [submitted, ignored] = std::get<Accepted>(accepted);
  const Job& job = submitted.job;
  const std::string secret = job.webhook_url.empty() ? "" : callback_secret(service.secret, job.id);
  http::Response response = json_reply(200, gateway::print_started({job, ignored}, secret));
  label(response, job);
  return response;
}

http::Response status(const Service& service, Asked& asked) {
  TROUPE_BODY(const std::string id, asked.request, gateway::parse_status);
  TROUPE_REPLY(const std::optional<Job> job, find_job(service, asked, id), asked.request);
  if (!job) return not_found(asked.request, "video generation");
  TROUPE_REPLY(const auto videos, videos_of(service, *job), asked.request);
  http::Response response = json_reply(200, gateway::print_status(*job, videos));
  label(response, *job);
  return response;
}

http::Response credits(const Service& service, Asked& asked) {
  const auto today = std::chrono::floor<std::chrono::days>(service.clock.now()).time_since_epoch().count();
  TROUPE_REPLY(const auto balances, service.store.ledger().balances(asked.key.id, today), asked.request);
  return json_reply(200, gateway::print_credits(asked.key, balances));
}

http::Response generation(const Service& service, Asked& asked) {
  TROUPE_REPLY(const std::optional<Job> job,
               find_job(service, asked, std::string(asked.request.query_value("id"))), asked.request);
  if (!job) return not_found(asked.request, "generation");
  return json_reply(200, gateway::print_generation(*job));
}

}  // namespace

void add_gateway_routes(const Service& service, http::Router& router) {
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(service, asked); };
  };
  for (const char* version : {"v3", "v4"}) {
    const std::string base = std::string("/") + version + "/ai";
    router.add(
        guarded(service, "POST", base + "/video-model", "jobs:write", with(generate), kSubmissionBytesMax));
    router.add(guarded(service, "POST", base + "/video-model/start", "jobs:write", with(start),
                       kSubmissionBytesMax));
    router.add(guarded(service, "POST", base + "/video-model/status", "jobs:read", with(status)));
    router.add(guarded(service, "GET", base + "/config", "models:read", [&service, version](Asked&) {
      return json_reply(200, gateway::print_config(service.catalog, version));
    }));
  }
  router.add(guarded(service, "GET", "/v1/credits", "account:read", with(credits)));
  router.add(guarded(service, "GET", "/v1/generation", "jobs:read", with(generation)));
}

}  // namespace troupe::server
