#include <nlohmann/json.hpp>

#include "api/vendor_json.h"
#include "api/venice/wire.h"

namespace troupe::api::venice {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kListedSecondsMax = 60;

Json durations_json(const catalog::DurationRules& rules) {
  Json durations = Json::array();
  const auto add = [&](MediaTime time) { durations.push_back(print_seconds(time) + "s"); };
  for (const MediaTime choice : rules.choices) add(choice);
  if (!rules.choices.empty()) return durations;
  const int64_t least = (rules.min.milliseconds + 999) / 1000;
  for (int64_t s = least; s * 1000 <= rules.max.milliseconds && s <= kListedSecondsMax; ++s) add(seconds(s));
  return durations;
}

Json aspect_ratios_json(const catalog::AspectRules& rules) {
  if (rules.choices.empty()) return Json::array({"16:9", "9:16", "1:1", "4:3", "3:4", "21:9"});
  Json ratios = Json::array();
  for (const AspectRatio ratio : rules.choices) ratios.push_back(print(ratio));
  return ratios;
}

Json resolutions_json(const catalog::ResolutionRules& rules) {
  Json resolutions = Json::array();
  if (!rules.selectable) return resolutions;
  for (const int tier : rules.tiers) resolutions.push_back(std::to_string(tier) + "p");
  return resolutions;
}

std::string_view model_type(const catalog::Model& model) {
  if (!model.has(Mode::text)) return "image-to-video";
  return model.modes.size() == 1 ? "text-to-video" : "video";
}

Json listed_model(const catalog::Model& model) {
  Json constraints{{"aspect_ratios", aspect_ratios_json(model.aspect_ratio)},
                   {"resolutions", resolutions_json(model.resolution)},
                   {"durations", durations_json(model.duration)},
                   {"model_type", model_type(model)},
                   {"audio", model.audio.support != catalog::AudioSupport::none},
                   {"audio_configurable", model.audio.support == catalog::AudioSupport::optional},
                   {"prompt_character_limit", model.prompt.characters_max}};
  return {{"id", name_in(model, kDialect)},
          {"object", "model"},
          {"owned_by", model.vendor},
          {"type", "video"},
          {"created", kModelsCreated},
          {"model_spec",
           {{"name", model.name},
            {"description", model.summary},
            {"privacy", "private"},
            {"offline", false},
            {"traits", Json::array()},
            {"constraints", std::move(constraints)}}}};
}

Json pace_json(const char* status, const Pace& pace) {
  return {
      {"status", status}, {"average_execution_time", pace.average_ms}, {"execution_duration", pace.spent_ms}};
}

}  // namespace

std::string print_queued(const Job& job, std::string_view model) {
  return print_json(Json{{"model", model}, {"queue_id", job.id}, {"id", job.id}});
}

std::string print_processing(const Pace& pace) { return print_json(pace_json("PROCESSING", pace)); }

std::string print_completed(const Pace& pace, const std::string& video_url) {
  Json json = pace_json("COMPLETED", pace);
  for (const char* name : {"video_url", "url", "download_url"}) json[name] = video_url;
  return print_json(json);
}

std::string print_quote(const Money& price) { return print_json(Json{{"quote", amount_json(price)}}); }

std::string print_success() { return print_json(Json{{"success", true}}); }

std::string print_models(const catalog::Catalog& catalog, std::string_view type) {
  Json data = Json::array();
  for (const catalog::Model& model : catalog.models()) data.push_back(listed_model(model));
  return print_json(Json{{"object", "list"}, {"type", type}, {"data", std::move(data)}});
}

std::string print_rate_limits(int requests_per_minute) {
  Json limits = Json::array();
  if (requests_per_minute > 0) limits.push_back({{"amount", requests_per_minute}, {"type", "RPM"}});
  return print_json(
      Json{{"data",
            {{"accessPermitted", true},
             {"rateLimits", Json::array({{{"apiModelId", "*"}, {"rateLimits", std::move(limits)}}})}}}});
}

}  // namespace troupe::api::venice
