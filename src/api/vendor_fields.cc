#include "api/vendor_fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "api/body.h"
#include "core/media_sources.h"
#include "core/short_text.h"

namespace troupe::api {
namespace {

// Reported at the field, as every error of a body is.
template <class T>
std::optional<T> or_report(const Result<T>& value, JsonFields& fields, std::string_view key) {
  if (value) return *value;
  fields.report(value.error().code, value.error().message, key);
  return std::nullopt;
}

bool leaves_open(std::string_view text) {
  return text.empty() || text == "-1" || equal_ignoring_case(text, "auto") ||
         equal_ignoring_case(text, "adaptive");
}

bool is_clip_name(std::string_view path) {
  constexpr std::array<std::string_view, 6> kEndings{".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
    return path.size() > ending.size() &&
           equal_ignoring_case(path.substr(path.size() - ending.size()), ending);
  });
}

void set_once(VendorBody& body, std::optional<MediaSource>& place, const char* pointer,
              const PlacedSource& placed) {
  if (place) {
    body.errors.add(ErrorCode::invalid_argument, "is given a second time: give one", placed.pointer);
    return;
  }
  place = placed.source;
  body.submission.fields.fold(pointer, placed.pointer);
}

}  // namespace

Result<Submission> read_vendor_body(std::string_view json, UnknownFields unknown, std::vector<Error>* all,
                                    const std::function<void(VendorBody&)>& read) {
  JsonDocument document = parse_json(json, kVendorBodyBytesMax, kVendorBodyDepthMax);
  if (!document.errors.empty()) return refuse(std::move(document.errors), all);
  Submission submission;
  ErrorList errors(kBodyErrorsMax);
  JsonFields fields({document.root, ""}, errors);
  VendorBody body{fields, errors, submission};
  read(body);
  if (unknown == UnknownFields::refused) {
    fields.refuse_unknown();
  } else {
    for (std::string& key : fields.unknown()) submission.ignored.push_back(std::move(key));
  }
  std::vector<Error> found = std::move(errors).take();
  if (!found.empty()) return refuse(std::move(found), all);
  return submission;
}

std::string_view given_key(JsonFields& fields, std::initializer_list<std::string_view> keys) {
  std::string_view chosen;
  for (const std::string_view key : keys) {
    if (!fields.any(key)) continue;
    if (chosen.empty()) {
      chosen = key;
    } else {
      fields.report(ErrorCode::invalid_argument,
                    "says the same as \"" + std::string(chosen) + "\": give one of the two", key);
    }
  }
  return chosen.empty() ? *keys.begin() : chosen;
}

std::optional<MediaTime> duration_field(JsonFields& fields, std::string_view key) {
  const auto item = fields.any(key);
  if (!item) return std::nullopt;
  if (item->value.is_number()) {
    const double number = item->value.get<double>();
    if (number == -1) return std::nullopt;
    return or_report(duration_from_seconds(number), fields, key);
  }
  const auto text = fields.text(key);
  if (!text || leaves_open(*text)) return std::nullopt;
  return or_report(parse_duration(*text), fields, key);
}

std::optional<AspectRatio> aspect_ratio_field(JsonFields& fields, std::string_view key) {
  const auto text = fields.text(key);
  if (!text || leaves_open(*text)) return std::nullopt;
  return or_report(parse_aspect_ratio(*text), fields, key);
}

std::optional<Resolution> resolution_field(JsonFields& fields, std::string_view key) {
  const auto text = fields.text(key);
  if (!text || leaves_open(*text)) return std::nullopt;
  return or_report(parse_resolution(*text), fields, key);
}

std::optional<uint64_t> seed_field(JsonFields& fields, std::string_view key) {
  const auto item = fields.any(key);
  if (!item) return std::nullopt;
  const nlohmann::json& value = item->value;
  // Unsigned first: the largest number would count as -1.
  if (value.is_number_unsigned()) return value.get<uint64_t>();
  if (value == -1 || value == "-1" || value == "") return std::nullopt;
  if (value.is_string()) {
    const std::string text = value.get<std::string>();
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  fields.report(ErrorCode::invalid_argument, "must be a whole number from 0", key);
  return std::nullopt;
}

std::optional<ShotType> shot_type_field(JsonFields& fields, std::string_view key) {
  const auto type = fields.text(key);
  if (!type || *type == "customize") return std::nullopt;
  if (*type == "multi" || *type == "intelligent" || *type == "intelligence") return ShotType::multi;
  if (*type == "single") return ShotType::single;
  fields.report(
      ErrorCode::invalid_argument,
      "must be \"single\", \"multi\", \"customize\" or \"intelligent\", but is " + troupe::quoted(*type),
      key);
  return std::nullopt;
}

std::optional<bool> switch_field(JsonFields& fields, std::string_view key, std::string_view on,
                                 std::string_view off) {
  const auto item = fields.any(key);
  if (!item || !item->value.is_string()) return fields.boolean(key);
  const std::string text = item->value.get<std::string>();
  if (text == on || text == "true") return true;
  if (text == off || text == "false") return false;
  fields.report(ErrorCode::invalid_argument,
                "must be true or false (or \"" + std::string(on) + "\" or \"" + std::string(off) +
                    "\"), but is " + troupe::quoted(text),
                key);
  return std::nullopt;
}

std::optional<PlacedSource> source_item(const JsonValue& item, ErrorList& errors) {
  if (item.value.is_string()) {
    const std::string text = item.value.get<std::string>();
    if (!text.empty()) return PlacedSource{{text}, item.pointer};
    errors.add(ErrorCode::invalid_argument, "is empty: give the address of a picture or clip, or a data URL",
               item.pointer);
    return std::nullopt;
  }
  if (item.value.is_object()) {
    JsonFields fields(item, errors);
    require(fields, "url", "the address of a picture or clip, or a data URL");
    return given_source(fields, "url");
  }
  errors.add(ErrorCode::invalid_argument, "must be a text, but is " + type_name(item.value), item.pointer);
  return std::nullopt;
}

std::optional<PlacedSource> source_field(JsonFields& fields, std::string_view key) {
  const auto item = fields.any(key);
  if (!item || item->value == "") return std::nullopt;
  ErrorList errors(kBodyErrorsMax);
  auto placed = source_item(*item, errors);
  for (const Error& error : std::move(errors).take())
    fields.report_at(error.code, error.message, error.field);
  return placed;
}

std::optional<PlacedSource> given_source(JsonFields& fields, std::string_view key) {
  const auto item = fields.any(key);
  if (item && item->value == "")
    fields.report(ErrorCode::invalid_argument,
                  "is empty: give the address of a picture or clip, or a data URL", key);
  return source_field(fields, key);
}

std::vector<PlacedSource> sources_field(JsonFields& fields, std::string_view key) {
  std::vector<PlacedSource> sources;
  const auto item = fields.any(key);
  if (!item) return sources;
  if (!item->value.is_array()) {
    if (auto one = source_field(fields, key)) sources.push_back(std::move(*one));
    return sources;
  }
  ErrorList errors(kBodyErrorsMax);
  // One more than a spec may hold, so that the catalog says that there are too many.
  for (const JsonValue& entry : fields.list(key, kReferencesMax + 1))
    if (auto placed = source_item(entry, errors)) sources.push_back(std::move(*placed));
  for (const Error& error : std::move(errors).take())
    fields.report_at(error.code, error.message, error.field);
  return sources;
}

bool names_clip(const MediaSource& source) {
  constexpr std::string_view kVideo = "video/";
  const std::string_view data = source_rest(source, "data");
  if (!data.empty()) return equal_ignoring_case(data.substr(0, kVideo.size()), kVideo);
  if (source_rest(source, "http").empty() && source_rest(source, "https").empty()) return false;
  const std::string_view uri = source.uri;
  return is_clip_name(uri.substr(0, uri.find_first_of("?#")));
}

void add_reference(Submission& submission, ReferenceKind kind, const PlacedSource& placed) {
  const std::string pointer = "/references/" + std::to_string(submission.spec.references.size());
  Reference reference;
  reference.kind = kind;
  if (names_clip(placed.source)) {
    reference.kind = ReferenceKind::element;
    reference.clip = placed.source;
  } else {
    reference.source = placed.source;
  }
  submission.spec.references.push_back(std::move(reference));
  submission.fields.fold(pointer, placed.pointer);
}

void add_element(VendorBody& body, const JsonValue& item) {
  Submission& submission = body.submission;
  if (item.value.is_string()) {
    if (const auto placed = source_item(item, body.errors))
      add_reference(submission, ReferenceKind::element, *placed);
    return;
  }
  JsonFields fields(item, body.errors);
  const std::string pointer = "/references/" + std::to_string(submission.spec.references.size());
  Reference element;
  element.kind = ReferenceKind::element;
  element.name = fields.text("name").value_or("");
  const std::string_view frontal = given_key(fields, {"frontal_image_url", "image_url", "image"});
  const std::string_view clip = given_key(fields, {"video_url", "video"});
  const std::string_view angles = given_key(fields, {"reference_image_urls", "angles"});
  submission.fields.fold(pointer, item.pointer);
  submission.fields.fold(pointer + "/source", fields.pointer(frontal));
  submission.fields.fold(pointer + "/clip", fields.pointer(clip));
  submission.fields.fold(pointer + "/angles", fields.pointer(angles));
  if (const auto placed = source_field(fields, frontal)) element.source = placed->source;
  if (const auto placed = source_field(fields, clip)) element.clip = placed->source;
  for (const PlacedSource& angle : sources_field(fields, angles)) {
    // Programs that have no other angle send the frontal picture again.
    if (angle.source == element.source) continue;
    submission.fields.fold(pointer + "/angles/" + std::to_string(element.angles.size()), angle.pointer);
    element.angles.push_back(angle.source);
  }
  if (fields.any("voice_id")) submission.ignored.push_back("voice_id");
  fields.refuse_unknown();
  submission.spec.references.push_back(std::move(element));
}

void add_shots(VendorBody& body, JsonFields& fields, std::string_view list) {
  GenerationSpec& spec = body.submission.spec;
  body.submission.fields.add("/shots", fields.pointer(list));
  for (const JsonValue& item : fields.list(list, kShotsMax + 1)) {
    JsonFields one(item, body.errors);
    Shot shot;
    shot.prompt = one.text("prompt").value_or("");
    shot.duration = duration_field(one, given_key(one, {"duration", "seconds"}));
    one.any("index");  // they are in order
    one.refuse_unknown();
    spec.shots.push_back(std::move(shot));
  }
}

void add_fallback_models(VendorBody& body, JsonFields& fields, std::string_view list) {
  GenerationSpec& spec = body.submission.spec;
  if (fields.has(list)) body.submission.fields.add("/fallback_models", fields.pointer(list));
  for (const JsonValue& item : fields.list(list, kFallbackModelsMax)) {
    const auto* const name = item.value.get_ptr<const std::string*>();
    if (name == nullptr || name->empty() || name->size() > kModelBytesMax)
      fields.report_at(ErrorCode::invalid_argument, "must be the name of a model", item.pointer);
    else if (*name != spec.model)  // some list the first one too
      spec.fallback_models.push_back(*name);
  }
}

void set_first_frame(VendorBody& body, const PlacedSource& placed) {
  set_once(body, body.submission.spec.first_frame, "/first_frame", placed);
}

void set_last_frame(VendorBody& body, const PlacedSource& placed) {
  set_once(body, body.submission.spec.last_frame, "/last_frame", placed);
}

void set_extend(VendorBody& body, const PlacedSource& placed) {
  set_once(body, body.submission.spec.extend, "/extend", placed);
}

}  // namespace troupe::api
