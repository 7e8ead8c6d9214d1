// OpenRouter's videos: /api/v1/videos…; and xAI's, which share OpenAI's paths: /v1/videos/generations.
#include "api/openrouter/wire.h"
#include "api/xai/wire.h"
#include "server/answers.h"
#include "server/dialects/shared_videos.h"
#include "server/find_job.h"
#include "server/submissions.h"
#include "server/take_files.h"

namespace troupe::server {
namespace {

namespace openrouter = api::openrouter;
namespace xai = api::xai;

http::Response tell_openrouter(const Service& service, const Job& job, int status) {
  std::vector<std::string> links;
  for (int i = 0; i < static_cast<int>(job.takes.size()); ++i)
    links.push_back(media_link(service, job, i, TakePart::video));
  http::Response response = json_reply(status, openrouter::print_video(job, service.links.base_url, links));
  label(response, job);
  return response;
}

http::Response tell_xai(const Service& service, const http::Request& request, const Job& job) {
  TROUPE_REPLY(const std::string video, fetchable_video(service, job), request);
  api::Answer answer = xai::print_video(job, video);
  http::Response response = json_reply(answer.status, std::move(answer.json));
  label(response, job);
  return response;
}

http::Response create(const Service& service, Asked& asked) {
  TROUPE_REPLY(RequestText text, read_request_text(asked.request, &service.objects), asked.request);
  return create_openrouter(service, asked, std::move(text));
}

http::Response content(const Service& service, Asked& asked, const Job& job) {
  TROUPE_REPLY(const int index, query_number(asked.request, "index", 0, 0, 1000), asked.request);
  return serve_take(service, asked.request, job, index, TakePart::video);
}

http::Response generate(const Service& service, Asked& asked) {
  auto accepted = accept(service, asked, xai::kDialect, xai::parse_generation);
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const auto& [submitted, ignored] = std::get<Accepted>(accepted);
  http::Response response = json_reply(200, xai::print_started(submitted.job));
  label(response, submitted.job);
  name_ignored(response, ignored);
  return response;
}

}  // namespace

http::Response create_openrouter(const Service& service, Asked& asked, RequestText text) {
  auto read = read_submission(
      service, asked, openrouter::kDialect,
      [](std::string_view json, std::vector<Error>* all) { return openrouter::parse_create(json, all); },
      std::move(text));
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  auto accepted = accept(service, asked, openrouter::kDialect, std::get<Read>(std::move(read)));
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const auto& [submitted, ignored] = std::get<Accepted>(accepted);
  http::Response response = tell_openrouter(service, submitted.job, 202);
  name_ignored(response, ignored);
  return response;
}

std::optional<http::Response> tell_in_its_dialect(const Service& service, const http::Request& request,
                                                  const Job& job) {
  if (job.dialect == openrouter::kDialect) return tell_openrouter(service, job, 200);
  if (job.dialect == xai::kDialect) return tell_xai(service, request, job);
  return std::nullopt;
}

void add_openrouter_routes(const Service& service, http::Router& router) {
  const auto one = [&service](auto function) {
    return of_job(service, "video", [&service, function](Asked& asked, const Job& job) {
      return function(service, asked, job);
    });
  };
  const std::string base = "/api/v1/videos";
  router.add(guarded(
      service, "POST", base, "jobs:write", [&service](Asked& asked) { return create(service, asked); },
      kSubmissionBytesMax));
  router.add(guarded(service, "GET", base + "/models", "models:read", [&service](Asked&) {
    return json_reply(200, openrouter::print_models(service.catalog));
  }));
  router.add(guarded(service, "GET", base + "/{id}/content", "jobs:read", one(content)));
  router.add(
      guarded(service, "GET", base + "/{id}", "jobs:read",
              one([](const Service& of, Asked&, const Job& job) { return tell_openrouter(of, job, 200); })));
  router.add(guarded(
      service, "POST", "/v1/videos/generations", "jobs:write",
      [&service](Asked& asked) { return generate(service, asked); }, kSubmissionBytesMax));
}

}  // namespace troupe::server
