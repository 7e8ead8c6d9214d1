#include "api/body.h"
#include "api/vendor_fields.h"
#include "api/venice/wire.h"
#include "core/short_text.h"

namespace troupe::api::venice {
namespace {

// Understood, and of no meaning here: what they ask for is done by no model of the catalog, or always.
constexpr const char* kWithoutMeaning[] = {"bitrate_mode", "consents"};
// They would change what is made: refused, rather than passed over.
constexpr const char* kNotTaken[] = {"audio_url", "reference_audio_urls", "reference_document_urls",
                                     "keyframes", "upscale_factor"};

void read_references(VendorBody& body) {
  JsonFields& fields = body.fields;
  Submission& submission = body.submission;
  for (const JsonValue& item : fields.list("elements", kReferencesMax + 1)) add_element(body, item);
  const std::string_view scenes = given_key(fields, {"scene_image_urls", "image_urls"});
  for (const PlacedSource& scene : sources_field(fields, scenes))
    add_reference(submission, ReferenceKind::scene, scene);
  const std::string_view flat =
      given_key(fields, {"reference_image_urls", "referenceImageUrls", "imageUrls"});
  for (const PlacedSource& image : sources_field(fields, flat))
    add_reference(submission, ReferenceKind::image, image);
  for (const PlacedSource& clip : sources_field(fields, "reference_video_urls")) {
    add_reference(submission, ReferenceKind::element, clip);
    Reference& reference = submission.spec.references.back();
    reference.clip = clip.source;
    reference.source = {};
  }
  const char* whole = fields.has("elements") ? "/elements" : nullptr;
  const std::string lists = whole ? whole : "/" + std::string(fields.has(scenes) ? scenes : flat);
  submission.fields.fold("/references", lists);
}

void read_frames(VendorBody& body) {
  JsonFields& fields = body.fields;
  if (const auto frame = source_field(fields, given_key(fields, {"image_url", "imageUrl"})))
    set_first_frame(body, *frame);
  if (const auto frame = source_field(fields, given_key(fields, {"end_image_url", "endImageUrl"})))
    set_last_frame(body, *frame);
  const auto task = fields.text("omni_reference_task_type");
  const auto clip = source_field(fields, "video_url");
  if (!clip) return;
  if (task == "extend") {
    set_extend(body, *clip);
  } else {
    fields.report(ErrorCode::invalid_argument,
                  "is only taken to be gone on with: add \"omni_reference_task_type\": \"extend\"",
                  "video_url");
  }
}

void read_settings(VendorBody& body) {
  JsonFields& fields = body.fields;
  GenerationSpec& spec = body.submission.spec;
  spec.negative_prompt = fields.text("negative_prompt").value_or("");
  const std::string_view duration = given_key(fields, {"duration"});
  spec.duration = duration_field(fields, duration);
  const std::string_view ratio = given_key(fields, {"aspect_ratio", "aspectRatio"});
  spec.aspect_ratio = aspect_ratio_field(fields, ratio);
  body.submission.fields.fold("/aspect_ratio", fields.pointer(ratio));
  spec.resolution = resolution_field(fields, "resolution");
  spec.audio = fields.boolean("audio");
  spec.seed = seed_field(fields, "seed");
  for (const char* field : kNotTaken)
    if (fields.any(field))
      fields.report(ErrorCode::unsupported, "is not something that a model here takes: leave it out", field);
  for (const char* field : kWithoutMeaning)
    if (fields.any(field)) body.submission.ignored.emplace_back(field);
}

void name_fields(FieldMap& fields) {
  for (const char* field :
       {"model", "prompt", "negative_prompt", "duration", "aspect_ratio", "resolution", "audio", "seed"})
    fields.fold(std::string("/") + field, std::string("/") + field);
  fields.fold("/shots", "/prompt");  // they are written in it
  fields.fold("/shot_type", "/prompt");
  fields.fold("/extend", "/video_url");
  fields.fold("/first_frame", "/image_url");
  fields.fold("/last_frame", "/end_image_url");
}

}  // namespace

Result<Submission> parse_queue(std::string_view json, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::refused, all, [](VendorBody& body) {
    name_fields(body.submission.fields);
    require(body.fields, "model", "the name of a model, as GET /api/v1/models?type=video lists them");
    require(body.fields, "prompt", "a text");
    body.submission.spec.model = bounded_text(body.fields, "model", kModelBytesMax).value_or("");
    body.submission.spec.prompt = body.fields.text("prompt").value_or("");
    read_references(body);
    read_frames(body);
    read_settings(body);
  });
}

Result<QuoteRequest> parse_quote(std::string_view json, std::vector<Error>* all) {
  QuoteRequest quote;
  const auto read = read_vendor_body(json, UnknownFields::ignored, all, [&](VendorBody& body) {
    require(body.fields, "model", "the name of a model");
    quote.model = bounded_text(body.fields, "model", kModelBytesMax).value_or("");
    quote.duration = duration_field(body.fields, "duration");
    quote.resolution = resolution_field(body.fields, "resolution");
    quote.audio = body.fields.boolean("audio");
  });
  if (!read) return read.error();
  return quote;
}

Result<Retrieval> parse_retrieval(std::string_view json, std::vector<Error>* all) {
  return read_small_body<Retrieval>(json, all, [](SmallBody& body) {
    Retrieval retrieval;
    const std::string_view key = given_key(body.fields, {"queue_id", "id"});
    require(body.fields, key, "the queue_id that /video/queue answered");
    retrieval.queue_id = bounded_text(body.fields, key, kModelBytesMax).value_or("");
    retrieval.delete_media = body.fields.boolean("delete_media_on_completion").value_or(false);
    body.fields.any("model");  // the job knows its own
    return retrieval;
  });
}

bool wants_json(std::string_view accept, std::string_view user_agent) {
  return equal_ignoring_case(trim(accept), "application/json") || user_agent.starts_with("venice-cli/") ||
         user_agent.starts_with("@veniceai/mcp-server");
}

}  // namespace troupe::api::venice
