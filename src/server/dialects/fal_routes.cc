// fal's queue: /fal-ai/… as at its own host, and /api/fal/proxy, which its client is pointed at.
#include "api/fal/wire.h"
#include "base/ids.h"
#include "fetch/url.h"
#include "http/sse.h"
#include "http/target.h"
#include "server/answers.h"
#include "server/ed25519.h"
#include "server/find_job.h"
#include "server/identity.h"
#include "server/keep_upload.h"
#include "server/rest_watch.h"
#include "server/submissions.h"
#include "server/take_files.h"

namespace troupe::server {
namespace {

namespace fal = api::fal;

// What a request asks the queue for, wherever it came in.
struct Call {
  fal::Target target;
  std::string webhook;
  bool logs = false;
  std::string base_url;  ///< links in answers begin with it
};

std::string value_of(const std::multimap<std::string, std::string>& query, const char* name) {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

// A place in the queue that can't be read is told as its front.
fal::Place place_of(const Service& service, const Job& job, std::string base_url, std::string app) {
  fal::Place place{std::move(base_url), std::move(app), 0};
  if (job.state != JobState::queued) return place;
  if (const auto ahead = service.store.queue().ahead_of(job.id)) place.ahead = *ahead;
  return place;
}

// Each status as it changes, until the end.
class StatusStream final : public http::Stream {
 public:
  StatusStream(const Service& service, Job job, fal::Place place)
      : service_(service), job_(std::move(job)), place_(std::move(place)) {}

  bool may_block() const override { return true; }
  void on_ready(std::function<void()> wake) override {
    watch_ = watch_job(service_, job_.id, std::move(wake));
  }

  std::optional<std::string> poll() override {
    if (ended_) return std::nullopt;
    refresh(service_, job_);
    ended_ = at_rest(job_);
    std::string status = fal::print_status(job_, place_of(service_, job_, place_.base_url, place_.app), true);
    if (status == told_) return std::string();
    told_ = std::move(status);
    return http::sse_event(0, "", told_);
  }

 private:
  const Service& service_;
  Job job_;
  fal::Place place_;
  std::string told_;
  bool ended_ = false;
  std::unique_ptr<EventHub::Subscription> watch_;
};

http::Response submit(const Service& service, Asked& asked, const Call& call) {
  const ParseSubmission parse = [&](std::string_view json, std::vector<Error>* all) {
    Result<api::Submission> submission = fal::parse_input(json, call.target.model, all);
    if (submission) submission->webhook_url = call.webhook;
    return submission;
  };
  auto read = read_submission(service, asked, fal::kDialect, parse, true);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  Read& request = std::get<Read>(read);
  request.fingerprint += "\n" + call.target.model + "\n" + call.webhook;  // in a header, through the proxy
  auto accepted = accept(service, asked, fal::kDialect, std::move(request));
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const auto& [submitted, ignored] = std::get<Accepted>(accepted);
  http::Response response = json_reply(
      200,
      fal::print_queued(submitted.job, place_of(service, submitted.job, call.base_url, call.target.app)));
  response.headers.set("x-fal-request-id", submitted.job.id);
  label(response, submitted.job);
  name_ignored(response, ignored);
  return response;
}

http::Response answer(int status, api::Answer answer, const Job& job) {
  http::Response response = json_reply(status == 0 ? answer.status : status, std::move(answer.json));
  response.headers.set("x-fal-request-id", job.id);
  label(response, job);
  return response;
}

http::Response result(const Service& service, Asked&, const Job& job) {
  if (job.state != JobState::succeeded) return answer(0, fal::print_no_result(job), job);
  return answer(0, {200, fal::print_result(job, media_link(service, job, 0, TakePart::video))}, job);
}

http::Response cancel(const Service& service, Asked& asked, const Job& job) {
  const bool was_final = is_final(job.state);
  if (!was_final) {
    TROUPE_REPLY_OK(service.store.queue().cancel(job.id, service.clock.now()), asked.request);
  }
  return answer(0, fal::print_cancelled(job, was_final), job);
}

http::Response stream(const Service& service, const Job& job, fal::Place place) {
  http::Response response;
  response.headers.set("Content-Type", "text/event-stream");
  response.headers.set("Cache-Control", "no-cache");
  response.body =
      std::shared_ptr<http::Stream>(std::make_shared<StatusStream>(service, job, std::move(place)));
  return response;
}

http::Response serve(const Service& service, Asked& asked, const Call& call) {
  using What = fal::Target::What;
  const std::string& method = asked.request.method;
  const fal::Target& target = call.target;
  if (target.what == What::submit) {
    if (method == "POST") return submit(service, asked, call);
    return problem_reply(asked.request, api::make_problem("method_not_allowed", "Submit with POST."));
  }
  if ((target.what == What::cancel) != (method == "PUT")) {
    return problem_reply(asked.request,
                         api::make_problem("method_not_allowed", "Cancel with PUT, ask with GET."));
  }
  TROUPE_REPLY(const auto job, find_job(service, asked, target.request_id), asked.request);
  if (!job) return not_found(asked.request, "request");
  if (target.what == What::cancel) return cancel(service, asked, *job);
  if (target.what == What::result) return result(service, asked, *job);
  if (target.what == What::stream) return stream(service, *job, {call.base_url, target.app, 0});
  const fal::Place place = place_of(service, *job, call.base_url, target.app);
  return answer(200, {200, fal::print_status(*job, place, call.logs)}, *job);
}

constexpr std::string_view kInitiate = "/storage/upload/initiate";

// A file that goes ahead of the request that names it: as "upload:ID", which every input takes. What its
// client says of it does not matter: its bytes say what it is.
http::Response announce_file(const Service& service, Asked& asked) {
  if (!has_scope(asked.key, "library:write"))
    return problem_reply(asked.request,
                         api::make_problem("forbidden", "This key lacks the scope \"library:write\"."));
  const Upload upload = new_upload(service, asked.key.id);
  return json_reply(200, fal::print_upload(upload_address(service, upload), "upload:" + upload.id));
}

http::Response direct(const Service& service, Asked& asked) {
  const http::Request& request = asked.request;
  auto target = fal::parse_target(request.path);
  if (!target) return not_found(request, "model or request");
  return serve(service, asked,
               {std::move(*target), value_of(request.query, "fal_webhook"),
                value_of(request.query, "logs") == "1", service.links.base_url});
}

// The client says where it would have gone; nothing is sent there.
http::Response proxied(const Service& service, Asked& asked) {
  constexpr std::string_view kHost = "queue.fal.run", kFileHost = "rest.fal.ai";
  const http::Request& request = asked.request;
  const Result<fetch::Url> url = fetch::parse_url(request.headers.get("x-fal-target-url"));
  if (url && url->host == kFileHost && url->target.substr(0, url->target.find('?')) == kInitiate &&
      request.method == "POST")
    return announce_file(service, asked);
  if (!url || url->host != kHost) {
    return problem_reply(
        request, api::make_problem("invalid_request", "The header x-fal-target-url must name an address of " +
                                                          std::string(kHost) + "."));
  }
  const auto parsed = http::parse_target(url->target);
  auto target = parsed ? fal::parse_target(parsed->path) : std::nullopt;
  if (!target) return not_found(request, "model or request");
  return serve(service, asked,
               {std::move(*target), value_of(parsed->query, "fal_webhook"),
                value_of(parsed->query, "logs") == "1", "https://" + std::string(kHost)});
}

// The key that signs webhooks, as a JSON Web Key Set.
http::Response key_set(const Service& service, const http::Request& request) {
  TROUPE_REPLY(const Bytes bytes, public_ed25519(ed25519_seed(service.secret)), request);
  std::string key = to_base64(bytes);
  for (char& c : key) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (key.ends_with('=')) key.pop_back();
  return json_reply(
      200,
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","kid":"1","x":")" + key + R"("}]})");
}

}  // namespace

void add_fal_routes(const Service& service, http::Router& router) {
  router.add(open_route("GET", "/.well-known/jwks.json",
                        [&service](http::Request& request) { return key_set(service, request); }));
  router.add(guarded(service, "POST", std::string(kInitiate), "library:write",
                     [&service](Asked& asked) { return announce_file(service, asked); }));
  for (const char* method : {"GET", "POST", "PUT"}) {
    const std::string_view scope = std::string_view(method) == "GET" ? "jobs:read" : "jobs:write";
    router.add(guarded(
        service, method, "/fal-ai/{path*}", scope,
        [&service](Asked& asked) { return direct(service, asked); }, kSubmissionBytesMax));
    router.add(guarded(
        service, method, "/api/fal/proxy", scope,
        [&service](Asked& asked) { return proxied(service, asked); }, kSubmissionBytesMax));
  }
}

}  // namespace troupe::server
