#include "server/take_files.h"

#include <array>

#include "base/bytes.h"
#include "base/ids.h"
#include "core/short_text.h"
#include "fetch/address.h"
#include "fetch/url.h"
#include "http/ranges.h"
#include "server/answers.h"
#include "server/media_signature.h"

namespace troupe::server {
namespace {

struct PartFacts {
  const char* file;  ///< in links
  const char* content_type;
  const char* suffix;  ///< behind the job's id, for whoever saves it
  std::string Take::*object;
};

const PartFacts& facts_of(TakePart part) {
  static constexpr std::array<PartFacts, 4> kFacts{
      {{"video.mp4", "video/mp4", ".mp4", &Take::video},
       {"thumbnail.jpg", "image/jpeg", "-thumbnail.jpg", &Take::thumbnail},
       {"last-frame.png", "image/png", "-last-frame.png", &Take::last_frame},
       {"spritesheet.jpg", "image/jpeg", "-spritesheet.jpg", &Take::spritesheet}}};
  return kFacts[static_cast<size_t>(part)];
}

// "" if there is none.
std::string object_of(const Job& job, int index, TakePart part) {
  if (job.state != JobState::succeeded || index < 0 || static_cast<size_t>(index) >= job.takes.size())
    return "";
  return job.takes[static_cast<size_t>(index)].*facts_of(part).object;
}

}  // namespace

std::optional<http::Response> refuse_link(const Service& service, const http::Request& request) {
  const auto state = check_media_path(service.secret, request.path, request.query_value("expires"),
                                      request.query_value("signature"), service.clock.now());
  if (state == MediaLinkState::good) return std::nullopt;
  if (state == MediaLinkState::forged) return not_found(request, "page");
  api::Problem gone = api::make_problem("not_found", "This link has expired: ask for the job again.");
  gone.status = 410;
  return problem_reply(request, std::move(gone));
}

http::Response serve_take(const Service& service, const http::Request& request, const Job& job, int index,
                          TakePart part, bool attachment) {
  if (job.state != JobState::succeeded) return not_found(request, "video: the job has not succeeded");
  if (index < 0 || static_cast<size_t>(index) >= job.takes.size()) return not_found(request, "take");
  const PartFacts& facts = facts_of(part);
  const std::string object = object_of(job, index, part);
  const auto file = object.empty() ? std::nullopt : service.objects.local_file(object);
  if (!file) return not_found(request, "file of this take");
  TROUPE_REPLY(const auto reader, service.objects.open(object), request);
  http::FileAnswer answer;
  answer.content_type = facts.content_type;
  answer.etag = "\"" + object + "\"";
  answer.file_name = job.id + (index > 0 ? "-" + std::to_string(index + 1) : "") + facts.suffix;
  answer.attachment = attachment;
  answer.cache_control = "private, max-age=31536000, immutable";
  http::Response response = http::serve_file(request, *file, reader->size_bytes(), answer);
  label(response, job);
  return response;
}

std::string media_link(const LinkIdentity& identity, const Job& job, int index, TakePart part, Time now) {
  if (object_of(job, index, part).empty()) return "";
  const std::string path = "/media/" + job.id + "/" + std::to_string(index) + "/" + facts_of(part).file;
  return std::string(identity.base_url) + sign_media_path(identity.server_secret, path, now + kMediaLinkTime);
}

std::string media_link(const Service& service, const Job& job, int index, TakePart part) {
  return media_link({service.links.base_url, service.secret}, job, index, part, service.clock.now());
}

Result<std::string> media_data_url(const Service& service, const Job& job, int index, TakePart part) {
  const std::string object = object_of(job, index, part);
  if (object.empty()) return std::string();
  const Result<Bytes> bytes = service.objects.read(object, kDataUrlBytesMax);
  if (!bytes && bytes.error().code == ErrorCode::over_limit) return media_link(service, job, index, part);
  if (!bytes) return bytes.error();
  return "data:" + std::string(facts_of(part).content_type) + ";base64," + to_base64(*bytes);
}

bool is_public_url(std::string_view base_url) {
  const Result<fetch::Url> url = fetch::parse_url(std::string(base_url));
  if (!url) return false;
  if (const auto address = fetch::parse_address(url->host)) return fetch::is_public(*address);
  const std::string_view host = url->host;
  for (const std::string_view inside : {".local", ".localhost", ".internal", ".lan", ".home.arpa"})
    if (host.ends_with(inside)) return false;
  return host.find('.') != std::string_view::npos;  // "localhost", "troupe"
}

Result<std::vector<std::string>> fetchable_videos(const Service& service, const Job& job) {
  std::vector<std::string> videos;
  uint64_t room = is_public_url(service.links.base_url) ? 0 : kDataUrlBytesMax;
  for (int i = 0; i < static_cast<int>(job.takes.size()); ++i) {
    const uint64_t size = job.takes[static_cast<size_t>(i)].size_bytes;
    if (size == 0 || size > room) {
      videos.push_back(media_link(service, job, i, TakePart::video));
      continue;
    }
    room -= size;
    TROUPE_TRY(std::string video, media_data_url(service, job, i, TakePart::video));
    videos.push_back(std::move(video));
  }
  return videos;
}

Result<std::string> fetchable_video(const Service& service, const Job& job) {
  Job first = job;
  if (first.takes.size() > 1) first.takes.resize(1);
  TROUPE_TRY(std::vector<std::string> videos, fetchable_videos(service, first));
  return videos.empty() ? std::string() : std::move(videos.front());
}

}  // namespace troupe::server
