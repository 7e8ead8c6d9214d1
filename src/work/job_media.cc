#include "work/job_media.h"

#include <algorithm>

#include "core/field_map.h"
#include "core/spec_json.h"

namespace troupe::work {
namespace {

constexpr size_t kToldViolations = 5;

// One message of all that is wrong: a job tells it long after the request was answered.
Error refused(const Job& job, const std::vector<catalog::Violation>& violations) {
  std::string text;
  for (size_t i = 0; i < std::min(violations.size(), kToldViolations); ++i) {
    const catalog::Violation& v = violations[i];
    const std::string field = callers_field(job, v.field);
    text += (i > 0 ? " " : "") + field + (field.empty() ? "" : ": ") + v.rule +
            (v.fix.empty() ? "" : " " + v.fix);
  }
  if (violations.size() > kToldViolations) {
    text += " And " + std::to_string(violations.size() - kToldViolations) + " more.";
  }
  return make_error(ErrorCode::invalid_argument, text, violations.front().field);
}

}  // namespace

std::string callers_field(const Job& job, const std::string& field) {
  return job.fields.empty() || field.empty() ? field : FieldMap::parse(job.fields).in_body(field);
}

Result<PreparedTake> prepare_job(const RunnerParts& parts, const Job& job, MediaReader& reader,
                                 const CancelToken& cancel, const std::string& stand_in) {
  ParsedSpec parsed = parse_spec(job.spec_json, job.spec_json.size());
  if (!parsed.errors.empty()) return parsed.errors.front();
  if (!stand_in.empty()) {
    parsed.spec.model = stand_in;
    parsed.spec.fallback_models.clear();
  }
  TROUPE_TRY(Preparation preparation,
             prepare(parts.catalog, std::move(parsed.spec), reader, parts.decoder, cancel));
  if (!preparation.take) return refused(job, preparation.violations);
  return std::move(*preparation.take);
}

}  // namespace troupe::work
