#include "api/body.h"
#include "api/openai/wire.h"
#include "api/vendor_fields.h"

namespace troupe::api::openai {
namespace {

constexpr const char* kUsualModel = "sora-2";

void read_references(VendorBody& body) {
  JsonFields& fields = body.fields;
  if (const auto elements = fields.any("elements")) {
    body.submission.fields.fold("/references", "/elements");
    if (elements->value.is_array()) {
      for (const JsonValue& item : fields.list("elements", kReferencesMax + 1)) add_element(body, item);
    } else {
      add_element(body, *elements);
    }
  }
  const auto add = [&](std::initializer_list<std::string_view> keys, ReferenceKind kind) {
    const std::string_view key = given_key(fields, keys);
    for (const PlacedSource& one : sources_field(fields, key)) {
      body.submission.fields.fold("/references", "/" + std::string(key));
      add_reference(body.submission, kind, one);
    }
  };
  add({"scene_images", "scene_image_urls"}, ReferenceKind::scene);
  add({"reference_images", "reference_image_urls", "image_reference"}, ReferenceKind::image);
  add({"reference_videos", "video_reference"}, ReferenceKind::element);
}

// A file, an address, {"image_url"} or {"file_id"}; of several files the rest are reference images.
void read_input_reference(VendorBody& body) {
  const auto item = body.fields.any("input_reference");
  if (!item) return;
  if (item->value.is_object()) {
    JsonFields fields(*item, body.errors);
    if (const auto image = source_field(fields, given_key(fields, {"image_url", "url"})))
      set_first_frame(body, *image);
    if (const auto file = fields.text("file_id"))
      set_first_frame(body, {{"upload:" + *file}, fields.pointer("file_id")});
    fields.refuse_unknown();
    return;
  }
  const auto sources = sources_field(body.fields, "input_reference");
  if (sources.size() == 1) set_first_frame(body, sources.front());
  if (sources.size() > 1)
    for (const PlacedSource& one : sources) add_reference(body.submission, ReferenceKind::image, one);
}

void read_settings(VendorBody& body) {
  JsonFields& fields = body.fields;
  GenerationSpec& spec = body.submission.spec;
  const auto named = [&](const char* part, std::initializer_list<std::string_view> keys) {
    const std::string_view key = given_key(fields, keys);
    body.submission.fields.fold(part, fields.pointer(key));
    return key;
  };
  spec.duration = duration_field(fields, named("/duration", {"seconds", "duration"}));
  spec.resolution = resolution_field(fields, named("/resolution", {"size", "resolution"}));
  spec.aspect_ratio = aspect_ratio_field(fields, "aspect_ratio");
  spec.negative_prompt = fields.text("negative_prompt").value_or("");
  spec.seed = seed_field(fields, "seed");
  spec.audio = switch_field(fields, named("/audio", {"audio", "generate_audio"}), "true", "false");
  if (const auto fps = fields.any("fps")) {
    const auto rate =
        parse_frame_rate(fps->value.is_string() ? fps->value.get<std::string>() : fps->value.dump());
    if (rate) spec.fps = *rate;
    if (!rate) fields.report(rate.error().code, rate.error().message, "fps");
  }
  if (const auto last = source_field(fields, "last_frame")) set_last_frame(body, *last);
  // Of engines that count steps; and of whoever keeps accounts of their own users.
  for (const char* field : {"user", "num_inference_steps", "guidance_scale", "flow_shift", "metadata"})
    if (fields.any(field)) body.submission.ignored.emplace_back(field);
  if (const auto url = url_field(fields, "webhook_url")) body.submission.webhook_url = *url;
}

void name_fields(FieldMap& fields) {
  for (const char* field :
       {"model", "prompt", "negative_prompt", "aspect_ratio", "seed", "fps", "last_frame", "webhook_url"})
    fields.fold(std::string("/") + field, std::string("/") + field);
  fields.fold("/references", "/input_reference");
  fields.fold("/first_frame", "/input_reference");
  fields.fold("/extend", "/video");
}

}  // namespace

Result<Submission> parse_create(std::string_view json, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::refused, all, [](VendorBody& body) {
    name_fields(body.submission.fields);
    if (!body.fields.has("shots") && !body.fields.has("multi_prompt"))
      require(body.fields, "prompt", "a text");
    body.submission.spec.prompt = body.fields.text("prompt").value_or("");
    body.submission.spec.model = bounded_text(body.fields, "model", kModelBytesMax).value_or(kUsualModel);
    read_references(body);
    read_input_reference(body);
    add_shots(body, body.fields, given_key(body.fields, {"shots", "multi_prompt"}));
    read_settings(body);
  });
}

Result<Change> parse_change(std::string_view json, std::vector<Error>* all) {
  Change change;
  const auto read = read_vendor_body(json, UnknownFields::refused, all, [&](VendorBody& body) {
    require(body.fields, "prompt", "a text");
    change.prompt = body.fields.text("prompt").value_or("");
    change.seconds = duration_field(body.fields, "seconds");
    change.model = bounded_text(body.fields, "model", kModelBytesMax).value_or("");
    const auto video = body.fields.any("video");
    if (!video) return;
    if (video->value.is_object()) {
      JsonFields fields(*video, body.errors);
      change.video_id = bounded_text(fields, "id", kModelBytesMax).value_or("");
      if (const auto url = source_field(fields, "url")) change.video = url->source;
      return;
    }
    if (const auto source = source_field(body.fields, "video")) change.video = source->source;
  });
  if (!read) return read.error();
  return change;
}

Result<NewCharacter> parse_character(std::string_view json, std::vector<Error>* all) {
  NewCharacter character;
  const auto read = read_vendor_body(json, UnknownFields::refused, all, [&](VendorBody& body) {
    require(body.fields, "name", "what prompts are to call it");
    require(body.fields, "video", "a clip that shows it");
    const auto name = bounded_text(body.fields, "name", kModelBytesMax);
    character.name = name.value_or("");
    if (name == "")
      body.fields.report(ErrorCode::invalid_argument, "is empty: say what prompts are to call it", "name");
    if (const auto video = given_source(body.fields, "video")) character.video = video->source;
  });
  if (!read) return read.error();
  return character;
}

}  // namespace troupe::api::openai
