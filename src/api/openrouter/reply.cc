#include <nlohmann/json.hpp>

#include "api/failure.h"
#include "api/openrouter/wire.h"
#include "api/vendor_json.h"
#include "base/clock.h"

namespace troupe::api::openrouter {
namespace {

using Json = nlohmann::ordered_json;

std::string_view status_of(JobState state) {
  switch (state) {
    case JobState::queued:
      return "pending";
    case JobState::running:
    case JobState::submitted:
      return "in_progress";
    case JobState::succeeded:
      return "completed";
    case JobState::cancelled:
      return "cancelled";
    default:
      return "failed";
  }
}

Json links_json(const std::vector<std::string>& links) {
  Json list = Json::array();
  for (const std::string& link : links) list.push_back(link);
  return list;
}

// Dollars; a job that is paid in a provider's own credits costs none here.
double cost_of(const Job& job) {
  return job.charged.currency == Currency::usd ? static_cast<double>(job.charged.micros) / 1e6 : 0;
}

Json texts_or_null(std::vector<std::string> texts) {
  if (texts.empty()) return nullptr;
  Json list = Json::array();
  for (std::string& text : texts) list.push_back(std::move(text));
  return list;
}

Json listed_model(const catalog::Model& model) {
  std::vector<std::string> tiers, ratios;
  if (model.resolution.selectable)
    for (const int tier : model.resolution.tiers) tiers.push_back(std::to_string(tier) + "p");
  for (const AspectRatio ratio : model.aspect_ratio.choices) ratios.push_back(print(ratio));
  Json durations, frames;
  for (const MediaTime time : model.duration.choices) durations.push_back(time.milliseconds / 1000);
  if (model.has(Mode::first_frame)) {
    frames = Json::array({"first_frame"});
    if (model.inputs.last_frame != catalog::LastFrame::none) frames.push_back("last_frame");
  }
  const std::string_view id = name_in(model, kDialect);
  return {{"id", id},
          {"canonical_slug", id},
          {"name", model.name},
          {"created", kModelsCreated},
          {"description", model.summary},
          {"supported_resolutions", texts_or_null(std::move(tiers))},
          {"supported_aspect_ratios", texts_or_null(std::move(ratios))},
          {"supported_sizes", nullptr},
          {"supported_durations", std::move(durations)},
          {"supported_frame_images", std::move(frames)},
          {"generate_audio", model.audio.support != catalog::AudioSupport::none},
          {"seed", model.seed_max.has_value()},
          {"creativity", nullptr},
          {"upscale_factor", nullptr},
          {"allowed_passthrough_parameters", Json::array()}};
}

}  // namespace

std::string print_video(const Job& job, const std::string& base_url, const std::vector<std::string>& links) {
  Json json{{"id", job.id},
            {"polling_url", base_url + "/api/v1/videos/" + job.id},
            {"status", status_of(job.state)}};
  if (job.state == JobState::succeeded) {
    json["generation_id"] = job.id;
    json["unsigned_urls"] = links_json(links);
  }
  if (is_final(job.state)) json["usage"] = {{"cost", cost_of(job)}, {"is_byok", false}};
  if (status_of(job.state) == "failed") json["error"] = failure_text_with_class(job);
  json["engine"] = job.engine;
  if (job.draft) json["draft"] = true;
  return print_json(json);
}

std::string print_models(const catalog::Catalog& catalog) {
  Json data = Json::array();
  for (const catalog::Model& model : catalog.models()) data.push_back(listed_model(model));
  return print_json(Json{{"data", std::move(data)}});
}

Answer print_problem(const Problem& problem) {
  const bool of_body = !problem.errors.empty() && problem.status < 500;
  const catalog::Violation* model = of_body ? model_error(problem) : nullptr;
  const int of_model = model != nullptr && model->code == "not_found" ? 404 : 503;
  const int status = model != nullptr ? of_model : problem.status == 422 ? 400 : problem.status;
  Json error{{"code", status}, {"message", of_body ? all_errors(problem) : problem.detail}};
  if (of_body) {
    Json fields = Json::array();
    for (const catalog::Violation& one : problem.errors)
      fields.push_back({{"field", dotted(one.field)}, {"code", one.code}});
    error["metadata"] = {{"fields", std::move(fields)}};
  }
  return {status, print_json(Json{{"error", std::move(error)}})};
}

std::string print_callback(const Job& job, const std::vector<std::string>& links) {
  const std::string_view status = status_of(job.state);
  Json data{{"id", job.id}, {"status", status}, {"generation_id", job.id}, {"model", job.model}};
  if (job.state == JobState::succeeded) data["unsigned_urls"] = links_json(links);
  data["usage"] = {{"cost", cost_of(job)}, {"is_byok", false}};
  if (status == "failed") data["error"] = failure_text_with_class(job);
  return print_json(Json{{"type", "video.generation." + std::string(status)},
                         {"created_at", print_time(job.finished.value_or(job.updated))},
                         {"data", std::move(data)}});
}

}  // namespace troupe::api::openrouter
