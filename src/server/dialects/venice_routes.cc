// Venice's video API: /api/v1/video/…, /api/v1/models.
#include <chrono>

#include "api/vendor_json.h"
#include "api/venice/wire.h"
#include "server/answers.h"
#include "server/find_job.h"
#include "server/rest_watch.h"
#include "server/submissions.h"
#include "server/take_files.h"

namespace troupe::server {
namespace {

namespace venice = api::venice;

constexpr double kUsualSeconds = 60;  // told as the average before there is one

// What is left of the key's requests, on every answer.
void add_limits(http::Response& response, const Service& service, const ApiKey& key) {
  const Allowance allowance = service.keys.allowance(key);
  if (allowance.limit <= 0) return;
  const auto reset = std::chrono::floor<std::chrono::seconds>(service.clock.now().time_since_epoch());
  response.headers.set("x-ratelimit-limit-requests", std::to_string(allowance.limit));
  response.headers.set("x-ratelimit-remaining-requests", std::to_string(allowance.remaining));
  response.headers.set("x-ratelimit-reset-requests", std::to_string((reset + allowance.reset).count()));
}

venice::Pace pace_of(const Service& service, const Job& job) {
  const double average = estimated_seconds(service, job).value_or(kUsualSeconds);
  const auto end = job.finished.value_or(service.clock.now());
  const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(end - job.created);
  return {static_cast<int64_t>(average * 1000), spent.count()};
}

http::Response queue(const Service& service, Asked& asked) {
  auto accepted = accept(service, asked, venice::kDialect, venice::parse_queue);
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const auto& [submitted, ignored] = std::get<Accepted>(accepted);
  TROUPE_REPLY(const catalog::Model* const model, service.catalog.find(submitted.job.model), asked.request);
  http::Response response =
      json_reply(200, venice::print_queued(submitted.job, api::name_in(*model, venice::kDialect)));
  label(response, submitted.job);
  name_ignored(response, ignored);
  return response;
}

http::Response completed(const Service& service, Asked& asked, const Job& job) {
  const http::Headers& headers = asked.request.headers;
  if (!venice::wants_json(headers.get("Accept"), headers.get("User-Agent")))
    return serve_take(service, asked.request, job, 0, TakePart::video);
  http::Response response = json_reply(
      200, venice::print_completed(pace_of(service, job), media_link(service, job, 0, TakePart::video)));
  label(response, job);
  return response;
}

http::Response retrieve(const Service& service, Asked& asked) {
  TROUPE_BODY(const venice::Retrieval retrieval, asked.request, venice::parse_retrieval);
  if (retrieval.delete_media && !has_scope(asked.key, "jobs:write")) {
    return problem_reply(
        asked.request,
        api::make_problem("forbidden", "This key lacks the scope \"jobs:write\", which deleting needs."));
  }
  TROUPE_REPLY(const std::optional<Job> job, find_job(service, asked, retrieval.queue_id), asked.request);
  if (!job) return not_found(asked.request, "video: it may be deleted");
  if (job->state == JobState::succeeded) {
    http::Response response = completed(service, asked, *job);
    // Only with the whole of the bytes in hand: a link needs the job, and a part is not the video. The bytes
    // stay until the sweeper finds that nothing names them: what is being sent, is sent whole.
    const bool whole = response.status == 200 && std::holds_alternative<http::FilePart>(response.body);
    if (retrieval.delete_media && whole) {
      TROUPE_REPLY_OK(service.store.queue().remove(job->id, service.clock.now()), asked.request);
    }
    return response;
  }
  if (at_rest(*job)) {
    api::Answer failure = venice::print_failure(*job);
    http::Response response = json_reply(failure.status, std::move(failure.json));
    label(response, *job);
    return response;
  }
  http::Response response = json_reply(200, venice::print_processing(pace_of(service, *job)));
  label(response, *job);
  return response;
}

http::Response complete(const Service& service, Asked& asked) {
  TROUPE_BODY(const venice::Retrieval retrieval, asked.request, venice::parse_retrieval);
  TROUPE_REPLY(const std::optional<Job> job, find_job(service, asked, retrieval.queue_id), asked.request);
  if (!job) return not_found(asked.request, "video: it may be deleted");
  TROUPE_REPLY_OK(service.store.queue().remove(job->id, service.clock.now()), asked.request);
  return json_reply(200, venice::print_success());
}

// The least that the model takes, in the settings that decide its price.
GenerationSpec priced_spec(const catalog::Model& model, const venice::QuoteRequest& quote) {
  GenerationSpec spec;
  spec.model = model.id;
  spec.prompt = "a video";
  spec.duration = quote.duration;
  spec.resolution = quote.resolution;
  spec.audio = quote.audio;
  const MediaSource any{"https://example.com/picture.png"};
  if (model.has(Mode::text)) return spec;
  if (!model.has(Mode::references)) {
    spec.first_frame = any;
    return spec;
  }
  Reference reference;
  reference.kind = model.inputs.images_max > 0 ? ReferenceKind::image : ReferenceKind::element;
  reference.source = any;
  spec.references.push_back(std::move(reference));
  return spec;
}

http::Response quote(const Service& service, http::Request& request) {
  TROUPE_BODY(const venice::QuoteRequest quote, request, venice::parse_quote);
  const auto model = service.catalog.find(quote.model, venice::kDialect);
  if (!model) {
    const catalog::Violation unknown{"/model", "not_found", model.error().message, ""};
    return refuse(request, {unknown}, same_fields());
  }
  const GenerationSpec spec = priced_spec(**model, quote);
  const std::vector<catalog::Violation> broken = service.catalog.check(spec, **model);
  if (!broken.empty()) return refuse(request, broken, same_fields());
  TROUPE_REPLY(const catalog::Resolved resolved, service.catalog.resolve(spec, **model), request);
  return json_reply(200, venice::print_quote(catalog::price(**model, resolved).total));
}

http::Response models(const Service& service, http::Request& request) {
  const std::string_view type = request.query_value("type");
  const bool video = type.empty() || type == "video" || type == "all";
  static const catalog::Catalog kNone;
  return json_reply(200,
                    venice::print_models(video ? service.catalog : kNone, type.empty() ? "video" : type));
}

}  // namespace

void add_venice_routes(const Service& service, http::Router& router) {
  const auto add = [&](const char* method, const char* path, std::string_view scope, auto function,
                       uint64_t body_bytes_max) {
    const auto handler = [&service, function](Asked& asked) {
      http::Response response = function(service, asked);
      add_limits(response, service, asked.key);
      return response;
    };
    router.add(guarded(service, method, std::string("/api/v1") + path, scope, handler, body_bytes_max));
  };
  add("POST", "/video/queue", "jobs:write", queue, kSubmissionBytesMax);
  add("POST", "/video/retrieve", "jobs:read", retrieve, kSmallBodyMax);
  add("POST", "/video/complete", "jobs:write", complete, kSmallBodyMax);
  add(
      "GET", "/api_keys/rate_limits", "account:read",
      [](const Service&, Asked& asked) {
        return json_reply(200, venice::print_rate_limits(asked.key.requests_per_minute));
      },
      kSmallBodyMax);
  // As at Venice, prices and limits need no key.
  router.add(open_route("POST", "/api/v1/video/quote",
                        [&service](http::Request& request) { return quote(service, request); }));
  router.add(open_route("GET", "/api/v1/models",
                        [&service](http::Request& request) { return models(service, request); }));
}

}  // namespace troupe::server
