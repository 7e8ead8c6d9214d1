#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "api/failure.h"
#include "api/openai/wire.h"
#include "api/vendor_json.h"

namespace troupe::api::openai {
namespace {

using Json = nlohmann::ordered_json;

int64_t unix_seconds(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

Json seconds_or_null(const std::optional<Time>& time) { return time ? Json(unix_seconds(*time)) : Json(); }

std::string_view status_of(JobState state) {
  switch (state) {
    case JobState::queued:
      return "queued";
    case JobState::running:
    case JobState::submitted:
      return "in_progress";
    case JobState::succeeded:
      return "completed";
    default:
      return "failed";
  }
}

int progress_of(const Job& job) {
  if (job.state == JobState::succeeded) return 100;
  const int percent = static_cast<int>(std::floor(job.progress.fraction * 100));
  return std::min(std::max(percent, 0), 99);
}

std::string_view code_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::request:
    case FailureKind::rejected:
      return "invalid_request";
    case FailureKind::moderated:
      return "moderation_blocked";
    case FailureKind::over_limit:
      return "rate_limit_exceeded";
    case FailureKind::no_credit:
      return "insufficient_quota";
    case FailureKind::unknown:
      return "unknown_outcome";
    case FailureKind::cancelled:
      return "cancelled";
    default:
      return "server_error";
  }
}

Json error_of(const Job& job) {
  if (status_of(job.state) != "failed") return nullptr;
  return {{"code", code_of(failure_kind(job))}, {"message", failure_text(job)}};
}

Json video_json(const Video& video) {
  const Job& job = video.job;
  Json json{{"id", job.id},
            {"object", "video"},
            {"model", video.model},
            {"status", status_of(job.state)},
            {"progress", progress_of(job)},
            {"created_at", unix_seconds(job.created)},
            {"completed_at", job.state == JobState::succeeded ? seconds_or_null(job.finished) : Json()},
            {"expires_at", nullptr},
            {"size", std::to_string(video.size.width) + "x" + std::to_string(video.size.height)},
            {"seconds", print_seconds(video.duration)},
            {"prompt", video.prompt},
            {"remixed_from_video_id", job.parent.empty() ? Json() : Json(job.parent)},
            {"error", error_of(job)}};
  if (job.draft) json["draft"] = true;
  json["engine"] = job.engine;
  return json;
}

std::string_view type_of(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 429:
      return "rate_limit_error";
    default:
      return status >= 500 ? "server_error" : "invalid_request_error";
  }
}

}  // namespace

std::string print_video(const Video& video) { return print_json(video_json(video)); }

std::string print_videos(const std::vector<Video>& videos, bool has_more) {
  Json data = Json::array();
  for (const Video& video : videos) data.push_back(video_json(video));
  Json first, last;
  if (!videos.empty()) {
    first = videos.front().job.id;
    last = videos.back().job.id;
  }
  return print_json(Json{{"object", "list"},
                         {"data", std::move(data)},
                         {"first_id", std::move(first)},
                         {"last_id", std::move(last)},
                         {"has_more", has_more}});
}

std::string print_deleted(const Job& job) {
  return print_json(Json{{"id", job.id}, {"object", "video.deleted"}, {"deleted", true}});
}

std::string print_character(const Element& element) {
  return print_json(
      Json{{"id", element.id}, {"created_at", unix_seconds(element.created)}, {"name", element.name}});
}

std::string print_event(const Job& job) {
  const bool done = job.state == JobState::succeeded;
  return print_json(Json{{"id", "evt_" + job.id},
                         {"object", "event"},
                         {"type", done ? "video.completed" : "video.failed"},
                         {"created_at", unix_seconds(job.finished.value_or(job.updated))},
                         {"data", {{"id", job.id}}}});
}

Answer print_problem(const Problem& problem) {
  const bool of_body = !problem.errors.empty() && problem.status < 500;
  const bool of_money = problem.code == "over_budget" || problem.code == "no_credit";
  const int status = problem.code == "over_budget" ? 429 : problem.status == 422 ? 400 : problem.status;
  Json error{{"message", of_body ? all_errors(problem) : problem.detail},
             {"type", of_money ? "insufficient_quota" : type_of(status)},
             {"param", nullptr},
             {"code", of_money                      ? "insufficient_quota"
                      : problem.code == "moderated" ? "moderation_blocked"
                                                    : problem.code}};
  if (!of_body) return {status, print_json(Json{{"error", std::move(error)}})};
  const catalog::Violation* model = model_error(problem);
  const catalog::Violation& first = model != nullptr ? *model : problem.errors.front();
  const bool unknown = model != nullptr && model->code == "not_found";
  if (!first.field.empty()) error["param"] = dotted(first.field);
  error["code"] = unknown ? "model_not_found" : first.code;
  const int of_model = unknown ? 404 : 503;
  return {model != nullptr ? of_model : status, print_json(Json{{"error", std::move(error)}})};
}

}  // namespace troupe::api::openai
