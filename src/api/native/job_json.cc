#include <algorithm>

#include "api/native/printing.h"

namespace troupe::api::native {
namespace {

constexpr double kFractionStep = 1e-4, kSecondsStep = 1e-3, kEtaStep = 0.1;

Json progress_json(const JobProgress& progress) {
  return {{"stage", progress.stage},
          {"fraction", rounded(std::clamp(progress.fraction, 0.0, 1.0), kFractionStep)},
          {"frames_done", progress.frames_done},
          {"frames_total", progress.frames_total},
          {"seconds_left", progress.seconds_left ? rounded(*progress.seconds_left, kEtaStep) : Json()}};
}

/// The URL of a file of a take: the first take is the job's own.
std::string file_url(const Links& links, const Job& job, const char* file, size_t take) {
  return job_url(links, job.id) + "/" + file + (take == 0 ? "" : "?take=" + std::to_string(take));
}

Json take_json(const Job& job, size_t index, const Links& links) {
  const Take& take = job.takes[index];
  const auto url = [&](const std::string& object, const char* file) {
    return object.empty() ? Json() : Json(file_url(links, job, file, index));
  };
  const double seconds = static_cast<double>(take.frames) / take.rate.per_second();
  return {{"index", index},
          {"video", url(take.video, "video")},
          {"thumbnail", url(take.thumbnail, "thumbnail")},
          {"last_frame", url(take.last_frame, "last-frame")},
          {"spritesheet", url(take.spritesheet, "spritesheet")},
          {"width", take.size.width},
          {"height", take.size.height},
          {"fps", rate_json(take.rate)},
          {"frames", take.frames},
          {"duration_seconds", rounded(seconds, kSecondsStep)},
          {"seed", seed_json(take.seed)},
          {"audio", take.audio},
          {"size_bytes", take.size_bytes},
          {"model", take.model.empty() ? job.model : take.model}};
}

Json error_json(const Error& error) {
  return {{"code", name(error.code)}, {"message", error.message}, {"field", text_or_null(error.field)}};
}

/// What stands under `key` in the engine's report, if it is a list of texts.
Json texts_of(const Json& report, const char* key) {
  Json texts = Json::array();
  if (!report.is_object() || !report.contains(key) || !report[key].is_array()) return texts;
  for (const Json& item : report[key])
    if (item.is_string()) texts.push_back(item);
  return texts;
}

/// The report's notes, each with a code and a text.
Json notes_of(const Json& report) {
  Json notes = Json::array();
  if (!report.is_object() || !report.contains("notes") || !report["notes"].is_array()) return notes;
  for (const Json& item : report["notes"]) {
    Json note = Json::object();
    if (!item.is_object()) continue;
    for (const char* key : {"code", "severity", "text", "shot", "subject", "suggestion"}) {
      const bool number = key == std::string_view("shot");
      const auto found = item.find(key);
      if (found != item.end() && (number ? found->is_number_integer() : found->is_string()))
        note[key] = *found;
    }
    if (note.contains("code") && note.contains("text")) notes.push_back(std::move(note));
  }
  return notes;
}

Json timings_of(const Json& report) {
  Json timings = Json::object();
  if (!report.is_object() || !report.contains("timings") || !report["timings"].is_object()) return timings;
  for (const auto& [stage, seconds] : report["timings"].items())
    if (seconds.is_number()) timings[stage] = rounded(seconds.get<double>(), kSecondsStep);
  return timings;
}

/// What can be done with the job as it is now.
Json links_json(const Job& job, const Links& links) {
  const std::string self = job_url(links, job.id);
  Json json{{"self", self}, {"events", self + "/events"}};
  if (!job.takes.empty()) json["video"] = self + "/video";
  if (!is_final(job.state)) json["cancel"] = self + ":cancel";
  if (is_final(job.state) || job.state == JobState::parked) json["retry"] = self + ":retry";
  json["promote"] = self + ":promote";
  if (!job.parent.empty()) json["parent"] = job_url(links, job.parent);
  return json;
}

/// Where the job stands.
Json state_json(const Job& job) {
  Json json{{"object", "job"},      {"id", job.id},           {"state", name(job.state)},
            {"model", job.model},   {"engine", job.engine},   {"draft", job.draft},
            {"prompt", job.prompt}, {"account", job.account}, {"priority", priority_name(job.lane)}};
  json["created_at"] = time_json(job.created);
  json["updated_at"] = time_json(job.updated);
  json["started_at"] = time_json(job.started);
  json["finished_at"] = time_json(job.finished);
  json["cancel_requested"] = job.cancel_requested;
  json["attempts"] = job.attempts;
  json["progress"] = progress_json(job.progress);
  json["price"] = money_json(job.price);
  json["charged"] = is_final(job.state) ? money_json(job.charged) : Json();
  json["error"] = job.error ? error_json(*job.error) : Json();
  return json;
}

}  // namespace

Json job_json(const Job& job, const Links& links) {
  Json json = state_json(job);
  json["takes"] = Json::array();
  for (size_t i = 0; i < job.takes.size(); ++i) json["takes"].push_back(take_json(job, i, links));
  const Json report = object_or_null(job.report_json);
  json["understood"] = texts_of(report, "understood");
  json["not_understood"] = texts_of(report, "not_understood");
  json["notes"] = notes_of(report);
  json["timings"] = timings_of(report);
  json["spec"] = object_or_null(job.spec_json);
  json["parent"] = text_or_null(job.parent);
  json["metadata"] = object_or_null(job.metadata_json);
  json["webhook_url"] = text_or_null(job.webhook_url);
  json["links"] = links_json(job, links);
  return json;
}

std::string print_job(const Job& job, const Links& links) { return print_answer(job_json(job, links)); }

std::string print_promoted(const Job& job, const CarryOver& carried, const Links& links) {
  Json json = job_json(job, links);
  json["carry_over"] = carry_over_json(carried);
  return print_answer(json);
}

std::string print_jobs(std::span<const Job> jobs, const std::string& next_cursor, const Links& links) {
  return print_answer(
      list_json(all_of(jobs, [&](const Job& job) { return job_json(job, links); }), next_cursor));
}

}  // namespace troupe::api::native
