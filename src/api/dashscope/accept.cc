#include "api/body.h"
#include "api/dashscope/wire.h"
#include "api/vendor_fields.h"
#include "core/short_text.h"

namespace troupe::api::dashscope {
namespace {

void refuse_given(JsonFields& fields, std::initializer_list<const char*> keys, const char* why) {
  for (const char* key : keys)
    if (fields.any(key)) fields.report(ErrorCode::unsupported, why, key);
}

// One entry of "media": what it is, is said beside its address.
void read_medium(const JsonValue& item, VendorBody& body) {
  JsonFields fields(item, body.errors);
  const std::string type = fields.text("type").value_or("");
  require(fields, "url", "the address of the picture or clip");
  const auto placed = given_source(fields, "url");
  if (fields.any("reference_voice")) body.submission.ignored.emplace_back("input.media.reference_voice");
  if (!placed) return;
  if (type == "reference_image") {
    add_reference(body.submission, ReferenceKind::image, *placed);
  } else if (type == "reference_video") {
    add_reference(body.submission, ReferenceKind::element, *placed);
    Reference& reference = body.submission.spec.references.back();
    reference.clip = placed->source;
    reference.source = {};
  } else if (type == "first_frame") {
    set_first_frame(body, *placed);
  } else if (type == "last_frame") {
    set_last_frame(body, *placed);
  } else if (type == "first_clip") {
    set_extend(body, *placed);
  } else {
    fields.report(ErrorCode::unsupported,
                  troupe::quoted(type) +
                      " is not taken here: use reference_image, reference_video, first_frame, last_frame or "
                      "first_clip",
                  "type");
  }
}

void read_input(VendorBody& body, const JsonValue& item) {
  JsonFields fields(item, body.errors);
  Submission& submission = body.submission;
  submission.spec.prompt = fields.text("prompt").value_or("");
  submission.spec.negative_prompt = fields.text("negative_prompt").value_or("");
  for (const char* list : {"reference_urls", "reference_url", "reference_video_urls"})
    for (const PlacedSource& one : sources_field(fields, list)) {
      submission.fields.fold("/references", fields.pointer(list));
      add_reference(submission, ReferenceKind::element, one);
    }
  if (const auto frame = source_field(fields, given_key(fields, {"img_url", "first_frame_url"})))
    set_first_frame(body, *frame);
  if (const auto frame = source_field(fields, "last_frame_url")) set_last_frame(body, *frame);
  for (const JsonValue& medium : fields.list("media", kReferencesMax + 1)) {
    submission.fields.fold("/references", fields.pointer("media"));
    read_medium(medium, body);
  }
  refuse_given(fields, {"audio_url"}, "drives the video by sound, which no model here does: leave it out");
  refuse_given(fields, {"template", "function"},
               "is an effect of the vendor's own: describe it in the prompt");
  for (const std::string& key : fields.unknown()) submission.ignored.push_back("input." + key);
}

void read_parameters(VendorBody& body, const JsonValue& item) {
  JsonFields fields(item, body.errors);
  Submission& submission = body.submission;
  GenerationSpec& spec = submission.spec;
  const std::string_view size = given_key(fields, {"size", "resolution"});
  spec.resolution = resolution_field(fields, size);
  submission.fields.fold("/resolution", fields.pointer(size));
  spec.aspect_ratio = aspect_ratio_field(fields, "ratio");
  spec.duration = duration_field(fields, "duration");
  spec.seed = seed_field(fields, "seed");
  spec.audio = fields.boolean("audio");
  fields.integer("n", 1, 1);  // a task tells of one video
  spec.shot_type = shot_type_field(fields, "shot_type");
  for (const char* key : {"prompt_extend", "watermark"})
    if (fields.boolean(key).value_or(false)) submission.ignored.push_back(std::string("parameters.") + key);
  for (const std::string& key : fields.unknown()) submission.ignored.push_back("parameters." + key);
}

void name_fields(FieldMap& fields) {
  fields.fold("/model", "/model");
  for (const char* field : {"prompt", "negative_prompt", "references"})
    fields.fold(std::string("/") + field, std::string("/input/") + field);
  fields.fold("/references", "/input/reference_urls");
  fields.fold("/shots", "/input/prompt");
  fields.fold("/first_frame", "/input/img_url");
  fields.fold("/last_frame", "/input/last_frame_url");
  fields.fold("/extend", "/input/media");
  for (const char* field : {"duration", "seed", "audio", "shot_type"})
    fields.fold(std::string("/") + field, std::string("/parameters/") + field);
  fields.fold("/aspect_ratio", "/parameters/ratio");
  fields.fold("/count", "/parameters/n");
}

}  // namespace

Result<Submission> parse_create(std::string_view json, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::ignored, all, [](VendorBody& body) {
    name_fields(body.submission.fields);
    require(body.fields, "model", "the name of a model, such as wan2.6-r2v");
    require(body.fields, "input", "an object with the prompt");
    body.submission.spec.model = bounded_text(body.fields, "model", kModelBytesMax).value_or("");
    if (const auto input = body.fields.any("input")) read_input(body, *input);
    if (const auto parameters = body.fields.any("parameters")) read_parameters(body, *parameters);
  });
}

}  // namespace troupe::api::dashscope
