#include "api/body.h"
#include "api/pictory/wire.h"
#include "api/vendor_fields.h"

namespace troupe::api::pictory {
namespace {

constexpr const char* kUsualModel = "pixverse5.5";

void name_fields(FieldMap& fields) {
  fields.fold("/model", "/model");
  fields.fold("/prompt", "/prompt");
  fields.fold("/shots", "/prompt");
  fields.fold("/aspect_ratio", "/aspectRatio");
  fields.fold("/duration", "/duration");
  fields.fold("/references", "/referenceImageUrls");
  fields.fold("/first_frame", "/firstFrameImageUrl");
  fields.fold("/extend", "/extendVideoUrl");
  fields.fold("/webhook_url", "/webhook");
}

}  // namespace

Result<Submission> parse_video(std::string_view json, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::refused, all, [](VendorBody& body) {
    JsonFields& fields = body.fields;
    GenerationSpec& spec = body.submission.spec;
    name_fields(body.submission.fields);
    require(fields, "prompt", "a text of 5 to 5000 characters");
    spec.prompt = fields.text("prompt").value_or("");
    spec.model = bounded_text(fields, "model", kModelBytesMax).value_or(kUsualModel);
    spec.aspect_ratio = aspect_ratio_field(fields, "aspectRatio");
    spec.duration = duration_field(fields, "duration");
    for (const PlacedSource& image : sources_field(fields, "referenceImageUrls"))
      add_reference(body.submission, ReferenceKind::image, image);
    if (const auto frame = source_field(fields, "firstFrameImageUrl")) set_first_frame(body, *frame);
    if (const auto clip = source_field(fields, "extendVideoUrl")) set_extend(body, *clip);
    body.submission.webhook_url = url_field(fields, "webhook").value_or("");
  });
}

void fill_in(const catalog::Catalog& catalog, GenerationSpec& spec) {
  const auto model = catalog.find(spec.model, kDialect);
  if (!model) return;
  const catalog::AspectRules& ratios = (*model)->aspect_ratio;
  const catalog::DurationRules& durations = (*model)->duration;
  if (!spec.aspect_ratio && !ratios.choices.empty()) spec.aspect_ratio = ratios.choices.front();
  if (!spec.duration && !durations.choices.empty()) spec.duration = durations.choices.front();
}

}  // namespace troupe::api::pictory
