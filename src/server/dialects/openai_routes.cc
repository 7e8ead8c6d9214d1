// OpenAI's videos API: /v1/videos….
#include "api/openai/wire.h"
#include "api/openrouter/wire.h"
#include "api/vendor_json.h"
#include "base/ids.h"
#include "core/reference_name.h"
#include "http/ranges.h"
#include "server/answers.h"
#include "server/dialects/shared_videos.h"
#include "server/find_job.h"
#include "server/submissions.h"
#include "server/take_files.h"

namespace troupe::server {
namespace {

namespace openai = api::openai;

constexpr int kPageMax = 100, kPageUsual = 20;
constexpr const char* kPollAfter = "1000";  // milliseconds, for the client's own loop

// What a job comes to: of its take, or of its request before there is one.
openai::Video video_of(const Service& service, const Job& job) {
  openai::Video video{job, job.model, {}, {}, job.prompt};
  const auto model = service.catalog.find(job.model);
  if (model) video.model = api::name_in(**model, openai::kDialect);
  if (!job.takes.empty()) {
    video.size = job.takes.front().size;
    video.duration = {static_cast<int64_t>(api::take_seconds(job.takes.front()) * 1000 + 0.5)};
    return video;
  }
  const auto spec = spec_of(job);
  if (!model || !spec) return video;
  if (const auto resolved = service.catalog.resolve(*spec, **model)) {
    video.size = resolved->size;
    video.duration = resolved->duration;
  }
  return video;
}

http::Response tell_video(const Service& service, const Job& job) {
  http::Response response = json_reply(200, openai::print_video(video_of(service, job)));
  response.headers.set("openai-poll-after-ms", kPollAfter);
  label(response, job);
  return response;
}

http::Response create(const Service& service, Asked& asked) {
  TROUPE_REPLY(RequestText text, read_request_text(asked.request, &service.objects), asked.request);
  if (api::openrouter::is_ours(text.json)) return create_openrouter(service, asked, std::move(text));
  auto read = read_submission(service, asked, openai::kDialect, openai::parse_create, std::move(text));
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  auto accepted = accept(service, asked, openai::kDialect, std::get<Read>(std::move(read)));
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const auto& [submitted, ignored] = std::get<Accepted>(accepted);
  http::Response response = tell_video(service, submitted.job);
  name_ignored(response, ignored);
  return response;
}

http::Response list(const Service& service, Asked& asked) {
  if (const auto order = asked.request.query_value("order"); !order.empty() && order != "desc")
    return error_reply(asked.request, make_error(ErrorCode::unsupported, "can only be desc here", "/order"));
  TROUPE_REPLY(const int limit, query_number(asked.request, "limit", kPageUsual, 1, kPageMax), asked.request);
  const std::string after(asked.request.query_value("after"));
  if (!after.empty() && !is_id(after, "job")) return not_found(asked.request, "video to go on after");
  jobs::JobFilter filter;
  filter.account = asked.sees();
  TROUPE_REPLY(const jobs::JobPage page, service.store.queue().list(filter, after, limit), asked.request);
  std::vector<openai::Video> videos;
  for (const Job& job : page.jobs) videos.push_back(video_of(service, job));
  return json_reply(200, openai::print_videos(videos, !page.next.empty()));
}

constexpr const char* kBeingStopped =
    "The video is being stopped, where a provider has it there too. Delete it again once it is cancelled; "
    "one "
    "whose provider does not answer is closed by an operator: troupe jobs cancel --abandon.";

http::Response remove(const Service& service, Asked& asked, const Job& job) {
  const Time now = service.clock.now();
  // It has no other way to cancel.
  if (!is_final(job.state)) {
    TROUPE_REPLY(const Job after, service.store.queue().cancel(job.id, now), asked.request);
    // After 409 clients try again by themselves.
    if (!is_final(after.state))
      return problem_reply(asked.request, api::make_problem("conflict", kBeingStopped));
  }
  TROUPE_REPLY_OK(service.store.queue().remove(job.id, now), asked.request);
  return json_reply(200, openai::print_deleted(job));
}

http::Response content(const Service& service, Asked& asked, const Job& job) {
  const std::string_view variant = asked.request.query_value("variant");
  if (variant.empty() || variant == "video")
    return serve_take(service, asked.request, job, 0, TakePart::video);
  if (variant == "thumbnail") return serve_take(service, asked.request, job, 0, TakePart::thumbnail);
  if (variant == "spritesheet") return serve_take(service, asked.request, job, 0, TakePart::spritesheet);
  return error_reply(asked.request,
                     make_error(ErrorCode::invalid_argument,
                                "variant must be video, thumbnail or spritesheet.", "/variant"));
}

// A change's body: a form or JSON, whose media are uploads from now on.
struct ReadChange {
  openai::Change change;
  std::string fingerprint;
};
std::variant<ReadChange, http::Response> read_change(const Service& service, Asked& asked) {
  auto text = read_request_text(asked.request, &service.objects);
  if (!text) return error_reply(asked.request, text.error());
  std::vector<Error> errors;
  auto change = openai::parse_change(text->json, &errors);
  if (!change) return body_reply(asked.request, errors);
  if (change->video) {
    GenerationSpec holder;
    holder.extend = change->video;
    auto unattached = attach_media(service, asked.key.id, text->media, holder);
    if (!unattached) return error_reply(asked.request, unattached.error());
    if (!unattached->empty()) return refuse(asked.request, *unattached, same_fields());
    change->video = holder.extend;
  }
  return ReadChange{std::move(*change), std::move(text->fingerprint)};
}

// `old`: what the new one is made of; null = nothing of ours.
http::Response queue_changed(const Service& service, Asked& asked, GenerationSpec spec, const Job* old,
                             std::string_view fingerprint) {
  std::optional<ApiKey> payer = asked.key;
  if (old != nullptr) {
    TROUPE_REPLY(payer, payer_of(service, asked, *old), asked.request);
  }
  if (!payer) return not_found(asked.request, "key that the video belongs to");
  TROUPE_REPLY(const Considered considered, consider(service, *payer, openai::kDialect, std::move(spec)),
               asked.request);
  if (!considered.answer.violations.empty()) {
    api::FieldMap fields = same_fields();
    fields.fold("/duration", "/seconds");
    fields.fold("/extend", "/video");
    return refuse(asked.request, considered.answer.violations, fields);
  }
  jobs::NewJob job = new_job(service, *payer, openai::kDialect, considered, {});
  if (old != nullptr) job.job.parent = old->id;
  auto queued = queue_job(service, asked, std::move(job), fingerprint);
  if (auto* refused = std::get_if<http::Response>(&queued)) return std::move(*refused);
  return tell_video(service, std::get<jobs::Submitted>(queued).job);
}

// The same request with another prompt: references, size and length stay.
http::Response remix(const Service& service, Asked& asked, const Job& old, const ReadChange& read) {
  if (read.change.seconds || read.change.video) {
    return error_reply(
        asked.request,
        make_error(ErrorCode::unsupported, "is not taken here: only the prompt and the model can be another",
                   read.change.seconds ? "/seconds" : "/video"));
  }
  TROUPE_REPLY(GenerationSpec spec, spec_of(old), asked.request);
  spec.prompt = read.change.prompt;
  spec.shots.clear();
  spec.count = 1;
  if (!read.change.model.empty()) spec.model = read.change.model;
  return queue_changed(service, asked, std::move(spec), &old, read.fingerprint + old.id);
}

http::Response remix_by_path(const Service& service, Asked& asked, const Job& old) {
  auto read = read_change(service, asked);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  return remix(service, asked, old, std::get<ReadChange>(read));
}

http::Response edit(const Service& service, Asked& asked) {
  auto read = read_change(service, asked);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  const ReadChange& change = std::get<ReadChange>(read);
  if (change.change.video_id.empty()) {
    return error_reply(
        asked.request,
        make_error(ErrorCode::invalid_argument,
                   "Only videos that were made here can be edited: give video[id].", "/video"));
  }
  TROUPE_REPLY(const auto old, find_job(service, asked, change.change.video_id), asked.request);
  if (!old) return not_found(asked.request, "video");
  return remix(service, asked, *old, change);
}

// The take's video as an upload of the account, which a request can name.
Result<MediaSource> take_as_source(const Service& service, const Job& job) {
  if (job.takes.empty()) return make_error(ErrorCode::conflict, "The video is not finished.");
  Upload upload;
  upload.created = service.clock.now();
  upload.id = new_id("upl", upload.created);
  upload.account = job.account;
  upload.object = job.takes.front().video;
  upload.media_type = "video/mp4";
  upload.size_bytes = job.takes.front().size_bytes;
  upload.attached = true;
  TROUPE_TRY(const Upload attached, service.store.library().attach_upload(upload));
  return MediaSource{"upload:" + attached.id};
}

http::Response extend(const Service& service, Asked& asked) {
  auto read = read_change(service, asked);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  const auto& [change, fingerprint] = std::get<ReadChange>(read);
  GenerationSpec spec;
  spec.model = change.model.empty() ? "sora-2" : change.model;
  spec.prompt = change.prompt;
  spec.duration = change.seconds;
  spec.extend = change.video;
  std::optional<Job> old;
  if (!change.video_id.empty()) {
    TROUPE_REPLY(old, find_job(service, asked, change.video_id), asked.request);
    if (!old) return not_found(asked.request, "video");
    TROUPE_REPLY(spec.extend, take_as_source(service, *old), asked.request);
    if (change.model.empty()) spec.model = old->model;
  }
  if (!spec.extend) {
    return error_reply(asked.request, make_error(ErrorCode::invalid_argument,
                                                 "is missing: give video[id] or a file", "/video"));
  }
  return queue_changed(service, asked, std::move(spec), old ? &*old : nullptr, fingerprint);
}

http::Response create_character(const Service& service, Asked& asked) {
  TROUPE_REPLY(const RequestText text, read_request_text(asked.request, &service.objects), asked.request);
  std::vector<Error> errors;
  auto character = openai::parse_character(text.json, &errors);
  if (!character) return body_reply(asked.request, errors);
  TROUPE_REPLY_OK(check_name(character->name), asked.request);
  GenerationSpec holder;
  holder.extend = character->video;
  TROUPE_REPLY(const auto unattached, attach_media(service, asked.key.id, text.media, holder), asked.request);
  if (!unattached.empty()) return refuse(asked.request, unattached, same_fields());
  constexpr std::string_view kUpload = "upload:";
  if (!holder.extend->uri.starts_with(kUpload)) {
    return error_reply(asked.request, make_error(ErrorCode::invalid_argument,
                                                 "must be a file, or \"upload:ID\" of one", "/video"));
  }
  Element element;
  element.created = element.updated = service.clock.now();
  element.id = new_id("elm", element.created);
  element.account = asked.key.id;
  element.name = character->name;
  element.clip = holder.extend->uri.substr(kUpload.size());
  TROUPE_REPLY_OK(service.store.library().add_element(element), asked.request);
  return json_reply(200, openai::print_character(element));
}

http::Response show_character(const Service& service, Asked& asked) {
  TROUPE_REPLY(const auto element,
               service.store.library().find_element(asked.key.id, asked.request.path_values.at("id")),
               asked.request);
  if (!element) return not_found(asked.request, "character");
  return json_reply(200, openai::print_character(*element));
}

}  // namespace

void add_openai_routes(const Service& service, http::Router& router) {
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(service, asked); };
  };
  const auto one = [&service](auto function) {
    return of_job(service, "video", [&service, function](Asked& asked, const Job& job) {
      return function(service, asked, job);
    });
  };
  const auto add = [&](const char* method, const std::string& path, std::string_view scope, auto handler) {
    router.add(guarded(service, method, "/v1/videos" + path, scope, handler, kSubmissionBytesMax));
  };
  add("POST", "", "jobs:write", with(create));
  add("GET", "", "jobs:read", with(list));
  add("POST", "/edits", "jobs:write", with(edit));
  add("POST", "/extensions", "jobs:write", with(extend));
  add("POST", "/characters", "library:write", with(create_character));
  add("GET", "/characters/{id}", "library:read", with(show_character));
  add("POST", "/{id}/remix", "jobs:write", one(remix_by_path));
  add("GET", "/{id}/content", "jobs:read", one(content));
  add("DELETE", "/{id}", "jobs:write", one(remove));
  add("GET", "/{id}", "jobs:read", one([](const Service& of, Asked& asked, const Job& job) {
        auto own = tell_in_its_dialect(of, asked.request, job);
        return own ? std::move(*own) : tell_video(of, job);
      }));
}

}  // namespace troupe::server
