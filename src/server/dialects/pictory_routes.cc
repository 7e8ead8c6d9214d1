// Pictory's AI Studio: /pictoryapis/v1/….
#include "api/pictory/wire.h"
#include "server/answers.h"
#include "server/find_job.h"
#include "server/submissions.h"
#include "server/take_files.h"

namespace troupe::server {
namespace {

namespace pictory = api::pictory;

http::Response create(const Service& service, Asked& asked) {
  const ParseSubmission parse = [&](std::string_view json, std::vector<Error>* all) {
    Result<api::Submission> submission = pictory::parse_video(json, all);
    if (submission) pictory::fill_in(service.catalog, submission->spec);
    return submission;
  };
  auto accepted = accept(service, asked, pictory::kDialect, parse);
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const Job& job = std::get<Accepted>(accepted).submitted.job;
  http::Response response = json_reply(200, pictory::print_accepted(job));
  label(response, job);
  return response;
}

http::Response look(const Service& service, Asked& asked) {
  const std::string& id = asked.request.path_values.at("id");
  TROUPE_REPLY(const std::optional<Job> job, find_job(service, asked, id), asked.request);
  if (!job) return json_reply(200, pictory::print_unknown_job(id));
  const pictory::Links links{media_link(service, *job, 0, TakePart::video),
                             media_link(service, *job, 0, TakePart::thumbnail),
                             media_link(service, *job, 0, TakePart::last_frame)};
  http::Response response = json_reply(200, pictory::print_job(*job, links));
  label(response, *job);
  return response;
}

}  // namespace

void add_pictory_routes(const Service& service, http::Router& router) {
  router.add(guarded(
      service, "POST", "/pictoryapis/v1/aistudio/videos", "jobs:write",
      [&service](Asked& asked) { return create(service, asked); }, kSubmissionBytesMax));
  router.add(guarded(service, "GET", "/pictoryapis/v1/jobs/{id}", "jobs:read",
                     [&service](Asked& asked) { return look(service, asked); }));
}

}  // namespace troupe::server
