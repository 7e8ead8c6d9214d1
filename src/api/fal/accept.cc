#include "api/body.h"
#include "api/fal/wire.h"
#include "api/vendor_fields.h"

namespace troupe::api::fal {
namespace {

// Every model of the catalog, by its id, for programs that have no other way to name one.
constexpr std::string_view kOurs = "fal-ai/troupe/";

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    if (end > 0) segments.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

void read_references(VendorBody& body) {
  JsonFields& fields = body.fields;
  Submission& submission = body.submission;
  submission.fields.fold("/references", fields.has("elements") ? "/elements" : "/image_urls");
  for (const JsonValue& item : fields.list("elements", kReferencesMax + 1)) add_element(body, item);
  for (const PlacedSource& one : sources_field(fields, "image_urls"))
    add_reference(submission, ReferenceKind::scene, one);
  for (const PlacedSource& one : sources_field(fields, "video_urls"))
    add_reference(submission, ReferenceKind::element, one);
  if (const auto frame = source_field(fields, given_key(fields, {"start_image_url", "image_url"})))
    set_first_frame(body, *frame);
  if (const auto frame = source_field(fields, given_key(fields, {"end_image_url", "tail_image_url"})))
    set_last_frame(body, *frame);
}

void read_shots(VendorBody& body) {
  JsonFields& fields = body.fields;
  add_shots(body, fields, "multi_prompt");
  body.submission.fields.fold("/shot_type", "/shot_type");
  body.submission.spec.shot_type = shot_type_field(fields, "shot_type");
}

void name_fields(FieldMap& fields) {
  for (const char* field : {"prompt", "negative_prompt", "duration", "aspect_ratio", "resolution", "seed"})
    fields.fold(std::string("/") + field, std::string("/") + field);
  fields.fold("/audio", "/generate_audio");
  fields.fold("/first_frame", "/start_image_url");
  fields.fold("/last_frame", "/end_image_url");
  fields.fold("/model", "/model");
}

}  // namespace

std::optional<Target> parse_target(std::string_view path) {
  using What = Target::What;
  const std::vector<std::string> parts = segments_of(path);
  if (parts.size() < 2) return std::nullopt;
  Target target;
  target.app = parts[0] + "/" + parts[1];
  if (parts.size() < 4 || parts[2] != "requests") {
    for (const std::string& part : parts) target.model += (target.model.empty() ? "" : "/") + part;
    return target;
  }
  target.request_id = parts[3];
  if (parts.size() == 4)
    target.what = What::result;
  else if (parts.size() == 5 && parts[4] == "status")
    target.what = What::status;
  else if (parts.size() == 5 && parts[4] == "cancel")
    target.what = What::cancel;
  else if (parts.size() == 6 && parts[4] == "status" && parts[5] == "stream")
    target.what = What::stream;
  else
    return std::nullopt;
  return target;
}

Result<Submission> parse_input(std::string_view json, std::string_view model, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::ignored, all, [&](VendorBody& body) {
    JsonFields& fields = body.fields;
    GenerationSpec& spec = body.submission.spec;
    name_fields(body.submission.fields);
    spec.model = model.starts_with(kOurs) ? model.substr(kOurs.size()) : model;
    spec.prompt = fields.text("prompt").value_or("");
    spec.negative_prompt = fields.text("negative_prompt").value_or("");
    spec.duration = duration_field(fields, "duration");
    spec.aspect_ratio = aspect_ratio_field(fields, "aspect_ratio");
    spec.resolution = resolution_field(fields, "resolution");
    spec.audio = fields.boolean("generate_audio");
    spec.seed = seed_field(fields, "seed");
    read_references(body);
    read_shots(body);
  });
}

}  // namespace troupe::api::fal
