#include <nlohmann/json.hpp>

#include "api/body.h"
#include "api/failure.h"
#include "api/vendor_fields.h"
#include "api/vendor_json.h"
#include "api/xai/wire.h"

namespace troupe::api::xai {
namespace {

using Json = nlohmann::ordered_json;

// A dollar is 10^10 ticks.
constexpr int64_t kTicksPerMicro = 10'000;

void name_fields(FieldMap& fields) {
  for (const char* field : {"model", "prompt", "duration", "aspect_ratio", "resolution"})
    fields.fold(std::string("/") + field, std::string("/") + field);
  fields.fold("/references", "/reference_images");
  fields.fold("/first_frame", "/image");
}

// xAI names but one code of failed videos, "internal_error": the others are in its style.
std::string_view code_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::request:
    case FailureKind::rejected:
      return "invalid_argument";
    case FailureKind::moderated:
      return "content_moderated";
    case FailureKind::over_limit:
      return "rate_limit_exceeded";
    case FailureKind::no_credit:
      return "insufficient_credits";
    case FailureKind::outage:
      return "service_unavailable";
    case FailureKind::timeout:
      return "timeout";
    case FailureKind::unknown:
      return "unknown_outcome";
    case FailureKind::cancelled:
      return "cancelled";
    case FailureKind::internal:
      return "internal_error";
  }
  return "internal_error";
}

Json usage_of(const Job& job) {
  const bool dollars = job.charged.currency == Currency::usd;
  return {{"cost_in_usd_ticks", dollars ? job.charged.micros * kTicksPerMicro : 0}};
}

// Refused content is no failure there, but a video that is not given: only so do clients tell it apart.
void add_failure(Json& json, const Job& job) {
  const FailureKind kind = failure_kind(job);
  json["status"] = "failed";
  json["error"] = {{"code", code_of(kind)}, {"message", failure_text_with_class(job)}};
  if (kind != FailureKind::moderated) return;
  json["status"] = "done";
  json["progress"] = 100;
  json["video"] = {{"url", ""}, {"duration", 0}, {"respect_moderation", false}};
  json["usage"] = usage_of(job);
}

}  // namespace

Result<Submission> parse_generation(std::string_view json, std::vector<Error>* all) {
  return read_vendor_body(json, UnknownFields::ignored, all, [](VendorBody& body) {
    JsonFields& fields = body.fields;
    GenerationSpec& spec = body.submission.spec;
    name_fields(body.submission.fields);
    require(fields, "model", "the name of a model");
    require(fields, "prompt", "a text");
    spec.model = bounded_text(fields, "model", kModelBytesMax).value_or("");
    spec.prompt = fields.text("prompt").value_or("");
    spec.duration = duration_field(fields, "duration");
    spec.aspect_ratio = aspect_ratio_field(fields, "aspect_ratio");
    spec.resolution = resolution_field(fields, "resolution");
    if (const auto image = source_field(fields, "image")) set_first_frame(body, *image);
    for (const PlacedSource& one : sources_field(fields, "reference_images"))
      add_reference(body.submission, ReferenceKind::image, one);
    fields.any("user");
  });
}

std::string print_started(const Job& job) { return print_json(Json{{"request_id", job.id}}); }

Answer print_video(const Job& job, const std::string& video_url) {
  if (!is_final(job.state) && job.state != JobState::parked) {
    return {202, print_json(Json{{"status", "pending"},
                                 {"progress", static_cast<int>(job.progress.fraction * 100)}})};
  }
  Json json{{"model", job.model}, {"engine", job.engine}, {"draft", job.draft}};
  if (job.state != JobState::succeeded || job.takes.empty()) {
    add_failure(json, job);
    return {200, print_json(json)};
  }
  json["status"] = "done";
  json["progress"] = 100;
  json["video"] = {
      {"url", video_url}, {"duration", take_seconds(job.takes.front())}, {"respect_moderation", true}};
  json["usage"] = usage_of(job);
  return {200, print_json(json)};
}

}  // namespace troupe::api::xai
