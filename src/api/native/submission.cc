#include <array>

#include "api/body.h"
#include "api/native/member_text.h"
#include "api/native/wire.h"
#include "core/short_text.h"
#include "core/spec_json.h"

namespace troupe::api::native {
namespace {

constexpr std::string_view kSpec = "spec";
constexpr const char* kSpecPointer = "/spec";
constexpr std::array<std::string_view, 4> kEnvelopeFields{kSpec, "priority", "webhook_url", "metadata"};
constexpr std::array<std::string_view, 3> kPriorities{"low", "normal", "high"};
constexpr int kNormal = 1;  // its place in kPriorities: lane 0

bool is_envelope(const nlohmann::json& root) {
  if (!root.is_object()) return false;
  for (const std::string_view field : kEnvelopeFields)
    if (root.contains(field)) return true;
  return false;
}

int read_lane(JsonFields& fields) {
  const auto text = fields.text("priority");
  if (!text) return 0;
  for (size_t i = 0; i < kPriorities.size(); ++i)
    if (*text == kPriorities[i]) return static_cast<int>(i) - kNormal;
  fields.report(ErrorCode::invalid_argument,
                troupe::quoted(*text) + " is no priority: write \"low\", \"normal\" or \"high\"", "priority");
  return 0;
}

std::string read_metadata(JsonFields& fields, std::string_view json) {
  const auto item = fields.any("metadata");
  if (!item) return "";
  const std::string_view text = member_text(json, "metadata");
  if (!item->value.is_object()) {
    fields.report(ErrorCode::invalid_argument, "must be an object, but is " + type_name(item->value),
                  "metadata");
  } else if (text.size() > kMetadataBytesMax) {
    fields.report(ErrorCode::over_limit,
                  "has " + std::to_string(text.size()) + " bytes; at most " +
                      std::to_string(kMetadataBytesMax) + " are allowed",
                  "metadata");
  }
  return std::string(text);
}

/// Reads the spec's own text, so that its errors are those of the command line too.
GenerationSpec read_spec(std::string_view text, const std::string& pointer, std::vector<Error>& errors) {
  ParsedSpec parsed = parse_spec(text, kSubmissionBytesMax);
  for (Error& error : parsed.errors) {
    if (errors.size() >= kBodyErrorsMax) break;
    error.field = pointer + error.field;
    errors.push_back(std::move(error));
  }
  return std::move(parsed.spec);
}

/// Everything beside the spec.
Submission read_envelope(const nlohmann::json& root, std::string_view json, std::vector<Error>& found) {
  ErrorList errors(kBodyErrorsMax);
  JsonFields fields({root, ""}, errors);
  Submission submission;
  submission.fields.add("", kSpecPointer);
  submission.fields.add("/webhook_url", "/webhook_url");
  const auto spec = fields.any(kSpec);
  if (!spec) fields.report(ErrorCode::invalid_argument, "is missing: put the request into it", kSpec);
  submission.lane = read_lane(fields);
  submission.webhook_url = url_field(fields, "webhook_url").value_or("");
  submission.metadata_json = read_metadata(fields, json);
  fields.refuse_unknown();
  found = std::move(errors).take();
  return submission;
}

}  // namespace

Result<Submission> parse_submission(std::string_view json, std::vector<Error>* all) {
  JsonDocument document = parse_json(json, kSubmissionBytesMax, kSpecJsonDepthMax + 1);
  if (!document.errors.empty()) return refuse(std::move(document.errors), all);
  Submission submission;
  std::vector<Error> errors;
  std::string_view spec = json;
  std::string pointer;
  if (is_envelope(document.root)) {
    submission = read_envelope(document.root, json, errors);
    pointer = kSpecPointer;
    const auto given = document.root.find(kSpec);
    spec = given == document.root.end() || given->is_null() ? "" : member_text(json, kSpec);
  }
  if (pointer.empty()) submission.fields.add("", "");
  document.root = nullptr;  // the spec may be large: not two trees of it at once
  if (!spec.empty()) submission.spec = read_spec(spec, pointer, errors);
  if (!errors.empty()) return refuse(std::move(errors), all);
  return submission;
}

std::string_view priority_name(int lane) {
  return kPriorities[lane < 0 ? 0 : lane > 0 ? kPriorities.size() - 1 : kNormal];
}

Result<Promotion> parse_promotion(std::string_view json, std::vector<Error>* all) {
  return read_small_body<Promotion>(json, all, [](SmallBody& body) {
    require(body.fields, "model", "the name of the model that is to render it");
    const auto model = bounded_text(body.fields, "model", kModelBytesMax);
    if (model == "")
      body.fields.report(ErrorCode::invalid_argument, "is empty: give the name of a model", "model");
    return Promotion{model.value_or("")};
  });
}

Result<Cancellation> parse_cancellation(std::string_view json, std::vector<Error>* all) {
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) return Cancellation();
  return read_small_body<Cancellation>(json, all, [](SmallBody& body) {
    return Cancellation{body.fields.boolean("abandon").value_or(false)};
  });
}

}  // namespace troupe::api::native
