#include "api/body.h"
#include "api/gateway/wire.h"
#include "api/vendor_fields.h"
#include "core/short_text.h"

namespace troupe::api::gateway {
namespace {

// {"type": "url", "url"} or {"type": "file", "mediaType", "data": base 64}.
std::optional<PlacedSource> read_file(const JsonValue& item, ErrorList& errors, bool* is_clip = nullptr) {
  JsonFields fields(item, errors);
  fields.any("providerOptions");
  const std::string type = fields.text("mediaType").value_or("");
  if (is_clip != nullptr) *is_clip = type.starts_with("video/");
  const bool inside = fields.text("type").value_or("") == "file" || fields.has("data");
  const std::string_view key = inside ? "data" : "url";
  require(fields, key, inside ? "the bytes as base 64" : "the address of a picture or clip");
  return given_source(fields, key);
}

void add_file_reference(VendorBody& body, const JsonValue& item) {
  bool is_clip = false;
  const auto placed = read_file(item, body.errors, &is_clip);
  if (!placed) return;
  add_reference(body.submission, ReferenceKind::image, *placed);
  Reference& reference = body.submission.spec.references.back();
  if (!is_clip || reference.clip) return;
  reference.kind = ReferenceKind::element;
  reference.clip = std::move(reference.source);
  reference.source = {};
}

void read_frames(VendorBody& body) {
  bool first = false;
  for (const JsonValue& item : body.fields.list("frameImages", 2)) {
    JsonFields fields(item, body.errors);
    const auto image = fields.any("image");
    const std::string type = fields.text("frameType").value_or("first_frame");
    const auto placed = image ? read_file(*image, body.errors) : std::nullopt;
    if (!image) require(fields, "image", "the picture");
    if (!placed) continue;
    if (type == "last_frame") {
      set_last_frame(body, *placed);
    } else if (type != "first_frame") {
      fields.report(ErrorCode::invalid_argument, "must be \"first_frame\" or \"last_frame\"", "frameType");
    } else {
      first = true;
      set_first_frame(body, *placed);
    }
  }
  // The client repeats the first frame here.
  const auto image = body.fields.any("image");
  if (!image || first) return;
  if (const auto placed = read_file(*image, body.errors)) set_first_frame(body, *placed);
}

void read_alibaba(VendorBody& body, JsonFields& options) {
  GenerationSpec& spec = body.submission.spec;
  const std::string_view urls = given_key(options, {"referenceUrls", "reference_urls"});
  if (options.has(urls)) body.submission.fields.fold("/references", options.pointer(urls));
  for (const PlacedSource& one : sources_field(options, urls))
    add_reference(body.submission, ReferenceKind::element, one);
  if (const auto type = options.text("shotType")) {
    if (*type == "single" || *type == "multi") {
      spec.shot_type = *type == "multi" ? ShotType::multi : ShotType::single;
    } else {
      options.report(ErrorCode::invalid_argument, "must be \"single\" or \"multi\"", "shotType");
    }
    body.submission.fields.fold("/shot_type", options.pointer("shotType"));
  }
  if (const auto text = options.text("negativePrompt")) {
    spec.negative_prompt = *text;
    body.submission.fields.fold("/negative_prompt", options.pointer("negativePrompt"));
  }
  if (const auto audio = options.boolean("audio")) {
    spec.audio = audio;
    body.submission.fields.fold("/audio", options.pointer("audio"));
  }
  options.any("pollIntervalMs");  // of the client itself
  options.any("pollTimeoutMs");
}

void read_kling_shots(VendorBody& body, JsonFields& options) {
  if (options.has("multiPrompt")) add_shots(body, options, "multiPrompt");
  const auto& shots = body.submission.spec.shots;
  const bool multi = options.boolean("multiShot").value_or(!shots.empty());
  if (!multi && !shots.empty())
    options.report(ErrorCode::invalid_argument, "has shots, but multiShot is false", "multiPrompt");
  const auto type = options.text("shotType");
  // "intelligence" leaves the shots to the model; "customize" spells them out.
  if (multi && shots.empty() && (!type || *type == "intelligence" || *type == "intelligent"))
    body.submission.spec.shot_type = ShotType::multi;
  if (type) body.submission.fields.fold("/shot_type", options.pointer("shotType"));
}

void read_kling(VendorBody& body, JsonFields& options) {
  GenerationSpec& spec = body.submission.spec;
  read_kling_shots(body, options);
  // As there, the shots' own count.
  if (!spec.shots.empty() && !spec.prompt.empty()) body.submission.ignored.emplace_back("prompt");
  if (!spec.shots.empty()) spec.prompt.clear();
  if (const auto text = options.text("negativePrompt")) {
    spec.negative_prompt = *text;
    body.submission.fields.fold("/negative_prompt", options.pointer("negativePrompt"));
  }
  if (const auto sound = switch_field(options, "sound", "on", "off")) {
    spec.audio = sound;
    body.submission.fields.fold("/audio", options.pointer("sound"));
  }
  if (const auto tail = source_field(options, "imageTail")) set_last_frame(body, *tail);
  for (const char* list : {"elementList", "voiceList", "videoList"})
    if (options.has(list)) {
      options.any(list);
      options.report(ErrorCode::unsupported,
                     "names things of Kling's own library: give pictures as inputReferences", list);
    }
  options.any("pollIntervalMs");
  options.any("pollTimeoutMs");
}

void read_xai(VendorBody& body, JsonFields& options) {
  if (options.has("referenceImageUrls"))
    body.submission.fields.fold("/references", options.pointer("referenceImageUrls"));
  for (const PlacedSource& one : sources_field(options, "referenceImageUrls"))
    add_reference(body.submission, ReferenceKind::image, one);
  if (const auto tier = resolution_field(options, "resolution")) {
    body.submission.spec.resolution = tier;
    body.submission.fields.fold("/resolution", options.pointer("resolution"));
  }
  options.any("pollIntervalMs");
  options.any("pollTimeoutMs");
}

void read_provider_options(VendorBody& body) {
  const auto all = body.fields.any("providerOptions");
  if (!all) return;
  JsonFields providers(*all, body.errors);
  const auto read = [&](const char* name, void (*reader)(VendorBody&, JsonFields&)) {
    const auto item = providers.any(name);
    if (!item) return;
    JsonFields options(*item, body.errors);
    reader(body, options);
    for (const std::string& key : options.unknown())
      body.submission.ignored.push_back("providerOptions." + std::string(name) + "." + key);
  };
  read("alibaba", read_alibaba);
  read("klingai", read_kling);
  read("xai", read_xai);
  if (const auto item = providers.any("gateway")) {
    JsonFields options(*item, body.errors);
    add_fallback_models(body, options, "models");  // all else is where it would be sent: here
  }
  for (const std::string& name : providers.unknown())
    body.submission.ignored.push_back("providerOptions." + name);
}

void name_fields(FieldMap& fields) {
  fields.fold("/prompt", "/prompt");
  fields.fold("/shots", "/prompt");
  fields.fold("/duration", "/duration");
  fields.fold("/resolution", "/resolution");
  fields.fold("/aspect_ratio", "/aspectRatio");
  fields.fold("/fps", "/fps");
  fields.fold("/seed", "/seed");
  fields.fold("/audio", "/generateAudio");
  fields.fold("/count", "/n");
  fields.fold("/model", "/model");
  fields.fold("/references", "/inputReferences");
  fields.fold("/first_frame", "/image");
  fields.fold("/last_frame", "/frameImages");
  fields.fold("/webhook_url", "/callbackUrl");
}

void read_settings(VendorBody& body) {
  JsonFields& fields = body.fields;
  GenerationSpec& spec = body.submission.spec;
  spec.prompt = fields.text("prompt").value_or("");
  spec.count = fields.integer("n", 1, kCountMax).value_or(1);
  spec.duration = duration_field(fields, "duration");
  spec.aspect_ratio = aspect_ratio_field(fields, "aspectRatio");
  spec.resolution = resolution_field(fields, "resolution");
  if (const auto fps = fields.any("fps")) {
    const auto rate =
        parse_frame_rate(fps->value.is_string() ? fps->value.get<std::string>() : fps->value.dump());
    if (rate) spec.fps = *rate;
    if (!rate) fields.report(rate.error().code, rate.error().message, "fps");
  }
  spec.seed = seed_field(fields, "seed");
  spec.audio = fields.boolean("generateAudio");
  body.submission.webhook_url = url_field(fields, "callbackUrl").value_or("");
}

}  // namespace

Result<Submission> parse_video(std::string_view json, std::string_view model, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::ignored, all, [&](VendorBody& body) {
    name_fields(body.submission.fields);
    body.submission.spec.model = model;
    if (model.empty())
      body.errors.add(ErrorCode::invalid_argument,
                      "The header ai-model-id is missing: it names the model, such as alibaba/wan-v2.6-r2v.",
                      "/model");
    read_settings(body);
    for (const JsonValue& item : body.fields.list("inputReferences", kReferencesMax + 1))
      add_file_reference(body, item);
    read_frames(body);
    read_provider_options(body);
  });
}

Result<std::string> parse_status(std::string_view json, std::vector<Error>* all) {
  return read_small_body<std::string>(json, all, [](SmallBody& body) {
    const auto operation = body.fields.any("operation");
    require(body.fields, "operation", "what /video-model/start answered");
    if (operation && operation->value.is_string()) return operation->value.get<std::string>();
    if (!operation) return std::string();
    JsonFields fields(*operation, body.errors);
    require(fields, "gatewayJobId", "what /video-model/start answered");
    return fields.text("gatewayJobId").value_or("");
  });
}

}  // namespace troupe::api::gateway
