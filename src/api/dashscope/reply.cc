#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "api/dashscope/wire.h"
#include "api/failure.h"
#include "api/vendor_json.h"
#include "base/clock.h"

namespace troupe::api::dashscope {
namespace {

using Json = nlohmann::ordered_json;

std::string_view status_of(JobState state) {
  switch (state) {
    case JobState::queued:
      return "PENDING";
    case JobState::running:
    case JobState::submitted:
      return "RUNNING";
    case JobState::succeeded:
      return "SUCCEEDED";
    case JobState::failed:
    case JobState::parked:
      return "FAILED";
    case JobState::cancelled:
      return "CANCELED";
  }
  return "UNKNOWN";
}

// "2026-11-27 20:15:03.123"
std::string stamp(Time time) {
  std::string text = print_time(time);
  if (const size_t t = text.find('T'); t != std::string::npos) text[t] = ' ';
  if (!text.empty() && text.back() == 'Z') text.pop_back();
  return text;
}

// A picture or clip that cannot be had or read has a code of its own there, which is not the moderation's.
std::string_view code_of_request(const Job& job) {
  const bool medium =
      job.error && (job.error->code == ErrorCode::corrupt_input || job.error->code == ErrorCode::not_found);
  return medium ? "InvalidParameter.DataInspection" : "InvalidParameter";
}

std::string_view code_of(const Job& job) {
  switch (failure_kind(job)) {
    case FailureKind::request:
      return code_of_request(job);
    case FailureKind::moderated:
      return "DataInspectionFailed";
    case FailureKind::rejected:
      return "InvalidParameter";
    case FailureKind::over_limit:
      return "Throttling";
    case FailureKind::no_credit:
      return "Arrearage";
    case FailureKind::outage:
      return "ServiceUnavailable";
    case FailureKind::timeout:
      return "RequestTimeOut";
    case FailureKind::unknown:
      return "InternalError.UnknownOutcome";
    default:
      return "InternalError";
  }
}

Json seconds_json(double seconds) {
  if (seconds == std::floor(seconds)) return static_cast<int64_t>(seconds);
  return seconds;
}

void add_times(Json& output, const Job& job) {
  output["submit_time"] = stamp(job.created);
  if (job.started) output["scheduled_time"] = stamp(*job.started);
  if (job.finished) output["end_time"] = stamp(*job.finished);
}

// The client wants SR as a number and size as a text.
Json usage_json(const Job& job) {
  const Take& take = job.takes.front();
  const Json seconds = seconds_json(take_seconds(take));
  const auto ratio =
      parse_aspect_ratio(std::to_string(take.size.width) + ":" + std::to_string(take.size.height));
  return {{"duration", seconds},
          {"output_video_duration", seconds},
          {"input_video_duration", 0},
          {"fps", take.rate.per_second()},
          {"SR", std::min(take.size.width, take.size.height)},
          {"size", std::to_string(take.size.width) + "*" + std::to_string(take.size.height)},
          {"ratio", ratio ? print(*ratio) : ""},
          {"video_count", static_cast<int64_t>(job.takes.size())},
          {"engine", job.engine},
          {"draft", job.draft}};
}

Json task_json(const Job& job, std::string_view model) {
  Json task{{"task_id", job.id}, {"task_status", status_of(job.state)}, {"model_name", model}};
  task["gmt_create"] = job.created.time_since_epoch().count();  // milliseconds, as the vendor lists it
  add_times(task, job);
  return task;
}

}  // namespace

std::string print_created(const Job& job, std::string_view request_id) {
  return print_json(Json{{"output", {{"task_status", status_of(job.state)}, {"task_id", job.id}}},
                         {"request_id", request_id}});
}

std::string print_task(const Job& job, const GenerationSpec& spec, const std::string& video,
                       std::string_view request_id) {
  Json output{{"task_id", job.id}, {"task_status", status_of(job.state)}};
  add_times(output, job);
  if (!spec.prompt.empty()) output["orig_prompt"] = spec.prompt;
  Json json{{"request_id", request_id}};
  if (job.state == JobState::succeeded && !job.takes.empty()) {
    output["video_url"] = video;
    json["usage"] = usage_json(job);
  }
  if (job.state == JobState::failed || job.state == JobState::parked) {
    output["code"] = code_of(job);
    output["message"] = failure_text(job);
  }
  json["output"] = std::move(output);
  return print_json(json);
}

std::string print_unknown_task(std::string_view id, std::string_view request_id) {
  return print_json(
      Json{{"request_id", request_id}, {"output", {{"task_id", id}, {"task_status", "UNKNOWN"}}}});
}

std::string print_tasks(const TaskPage& page, std::string_view request_id) {
  Json data = Json::array();
  for (const Job& job : page.jobs) data.push_back(task_json(job, job.model));
  return print_json(Json{{"total", page.total},
                         {"data", std::move(data)},
                         {"total_page", (page.total + page.page_size - 1) / page.page_size},
                         {"page_no", page.page},
                         {"page_size", page.page_size},
                         {"request_id", request_id}});
}

std::vector<JobState> states_of(std::string_view status) {
  std::vector<JobState> states;
  for (const JobState state : {JobState::queued, JobState::running, JobState::submitted, JobState::succeeded,
                               JobState::failed, JobState::cancelled, JobState::parked})
    if (status_of(state) == status) states.push_back(state);
  return states;
}

std::string print_done(std::string_view request_id) { return print_json(Json{{"request_id", request_id}}); }

}  // namespace troupe::api::dashscope
