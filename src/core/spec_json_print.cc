#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "core/short_text.h"
#include "core/spec_json.h"

namespace troupe {
namespace {

using json = nlohmann::ordered_json;

constexpr uint64_t kExactIntegerMax = uint64_t{1} << 53;

json seconds_json(MediaTime time) {
  if (time.milliseconds % 1000 == 0) return time.milliseconds / 1000;
  return time.seconds();
}

// The double that prints as the float's own shortest decimals: 0.1, not 0.10000000149011612.
json float_json(float number) { return json::parse(print_number(number), nullptr, false); }

void put_text(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void put_source(json& object, const char* key, const std::optional<MediaSource>& source) {
  if (source) object[key] = source->uri;
}

json shot_json(const Shot& shot) {
  json object = json::object();
  put_text(object, "prompt", shot.prompt);
  if (shot.duration) object["duration"] = seconds_json(*shot.duration);
  return object;
}

json reference_json(const Reference& reference) {
  json object = {{"kind", name(reference.kind)}};
  put_text(object, "name", reference.name);
  put_text(object, "source", reference.source.uri);
  for (const MediaSource& angle : reference.angles) object["angles"].push_back(angle.uri);
  put_source(object, "clip", reference.clip);
  if (const auto& box = reference.box) {
    object["box"] = {float_json(box->left), float_json(box->top), float_json(box->width),
                     float_json(box->height)};
  }
  return object;
}

void put_settings(json& object, const GenerationSpec& spec) {
  if (spec.duration) object["duration"] = seconds_json(*spec.duration);
  if (spec.aspect_ratio) object["aspect_ratio"] = print(*spec.aspect_ratio);
  if (spec.resolution) object["resolution"] = print(*spec.resolution);
  if (const auto& fps = spec.fps) {
    object["fps"] = fps->denominator == 1 ? json(fps->numerator) : json(print_frame_rate(*fps));
  }
  if (spec.audio) object["audio"] = *spec.audio;
  if (const auto& seed = spec.seed) {
    object["seed"] = *seed <= kExactIntegerMax ? json(*seed) : json(std::to_string(*seed));
  }
  if (spec.count != 1) object["count"] = spec.count;
  if (spec.shot_type) object["shot_type"] = name(*spec.shot_type);
}

}  // namespace

std::string print_spec(const GenerationSpec& spec) {
  json object = {{"model", spec.model}};
  for (const std::string& model : spec.fallback_models) object["fallback_models"].push_back(model);
  put_text(object, "prompt", spec.prompt);
  for (const Shot& shot : spec.shots) object["shots"].push_back(shot_json(shot));
  put_text(object, "negative_prompt", spec.negative_prompt);
  for (const Reference& reference : spec.references)
    object["references"].push_back(reference_json(reference));
  put_source(object, "first_frame", spec.first_frame);
  put_source(object, "last_frame", spec.last_frame);
  put_source(object, "extend", spec.extend);
  put_settings(object, spec);
  return object.dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
}

std::string spec_hash(const GenerationSpec& spec) { return sha256_hex(as_bytes(print_spec(spec))); }

}  // namespace troupe
