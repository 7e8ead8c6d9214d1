#include <nlohmann/json.hpp>

#include "api/failure.h"
#include "api/replicate/wire.h"
#include "api/vendor_json.h"
#include "base/clock.h"

namespace troupe::api::replicate {
namespace {

using Json = nlohmann::ordered_json;

std::string_view status_of(const Prediction& prediction) {
  switch (prediction.job.state) {
    case JobState::queued:
      return "starting";
    case JobState::running:
    case JobState::submitted:
      return prediction.starting ? "starting" : "processing";
    case JobState::succeeded:
      return "succeeded";
    case JobState::cancelled:
      return "canceled";
    default:
      return "failed";
  }
}

Json time_or_null(const std::optional<Time>& time) { return time ? Json(print_time(*time)) : Json(); }

Json output_of(const Prediction& prediction) {
  if (prediction.output.empty()) return nullptr;
  if (prediction.output.size() == 1) return prediction.output.front();
  Json list = Json::array();
  for (const std::string& one : prediction.output) list.push_back(one);
  return list;
}

// There is nothing but this text, and programs look for these words in it.
std::string error_of(const Job& job) {
  constexpr std::string_view kSensitive = "The input or output was flagged as sensitive (NSFW, E005): ";
  if (failure_kind(job) == FailureKind::moderated) return with_label(kSensitive, failure_text(job));
  return failure_text_with_class(job);
}

Json prediction_json(const Prediction& prediction) {
  const Job& job = prediction.job;
  const std::string url = prediction.base_url + "/v1/predictions/" + job.id;
  const bool failed = job.state == JobState::failed || job.state == JobState::parked;
  Json metrics = Json::object();
  if (job.started && job.finished)
    metrics["predict_time"] = std::chrono::duration<double>(*job.finished - *job.started).count();
  Json json{{"id", job.id},
            {"model", prediction.model.empty() ? job.model : prediction.model},
            {"version", "hidden"},
            {"input", {{"prompt", job.prompt}}},
            {"logs", ""},
            {"output", output_of(prediction)},
            {"data_removed", false},
            {"error", failed ? Json(error_of(job)) : Json()},
            {"status", status_of(prediction)},
            {"created_at", print_time(job.created)},
            {"started_at", time_or_null(job.started)},
            {"completed_at", time_or_null(job.finished)},
            {"metrics", std::move(metrics)},
            {"urls", {{"get", url}, {"cancel", url + "/cancel"}, {"web", url}}}};
  json["engine"] = job.engine;
  if (job.draft) json["draft"] = true;
  return json;
}

}  // namespace

std::string print_prediction(const Prediction& prediction) { return print_json(prediction_json(prediction)); }

std::string print_predictions(const std::vector<Prediction>& predictions, const std::string& next_url) {
  Json results = Json::array();
  for (const Prediction& one : predictions) results.push_back(prediction_json(one));
  return print_json(Json{{"previous", nullptr},
                         {"next", next_url.empty() ? Json() : Json(next_url)},
                         {"results", std::move(results)}});
}

std::string print_file(const Upload& file, const std::string& address) {
  return print_json(Json{{"id", file.id},
                         {"name", file.name},
                         {"content_type", file.media_type},
                         {"size", file.size_bytes},
                         {"checksums", {{"sha256", file.object}}},
                         {"metadata", Json::object()},
                         {"created_at", print_time(file.created)},
                         {"expires_at", nullptr},
                         {"urls", {{"get", address}}}});
}

std::string print_secret(const std::string& secret) { return print_json(Json{{"key", secret}}); }

Answer print_problem(const Problem& problem) {
  const bool of_body = !problem.errors.empty() && problem.status < 500;
  const catalog::Violation* model = of_body ? model_error(problem) : nullptr;
  const int of_model = model != nullptr && model->code == "not_found" ? 404 : 503;
  const int status = model != nullptr ? of_model : of_body && problem.status == 400 ? 422 : problem.status;
  Json json{{"title", problem.title},
            {"detail", of_body ? all_errors(problem) : problem.detail},
            {"status", status}};
  if (of_body) {
    json["invalid_fields"] = Json::array();
    for (const catalog::Violation& error : problem.errors)
      json["invalid_fields"].push_back(
          {{"type", error.code},
           {"field", dotted(error.field)},
           {"description", error.rule + (error.fix.empty() ? "" : " ") + error.fix}});
  }
  return {status, print_json(json)};
}

}  // namespace troupe::api::replicate
