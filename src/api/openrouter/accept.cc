#include <array>

#include "api/body.h"
#include "api/openrouter/wire.h"
#include "api/vendor_fields.h"
#include "core/short_text.h"

namespace troupe::api::openrouter {
namespace {

// {"type": "image_url", "image_url": {"url"}}
std::optional<PlacedSource> read_part(JsonFields& fields) {
  const std::string type = fields.text("type").value_or("image_url");
  for (const char* kind : {"image_url", "video_url"}) {
    if (type != kind) continue;
    require(fields, kind, "an object with its url");
    return source_field(fields, kind);
  }
  fields.report(ErrorCode::unsupported,
                troupe::quoted(type) + " is not taken here: use image_url or video_url", "type");
  return std::nullopt;
}

void read_references(VendorBody& body) {
  body.submission.fields.fold("/references", "/input_references");
  for (const JsonValue& item : body.fields.list("input_references", kReferencesMax + 1)) {
    JsonFields fields(item, body.errors);
    const auto placed = read_part(fields);
    if (!placed) continue;
    add_reference(body.submission, ReferenceKind::image, *placed);
    Reference& reference = body.submission.spec.references.back();
    if (fields.text("type") == "video_url" && !reference.clip) {
      reference.kind = ReferenceKind::element;
      reference.clip = std::move(reference.source);
      reference.source = {};
    }
  }
}

void read_frames(VendorBody& body) {
  for (const JsonValue& item : body.fields.list("frame_images", 2)) {
    JsonFields fields(item, body.errors);
    const auto placed = read_part(fields);
    const std::string type = fields.text("frame_type").value_or("first_frame");
    if (!placed) continue;
    if (type == "last_frame") {
      set_last_frame(body, *placed);
    } else if (type == "first_frame") {
      set_first_frame(body, *placed);
    } else {
      fields.report(ErrorCode::invalid_argument, "must be \"first_frame\" or \"last_frame\"", "frame_type");
    }
  }
}

void name_fields(FieldMap& fields) {
  for (const char* field : {"model", "prompt", "duration", "resolution", "aspect_ratio", "seed"})
    fields.fold(std::string("/") + field, std::string("/") + field);
  fields.fold("/shots", "/prompt");
  fields.fold("/audio", "/generate_audio");
  fields.fold("/first_frame", "/frame_images");
  fields.fold("/last_frame", "/frame_images");
  fields.fold("/webhook_url", "/callback_url");
}

}  // namespace

Result<Submission> parse_create(std::string_view json, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::ignored, all, [](VendorBody& body) {
    JsonFields& fields = body.fields;
    GenerationSpec& spec = body.submission.spec;
    name_fields(body.submission.fields);
    require(fields, "model", "the name of a model, as GET /api/v1/videos/models lists them");
    require(fields, "prompt", "a text");
    spec.model = bounded_text(fields, "model", kModelBytesMax).value_or("");
    spec.prompt = fields.text("prompt").value_or("");
    spec.duration = duration_field(fields, "duration");
    spec.resolution = resolution_field(fields, given_key(fields, {"size", "resolution"}));
    spec.aspect_ratio = aspect_ratio_field(fields, "aspect_ratio");
    spec.seed = seed_field(fields, "seed");
    spec.audio = fields.boolean("generate_audio");
    body.submission.webhook_url = url_field(fields, "callback_url").value_or("");
    read_references(body);
    read_frames(body);
    add_fallback_models(body, fields, "models");
    for (const char* field : {"previous_job_id", "upscale_factor", "creativity"})
      if (fields.any(field)) fields.report(ErrorCode::unsupported, "is not taken here: leave it out", field);
    if (fields.any("provider")) body.submission.ignored.emplace_back("provider");
    for (const char* none : {"session_id", "user", "trace"}) fields.any(none);
  });
}

bool is_ours(std::string_view json) {
  constexpr std::array<std::string_view, 5> kOurs{"input_references", "frame_images", "callback_url",
                                                  "previous_job_id", "session_id"};
  const JsonDocument document = parse_json(json, kVendorBodyBytesMax, kVendorBodyDepthMax);
  if (!document.errors.empty() || !document.root.is_object()) return false;
  for (const std::string_view field : kOurs)
    if (document.root.contains(field)) return true;
  return false;
}

}  // namespace troupe::api::openrouter
