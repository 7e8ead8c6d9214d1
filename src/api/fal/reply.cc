#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/failure.h"
#include "api/fal/wire.h"
#include "api/vendor_json.h"
#include "base/clock.h"

namespace troupe::api::fal {
namespace {

using Json = nlohmann::ordered_json;

std::string_view status_of(const Job& job) {
  if (job.state == JobState::queued) return "IN_QUEUE";
  return is_final(job.state) || job.state == JobState::parked ? "COMPLETED" : "IN_PROGRESS";
}

void add_links(Json& json, const Job& job, const Place& place) {
  const std::string url = place.base_url + "/" + place.app + "/requests/" + job.id;
  json["response_url"] = url;
  json["status_url"] = url + "/status";
  json["cancel_url"] = url + "/cancel";
}

Json output_of(const Job& job, const std::string& video_url) {
  const uint64_t size = job.takes.empty() ? 0 : job.takes.front().size_bytes;
  Json json{{"video",
             {{"url", video_url},
              {"content_type", "video/mp4"},
              {"file_name", job.id + ".mp4"},
              {"file_size", size}}}};
  json["engine"] = job.engine;
  if (job.draft) json["draft"] = true;
  return json;
}

Json location(const std::string& pointer) {
  Json place = Json::array({"body"});
  for (const std::string& step : pointer_steps(pointer)) {
    const bool index = !step.empty() && step.size() < 6 &&
                       std::all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; });
    place.push_back(index ? Json(std::stoi(step)) : Json(step));
  }
  return place;
}

// [{"loc", "msg", "type"}]: what the model says.
Answer by_model(int status, const char* type, const Job& job) {
  const Json detail{
      {"loc", location(job.error ? job.error->field : "")}, {"msg", failure_text(job)}, {"type", type}};
  return {status, print_json(Json{{"detail", Json::array({detail})}})};
}

// {"detail", "error_type"}: what the queue says.
Answer by_queue(int status, const char* type, const std::string& text) {
  return {status, print_json(Json{{"detail", text}, {"error_type", type}})};
}

// The queue's client asks again for the result where it is answered 429, 502, 503 or 504.
Answer failed(const Job& job) {
  switch (failure_kind(job)) {
    case FailureKind::request:
    case FailureKind::rejected:
      return by_model(422, "value_error", job);
    case FailureKind::moderated:
      return by_model(422, "content_policy_violation", job);
    case FailureKind::over_limit:
      return by_queue(503, "runner_scheduling_failure", failure_text_with_class(job));
    case FailureKind::no_credit:
      return {402, print_json(Json{{"detail", failure_text(job)}})};
    case FailureKind::outage:
      return by_model(503, "downstream_service_unavailable", job);
    case FailureKind::timeout:
      return by_model(504, "generation_timeout", job);
    case FailureKind::unknown:
      return by_queue(500, "runner_disconnected", failure_text(job));
    case FailureKind::cancelled:
      return by_queue(500, "client_cancelled", "Request was cancelled");
    case FailureKind::internal:
      return by_queue(500, "internal_error", failure_text(job));
  }
  return by_queue(500, "internal_error", failure_text(job));
}

}  // namespace

std::string print_upload(const std::string& upload_url, const std::string& file_url) {
  return print_json(Json{{"upload_url", upload_url}, {"file_url", file_url}});
}

std::string print_queued(const Job& job, const Place& place) {
  Json json{{"request_id", job.id}, {"status", "IN_QUEUE"}, {"queue_position", place.ahead}};
  add_links(json, job, place);
  return print_json(json);
}

std::string print_status(const Job& job, const Place& place, bool with_logs) {
  Json json{{"status", status_of(job)}, {"request_id", job.id}};
  add_links(json, job, place);
  if (job.state == JobState::queued) json["queue_position"] = place.ahead;
  if (with_logs) {
    json["logs"] = Json::array();
    if (!job.progress.stage.empty())
      json["logs"].push_back(
          {{"message",
            job.progress.stage + " " + std::to_string(static_cast<int>(job.progress.fraction * 100)) + " %"},
           {"level", "INFO"},
           {"source", "USER"},
           {"timestamp", print_time(job.updated)}});
  }
  if (job.started && job.finished) {
    const double seconds = std::chrono::duration<double>(*job.finished - *job.started).count();
    json["metrics"] = {{"inference_time", seconds}};
  }
  return print_json(json);
}

std::string print_result(const Job& job, const std::string& video_url) {
  return print_json(output_of(job, video_url));
}

Answer print_cancelled(const Job& job, bool was_final) {
  return {was_final ? 400 : 202,
          print_json(Json{{"status", was_final ? "ALREADY_COMPLETED" : "CANCELLATION_REQUESTED"},
                          {"request_id", job.id}})};
}

Answer print_no_result(const Job& job) {
  if (!is_final(job.state) && job.state != JobState::parked)
    return {400, print_json(Json{{"detail", "Request is still in progress"}})};
  return failed(job);
}

Answer print_problem(const Problem& problem) {
  if (problem.errors.empty() || problem.status >= 500)
    return {problem.status, print_json(Json{{"detail", problem.detail}})};
  if (const catalog::Violation* model = model_error(problem))
    return {model->code == "not_found" ? 404 : 503, print_json(Json{{"detail", model->rule}})};
  Json detail = Json::array();
  for (const catalog::Violation& error : problem.errors)
    detail.push_back({{"loc", location(error.field)},
                      {"msg", error.rule + (error.fix.empty() ? "" : " " + error.fix)},
                      {"type", error.code}});
  return {problem.status == 413 ? 413 : 422, print_json(Json{{"detail", std::move(detail)}})};
}

std::string print_callback(const Job& job, const std::string& video_url) {
  Json json{{"request_id", job.id}, {"gateway_request_id", job.id}};
  if (job.state == JobState::succeeded) {
    json["status"] = "OK";
    json["payload"] = output_of(job, video_url);
  } else {
    json["status"] = "ERROR";
    json["error"] = job.state == JobState::cancelled ? "Request was cancelled" : failure_text_with_class(job);
    json["payload"] = Json::parse(failed(job).json);
  }
  return print_json(json);
}

}  // namespace troupe::api::fal
