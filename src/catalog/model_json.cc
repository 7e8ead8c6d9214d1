#include <nlohmann/json.hpp>

#include "catalog/json_reader.h"
#include "catalog/model.h"

namespace troupe::catalog {
namespace {

using Json = nlohmann::ordered_json;

std::string tier(int side) { return std::to_string(side) + "p"; }

std::string exact(FrameSize size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

/// A whole number where it is one: 5, not 5.0.
Json number(MediaTime time) {
  if (time.milliseconds % 1000 == 0) return time.milliseconds / 1000;
  return time.seconds();
}

template <class Enum>
Json names(const std::vector<Enum>& values) {
  Json list = Json::array();
  for (const Enum value : values) list.push_back(std::string(name(value)));
  return list;
}

Json inputs_json(const InputLimits& inputs) {
  Json exclusive = Json::array();
  for (const auto& groups : inputs.exclusive) exclusive.push_back(names(groups));
  return {{"visuals_max", inputs.visuals_max},
          {"visuals_with_clip_max", inputs.visuals_with_clip_max},
          {"elements_max", inputs.elements_max},
          {"elements_with_frame_max", inputs.elements_with_frame_max},
          {"angles_max", inputs.angles_max},
          {"clips_max", inputs.clips_max},
          {"scenes_max", inputs.scenes_max},
          {"images_max", inputs.images_max},
          {"scenes_and_images_max", inputs.scenes_and_images_max},
          {"last_frame", std::string(name(inputs.last_frame))},
          {"exclusive", exclusive}};
}

Json images_json(const ImageRules& rules) {
  Json json{{"formats", rules.formats}};
  if (rules.side_min > 0) json["side_min"] = rules.side_min;
  if (rules.side_max) json["side_max"] = *rules.side_max;
  if (rules.bytes_max) json["bytes_max"] = *rules.bytes_max;
  if (rules.aspect_min) json["aspect_min"] = print(*rules.aspect_min);
  if (rules.aspect_max) json["aspect_max"] = print(*rules.aspect_max);
  return json;
}

Json duration_json(const DurationRules& rules) {
  Json json = Json::object();
  for (const MediaTime choice : rules.choices) json["choices"].push_back(number(choice));
  if (rules.choices.empty())
    json = {{"min", number(rules.min)}, {"max", number(rules.max)}, {"step", number(rules.step)}};
  json["default"] = number(rules.fallback);
  return json;
}

Json shots_json(const ShotRules& rules) {
  Json json{{"max", rules.max}};
  if (rules.max == 1) return json;
  json["min"] = number(rules.min);
  json["max_each"] = number(rules.max_each);
  json["step"] = number(rules.step);
  if (rules.max_alone) json["max_alone"] = number(*rules.max_alone);
  return json;
}

Json aspect_json(const AspectRules& rules) {
  Json json = Json::object();
  for (const AspectRatio choice : rules.choices) json["choices"].push_back(print(choice));
  if (rules.min) json["min"] = print(*rules.min);
  if (rules.max) json["max"] = print(*rules.max);
  json["default"] = print(rules.fallback);
  return json;
}

Json resolution_json(const ResolutionRules& rules) {
  Json json{{"tiers", Json::array()}, {"default", tier(rules.fallback)}, {"selectable", rules.selectable}};
  for (const int side : rules.tiers) json["tiers"].push_back(tier(side));
  for (const TierSize& entry : rules.sizes)
    json["sizes"].push_back(
        {{"tier", tier(entry.tier)}, {"ratio", print(entry.ratio)}, {"size", exact(entry.size)}});
  if (rules.side_min) json["side_min"] = *rules.side_min;
  if (rules.side_max) json["side_max"] = *rules.side_max;
  return json;
}

Json price_json(const PriceRule& rule) {
  Json json{{"currency", rule.currency == Currency::usd ? "usd" : "credits"},
            {"published", rule.published},
            {"rates", Json::array()},
            {"fees", Json::array()}};
  for (const Rate& rate : rule.rates) {
    Json entry = Json::object();
    if (rate.tier) entry["resolution"] = tier(*rate.tier);
    if (rate.audio) entry["audio"] = *rate.audio;
    entry["per_second"] = print_micros(rate.micros_per_second);
    json["rates"].push_back(entry);
  }
  for (const Fee& fee : rule.fees) {
    Json entry{{"name", fee.name},
               {"amount", print_micros(fee.micros)},
               {"kept_on_rejection", fee.kept_on_rejection}};
    if (!fee.note.empty()) entry["note"] = fee.note;
    json["fees"].push_back(entry);
  }
  if (!rule.note.empty()) json["note"] = rule.note;
  return json;
}

}  // namespace

std::string model_json(const Model& model) {
  Json json{{"id", model.id},           {"name", model.name},
            {"vendor", model.vendor},   {"family", model.family},
            {"summary", model.summary}, {"engine", std::string(name(model.engine))}};
  json["aliases"] = Json::object();
  for (const auto& [dialect, aliases] : model.aliases) json["aliases"][dialect] = aliases;
  json["modes"] = names(model.modes);
  json["inputs"] = inputs_json(model.inputs);
  json["images"] = images_json(model.images);
  json["prompt"] = {{"characters_min", model.prompt.characters_min},
                    {"characters_max", model.prompt.characters_max},
                    {"negative_characters_max", model.prompt.negative_characters_max}};
  json["duration"] = duration_json(model.duration);
  json["shots"] = shots_json(model.shots);
  json["shot_type"] = model.shot_type;
  json["aspect_ratio"] = aspect_json(model.aspect_ratio);
  json["resolution"] = resolution_json(model.resolution);
  json["fps"] = {{"min", print_frame_rate(model.fps.min)},
                 {"max", print_frame_rate(model.fps.max)},
                 {"default", print_frame_rate(model.fps.fallback)}};
  json["audio"] = {{"support", std::string(name(model.audio.support))}, {"default", model.audio.fallback}};
  json["count_max"] = model.count_max;
  if (model.seed_max) json["seed_max"] = *model.seed_max;
  json["price"] = price_json(model.price);
  json["notes"] = model.notes;
  return json.dump(2) + "\n";
}

}  // namespace troupe::catalog
