// What a finished job made: video, thumbnail, last frame.
#include "base/ids.h"
#include "http/ranges.h"
#include "server/answers.h"
#include "server/service.h"

namespace troupe::server {
namespace {

struct Part {
  const char* path;
  const char* content_type;
  const char* extension;
  std::string Take::*object;
};

constexpr Part kParts[] = {{"video", "video/mp4", ".mp4", &Take::video},
                           {"thumbnail", "image/jpeg", "-thumbnail.jpg", &Take::thumbnail},
                           {"last-frame", "image/png", "-last-frame.png", &Take::last_frame}};

http::Response serve(const Service& service, const Asked& asked, const Job& job, const Part& part) {
  TROUPE_REPLY(const int index, query_number(asked.request, "take", 0, 0, 1000), asked.request);
  if (job.state != JobState::succeeded || static_cast<size_t>(index) >= job.takes.size())
    return not_found(asked.request,
                     job.state == JobState::succeeded ? "take" : "video: the job has not succeeded");
  const std::string& object = job.takes[static_cast<size_t>(index)].*part.object;
  const auto file = object.empty() ? std::nullopt : service.objects.local_file(object);
  if (!file) return not_found(asked.request, "file of this take");
  TROUPE_REPLY(const auto reader, service.objects.open(object), asked.request);
  http::FileAnswer answer;
  answer.content_type = part.content_type;
  answer.etag = "\"" + object + "\"";
  answer.file_name = job.id + (index > 0 ? "-" + std::to_string(index + 1) : "") + part.extension;
  TROUPE_REPLY(answer.attachment, query_flag(asked.request, "download", false), asked.request);
  answer.cache_control = "private, max-age=31536000, immutable";
  http::Response response = http::serve_file(asked.request, *file, reader->size_bytes(), answer);
  if (job.draft) response.headers.set("X-Troupe-Draft", "true");
  response.headers.set("X-Troupe-Engine", job.engine);
  return response;
}

}  // namespace

void add_take_routes(const Service& service, http::Router& router) {
  for (const Part& part : kParts) {
    const auto handler = [&service, &part](Asked& asked) {
      const std::string& id = asked.request.path_values.at("id");
      std::optional<Job> job;
      if (is_id(id, "job")) {
        TROUPE_REPLY(job, service.store.queue().find(id), asked.request);
      }
      if (!job || (asked.sees() && *asked.sees() != job->account)) return not_found(asked.request, "job");
      return serve(service, asked, *job, part);
    };
    router.add(guarded(service, "GET", std::string("/v1/jobs/{id}/") + part.path, "jobs:read", handler));
  }
}

}  // namespace troupe::server
