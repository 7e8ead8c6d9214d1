// Replicate's predictions: /v1/models/{owner}/{name}/predictions, /v1/predictions…; its files: /v1/files.
#include <charconv>
#include <nlohmann/json.hpp>

#include "api/replicate/wire.h"
#include "api/vendor_json.h"
#include "base/ids.h"
#include "server/answers.h"
#include "server/find_job.h"
#include "server/keep_upload.h"
#include "server/submissions.h"
#include "server/take_files.h"
#include "server/webhook_signature.h"

namespace troupe::server {
namespace {

namespace replicate = api::replicate;

constexpr int kPage = 100;
constexpr std::chrono::seconds kUsualWait{60};

// Its model is told by the name that programs know there.
replicate::Prediction bare_prediction(const Service& service, const Job& job, bool starting) {
  replicate::Prediction prediction{job, service.links.base_url, {}, starting};
  if (const auto model = service.catalog.find(job.model))
    prediction.model = api::name_in(**model, replicate::kDialect);
  return prediction;
}

Result<replicate::Prediction> prediction_of(const Service& service, const Job& job, bool starting = false) {
  replicate::Prediction prediction = bare_prediction(service, job, starting);
  TROUPE_TRY(prediction.output, fetchable_videos(service, job));
  return prediction;
}

http::Response tell_prediction(const Service& service, const http::Request& request, const Job& job,
                               int status, bool starting = false) {
  TROUPE_REPLY(const auto prediction, prediction_of(service, job, starting), request);
  http::Response response = json_reply(status, replicate::print_prediction(prediction));
  label(response, job);
  return response;
}

// "Prefer: wait" alone waits as long as there.
std::chrono::seconds wait_of(const http::Request& request) {
  const std::string_view prefer = request.headers.get("Prefer");
  return prefer == "wait" ? kUsualWait : wait_asked(request);
}

http::Response create(const Service& service, Asked& asked) {
  const auto& values = asked.request.path_values;
  const std::string model = values.contains("name") ? values.at("owner") + "/" + values.at("name") : "";
  const ParseSubmission parse = [&](std::string_view json, std::vector<Error>* all) {
    return replicate::parse_prediction(json, model, all);
  };
  auto accepted = accept(service, asked, replicate::kDialect, parse);
  if (auto* refused = std::get_if<http::Response>(&accepted)) return std::move(*refused);
  const auto& [submitted, ignored] = std::get<Accepted>(accepted);
  http::Request head;  // of what an answer to a wait needs
  head.path = asked.request.path;
  head.request_id = asked.request.request_id;
  auto shared = std::make_shared<http::Request>(std::move(head));
  return when_at_rest(service, submitted.job, wait_of(asked.request),
                      [&service, shared, names = ignored](const Job& now) {
                        http::Response response = tell_prediction(service, *shared, now, 201, true);
                        name_ignored(response, names);
                        return response;
                      });
}

http::Response list(const Service& service, Asked& asked) {
  jobs::JobFilter filter;
  filter.account = asked.sees();
  const std::string before(asked.request.query_value("cursor"));
  if (!before.empty() && !is_id(before, "job")) return not_found(asked.request, "page");
  TROUPE_REPLY(const jobs::JobPage page, service.store.queue().list(filter, before, kPage), asked.request);
  std::vector<replicate::Prediction> predictions;
  for (const Job& job : page.jobs) {
    predictions.push_back(bare_prediction(service, job, false));
    for (int i = 0; i < static_cast<int>(job.takes.size()); ++i)
      predictions.back().output.push_back(media_link(service, job, i, TakePart::video));
  }
  const std::string next =
      page.next.empty() ? "" : service.links.base_url + "/v1/predictions?cursor=" + page.next;
  return json_reply(200, replicate::print_predictions(predictions, next));
}

http::Response cancel(const Service& service, Asked& asked, const Job& job) {
  TROUPE_REPLY(const Job after, service.store.queue().cancel(job.id, service.clock.now()), asked.request);
  return tell_prediction(service, asked.request, after, 200);
}

http::Response tell_file(const Upload& upload, int status) {
  return json_reply(status, replicate::print_file(upload, "upload:" + upload.id));
}

// A form whose "content" is the file; what else is in it has no meaning here.
http::Response send_file(const Service& service, Asked& asked) {
  constexpr std::string_view kInline = "inline:";
  TROUPE_REPLY(const RequestText text, read_request_text(asked.request, &service.objects), asked.request);
  const auto body = nlohmann::json::parse(text.json, nullptr, false);
  const std::string content = body.is_object() && body.contains("content") && body["content"].is_string()
                                  ? body["content"].get<std::string>()
                                  : "";
  size_t index = text.media.size();
  if (content.starts_with(kInline))
    std::from_chars(content.data() + kInline.size(), content.data() + content.size(), index);
  if (index >= text.media.size()) {
    return error_reply(asked.request, make_error(ErrorCode::invalid_argument,
                                                 "is missing: send the file in a form", "/content"));
  }
  const RequestMedium& medium = text.media[index];
  if (medium.error)
    return error_reply(asked.request, make_error(medium.error->code, medium.error->message, "/content"));
  Upload upload = new_upload(service, asked.key.id);
  upload.object = medium.object;
  upload.media_type = medium.media_type;
  upload.size_bytes = medium.size_bytes;
  TROUPE_REPLY_OK(service.store.library().add_upload(upload), asked.request);
  return tell_file(upload, 201);
}

Result<std::optional<Upload>> find_file(const Service& service, const Asked& asked) {
  const std::string& id = asked.request.path_values.at("id");
  if (!is_id(id, "upl")) return std::optional<Upload>();
  return service.store.library().find_upload(asked.key.id, id);
}

http::Response show_file(const Service& service, Asked& asked) {
  TROUPE_REPLY(const auto upload, find_file(service, asked), asked.request);
  return upload ? tell_file(*upload, 200) : not_found(asked.request, "file");
}

http::Response remove_file(const Service& service, Asked& asked) {
  TROUPE_REPLY(const auto upload, find_file(service, asked), asked.request);
  if (!upload) return not_found(asked.request, "file");
  TROUPE_REPLY_OK(service.store.library().remove_upload(asked.key.id, upload->id), asked.request);
  return empty_reply(204);
}

}  // namespace

void add_replicate_routes(const Service& service, http::Router& router) {
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(service, asked); };
  };
  const auto one = [&service](auto function) {
    return of_job(service, "prediction", [&service, function](Asked& asked, const Job& job) {
      return function(service, asked, job);
    });
  };
  for (const char* path : {"/v1/predictions", "/v1/models/{owner}/{name}/predictions",
                           "/v1/deployments/{owner}/{name}/predictions"})
    router.add(guarded(service, "POST", path, "jobs:write", with(create), kSubmissionBytesMax));
  router.add(guarded(service, "POST", "/v1/files", "library:write", with(send_file), kSubmissionBytesMax));
  router.add(guarded(service, "GET", "/v1/files/{id}", "library:read", with(show_file)));
  router.add(guarded(service, "DELETE", "/v1/files/{id}", "library:write", with(remove_file)));
  router.add(guarded(service, "GET", "/v1/predictions", "jobs:read", with(list)));
  router.add(guarded(service, "GET", "/v1/predictions/{id}", "jobs:read",
                     one([](const Service& of, Asked& asked, const Job& job) {
                       return tell_prediction(of, asked.request, job, 200);
                     })));
  router.add(guarded(service, "POST", "/v1/predictions/{id}/cancel", "jobs:write", one(cancel)));
  router.add(
      guarded(service, "GET", "/v1/webhooks/default/secret", "webhooks:read", [&service](Asked& asked) {
        return json_reply(200, replicate::print_secret(account_webhook_secret(service.secret, asked.key.id)));
      }));
}

}  // namespace troupe::server
