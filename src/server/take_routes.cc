// The files of a finished job: video, thumbnail, last frame, spritesheet. For keys below /v1, for whoever has
// a link below /media.
#include "base/ids.h"
#include "server/answers.h"
#include "server/media_signature.h"
#include "server/take_files.h"

namespace troupe::server {
namespace {

struct Name {
  const char* path;  ///< below /v1/jobs/{id}
  const char* file;  ///< of links
  TakePart part;
};
constexpr Name kNames[] = {{"video", "video.mp4", TakePart::video},
                           {"thumbnail", "thumbnail.jpg", TakePart::thumbnail},
                           {"last-frame", "last-frame.png", TakePart::last_frame},
                           {"spritesheet", "spritesheet.jpg", TakePart::spritesheet}};

Result<std::optional<Job>> find_job(const Service& service, const std::string& id) {
  if (!is_id(id, "job")) return std::optional<Job>();
  return service.store.queue().find(id);
}

http::Response by_key(const Service& service, Asked& asked, TakePart part) {
  TROUPE_REPLY(const auto job, find_job(service, asked.request.path_values.at("id")), asked.request);
  if (!job || (asked.sees() && *asked.sees() != job->account)) return not_found(asked.request, "job");
  TROUPE_REPLY(const int index, query_number(asked.request, "take", 0, 0, 1000), asked.request);
  TROUPE_REPLY(const bool attachment, query_flag(asked.request, "download", false), asked.request);
  return serve_take(service, asked.request, *job, index, part, attachment);
}

http::Response by_link(const Service& service, const http::Request& request, TakePart part) {
  if (auto refused = refuse_link(service, request)) return std::move(*refused);
  TROUPE_REPLY(const auto job, find_job(service, request.path_values.at("id")), request);
  if (!job) return not_found(request, "job");
  // Signed by this server: a number.
  const int index = std::stoi(request.path_values.at("take"));
  return serve_take(service, request, *job, index, part);
}

}  // namespace

void add_take_routes(const Service& service, http::Router& router) {
  for (const Name& name : kNames) {
    const TakePart part = name.part;
    router.add(guarded(service, "GET", std::string("/v1/jobs/{id}/") + name.path, "jobs:read",
                       [&service, part](Asked& asked) { return by_key(service, asked, part); }));
    router.add(
        open_route("GET", std::string("/media/{id}/{take}/") + name.file,
                   [&service, part](http::Request& request) { return by_link(service, request, part); }));
  }
}

}  // namespace troupe::server
