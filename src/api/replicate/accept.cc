#include "api/body.h"
#include "api/replicate/wire.h"
#include "api/vendor_fields.h"

namespace troupe::api::replicate {
namespace {

void read_references(VendorBody& body, JsonFields& input) {
  Submission& submission = body.submission;
  const auto add = [&](std::initializer_list<std::string_view> keys, ReferenceKind kind) {
    const std::string_view key = given_key(input, keys);
    for (const PlacedSource& one : sources_field(input, key)) {
      submission.fields.fold("/references", input.pointer(key));
      add_reference(submission, kind, one);
    }
  };
  submission.fields.fold("/references", "/input/reference_images");
  for (const JsonValue& item : input.list("elements", kReferencesMax + 1)) {
    submission.fields.fold("/references", "/input/elements");
    add_element(body, item);
  }
  add({"scene_images", "scene_image_urls"}, ReferenceKind::scene);
  add({"reference_images", "reference_image_urls", "image_urls"}, ReferenceKind::image);
  add({"reference_videos", "reference_video"}, ReferenceKind::element);
  if (const auto frame = source_field(input, given_key(input, {"start_image", "image", "first_frame_image"})))
    set_first_frame(body, *frame);
  if (const auto frame =
          source_field(input, given_key(input, {"end_image", "last_frame", "last_frame_image"})))
    set_last_frame(body, *frame);
}

void read_input(VendorBody& body, const JsonValue& item) {
  JsonFields input(item, body.errors);
  Submission& submission = body.submission;
  GenerationSpec& spec = submission.spec;
  for (const char* field :
       {"prompt", "negative_prompt", "duration", "aspect_ratio", "resolution", "seed", "shot_type"})
    submission.fields.fold(std::string("/") + field, std::string("/input/") + field);
  submission.fields.fold("/audio", "/input/generate_audio");
  submission.fields.fold("/first_frame", "/input/start_image");
  submission.fields.fold("/last_frame", "/input/end_image");
  spec.prompt = input.text("prompt").value_or("");
  spec.negative_prompt = input.text("negative_prompt").value_or("");
  spec.duration = duration_field(input, "duration");
  spec.aspect_ratio = aspect_ratio_field(input, "aspect_ratio");
  spec.resolution = resolution_field(input, given_key(input, {"resolution", "size"}));
  spec.seed = seed_field(input, "seed");
  spec.audio = input.boolean(given_key(input, {"generate_audio", "audio"}));
  add_shots(body, input, "multi_prompt");
  spec.shot_type = shot_type_field(input, "shot_type");
  read_references(body, input);
  for (const std::string& key : input.unknown()) submission.ignored.push_back("input." + key);
}

// "owner/name:version": the name counts.
std::string name_of(std::string_view model) {
  const std::string_view named = model.substr(0, model.find(':'));
  const size_t slash = named.find('/');
  return std::string(slash == std::string_view::npos ? named : named.substr(slash + 1));
}

}  // namespace

Result<Submission> parse_prediction(std::string_view json, std::string_view model, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::ignored, all, [&](VendorBody& body) {
    JsonFields& fields = body.fields;
    const std::string_view key = given_key(fields, {"model", "version"});
    const auto named = bounded_text(fields, key, kModelBytesMax);
    body.submission.spec.model = name_of(model.empty() ? named.value_or("") : model);
    body.submission.fields.fold("/model", "/" + std::string(key));
    if (model.empty()) require(fields, key, "owner/name of a model");
    require(fields, "input", "an object with the prompt");
    if (const auto input = fields.any("input")) read_input(body, *input);
    body.submission.webhook_url = url_field(fields, "webhook").value_or("");
    body.submission.fields.fold("/webhook_url", "/webhook");
    // The end is told, whatever it says.
    if (fields.any("webhook_events_filter")) body.submission.ignored.emplace_back("webhook_events_filter");
    fields.any("stream");
  });
}

}  // namespace troupe::api::replicate
